// Regime: C++ (may throw, never calls Postgres)
//
// Lines of SHOW GRANTS as both servers write them.
#include "mysql/grants.hpp"

#include <gtest/gtest.h>

namespace alkconv::mysql {
namespace {

TEST(Grants, OfLocksCountOnTheDatabase) {
	EXPECT_TRUE(MayHoldWriters({"GRANT ALL PRIVILEGES ON *.* TO `root`@`%` WITH GRANT OPTION"}, "shop"));
	EXPECT_TRUE(
		MayHoldWriters({"GRANT USAGE ON *.* TO `a`@`%`", "GRANT SELECT, LOCK TABLES ON `shop`.* TO `a`@`%`"}, "shop"));
	EXPECT_TRUE(MayHoldWriters({"GRANT SELECT, RELOAD, PROCESS ON *.* TO `a`@`%`"}, "shop"));
	EXPECT_TRUE(MayHoldWriters({"GRANT LOCK TABLES ON `my\\_shop`.* TO `a`@`%`"}, "my_shop"));
	EXPECT_TRUE(MayHoldWriters({"GRANT ALL PRIVILEGES ON `sh%`.* TO `a`@`%`"}, "shop"));
	EXPECT_TRUE(MayHoldWriters({"GRANT LOCK TABLES ON `we``ird`.* TO `a`@`%`"}, "we`ird"));
	EXPECT_FALSE(MayHoldWriters({"GRANT SELECT, LOCK TABLES ON `other`.* TO `a`@`%`"}, "shop"));
	EXPECT_FALSE(MayHoldWriters({"GRANT SELECT ON *.* TO `a`@`%`"}, "shop"));
	EXPECT_FALSE(MayHoldWriters({"GRANT ALL PRIVILEGES ON `shop`.`t` TO `a`@`%`"}, "shop"));
	EXPECT_FALSE(MayHoldWriters({"GRANT `role`@`%` TO `a`@`%`"}, "shop"));
	EXPECT_FALSE(MayHoldWriters({}, "shop"));
}

} // namespace
} // namespace alkconv::mysql
