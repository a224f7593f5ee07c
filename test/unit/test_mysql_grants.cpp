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

struct Sight {
	std::vector<std::string> grants;
	bool database;
	std::vector<std::string> tables;
};

TEST(Grants, SelectOnAllOrOnSomeTables) {
	const Sight sights[] = {
		{{"GRANT SELECT ON *.* TO `a`@`%`"}, true, {}},
		{{"GRANT ALL PRIVILEGES ON `my\\_shop`.* TO `a`@`%`"}, true, {}},
		{{"GRANT USAGE ON *.* TO `a`@`%`", "GRANT SELECT ON `my_shop`.* TO `a`@`%`"}, true, {}},
		{{"GRANT USAGE ON *.* TO `a`@`%`", "GRANT SELECT ON `my\\_sho`.* TO `a`@`%`"}, false, {}},
		{{"GRANT INSERT, UPDATE ON `my_shop`.* TO `a`@`%`"}, false, {}},
		{{"GRANT SELECT ON `my_shop`.`t` TO `a`@`%`", "GRANT SELECT (`id`, `ON `), INSERT ON `my_shop`.`u` TO `a`@`%`"},
		 false,
		 {"t"}},
		{{"GRANT SELECT (`a, b`) ON `my_shop`.`t` TO `a`@`%`", "GRANT SELECT ON `other`.`u` TO `a`@`%`"}, false, {}},
		{{"GRANT ALL PRIVILEGES ON `my_shop`.`we``ird` TO `a`@`%` WITH GRANT OPTION"}, false, {"we`ird"}},
		{{"GRANT EXECUTE ON PROCEDURE `my_shop`.`p` TO `a`@`%`", "GRANT `role`@`%` TO `a`@`%`",
		  "GRANT PROXY ON ``@`%` TO `a`@`%`"},
		 false,
		 {}},
		// a partial revoke
		{{"GRANT SELECT, INSERT ON *.* TO `a`@`%`", "REVOKE SELECT ON `my_shop`.* FROM `a`@`%`"}, false, {}},
		{{"GRANT SELECT, INSERT ON *.* TO `a`@`%`", "REVOKE INSERT ON `my_shop`.* FROM `a`@`%`"}, true, {}},
		{{"GRANT SELECT ON *.* TO `a`@`%`", "REVOKE SELECT ON `other`.* FROM `a`@`%`"}, true, {}},
		// of an account's patterns the server takes the most specific one
		{{"GRANT SELECT ON `my%`.* TO `a`@`%`", "GRANT INSERT ON `my\\_shop`.* TO `a`@`%`"}, false, {}},
		{{"GRANT SELECT ON `my%`.* TO `a`@`%`", "GRANT INSERT ON `%`.* TO `a`@`%`"}, true, {}},
		{{"GRANT SELECT ON `my%`.* TO `a`@`%`", "GRANT INSERT ON `my\\_shop`.* TO `role`"}, true, {}},
		{{"GRANT USAGE ON *.* TO `a`@`%`", "GRANT SELECT ON `my_shop`.* TO PUBLIC"}, true, {}},
		{{"nonsense", "", "GRANT", "GRANT  ON  TO ", "GRANT SELECT ON `my_shop", "REVOKE SELECT ON"}, false, {}},
	};
	for (const Sight &expected : sights) {
		const core::SourceSight sight = SightOf(expected.grants, "my_shop", false);
		EXPECT_EQ(sight.database, expected.database) << expected.grants.back();
		EXPECT_EQ(sight.whole_tables, expected.tables) << expected.grants.back();
		EXPECT_TRUE(sight.known);
	}
	EXPECT_FALSE(SightOf({}, "my_shop", false).known);
	EXPECT_FALSE(SightOf({}, "my_shop", false).database);
}

TEST(Grants, OfWhatIsNoTable) {
	const core::SourceSight root = SightOf({"GRANT ALL PRIVILEGES ON *.* TO `root`@`%`"}, "shop", true);
	EXPECT_TRUE(root.triggers && root.routines && root.events && root.view_texts);
	const core::SourceSight reader = SightOf({"GRANT SELECT ON `shop`.* TO `a`@`%`"}, "shop", true);
	EXPECT_FALSE(reader.triggers || reader.routines || reader.events || reader.view_texts);
	const core::SourceSight more =
		SightOf({"GRANT SELECT, TRIGGER, EVENT, SHOW VIEW, EXECUTE ON `shop`.* TO `a`@`%`"}, "shop", false);
	EXPECT_TRUE(more.triggers && more.routines && more.events && more.view_texts);
	EXPECT_TRUE(SightOf({"GRANT SHOW_ROUTINE ON *.* TO `a`@`%`"}, "shop", false).routines);
	EXPECT_TRUE(SightOf({"GRANT SHOW CREATE ROUTINE ON `shop`.* TO `a`@`%`"}, "shop", true).routines);
}

} // namespace
} // namespace alkconv::mysql
