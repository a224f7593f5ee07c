// Regime: C++ (may throw, never calls Postgres)
//
// Quoting and SELECT lists.
#include "core/status.hpp"
#include "mysql/sql.hpp"

#include <gtest/gtest.h>

namespace alkconv::mysql {

TEST(MySqlQuoting, Identifiers) {
	EXPECT_EQ(QuoteIdentifier("a"), "`a`");
	EXPECT_EQ(QuoteIdentifier("a`b``"), "`a``b`````");
	EXPECT_EQ(QuoteIdentifier("a'b\"c\\ \xC3\xA9"), "`a'b\"c\\ \xC3\xA9`");
	EXPECT_THROW(QuoteIdentifier(""), core::Error);
	EXPECT_THROW(QuoteIdentifier(std::string_view("a\0b", 3)), core::Error);
	EXPECT_EQ(QualifiedTable("d`", "t"), "`d```.`t`");
}

TEST(MySqlQuoting, Literals) {
	EXPECT_EQ(QuoteLiteral(""), "''");
	EXPECT_EQ(QuoteLiteral("it's"), "'it''s'");
	EXPECT_EQ(QuoteLiteral("a\\'"), "'a\\\\'''");
	EXPECT_EQ(QuoteLiteral(std::string_view("a\0b", 3)), "'a\\0b'");
	EXPECT_EQ(QuoteLiteral("\n\xF0\x9F\x98\x80"), "'\n\xF0\x9F\x98\x80'");
}

TEST(MySqlSelect, Lists) {
	EXPECT_EQ(SelectStatement("d", "t", {"a", "b`"}), "SELECT `a`, `b``` FROM `d`.`t`");
	EXPECT_EQ(SelectStatement("d", "t", {}), "SELECT 1 FROM `d`.`t`");
}

} // namespace alkconv::mysql
