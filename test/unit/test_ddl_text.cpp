// Regime: C++ (may throw, never calls Postgres)
//
// Quotes and parentheses where they are needed.
#include "core/ddl_text.hpp"

#include <gtest/gtest.h>

namespace alkconv::core {

TEST(DdlText, PlainNames) {
	const std::pair<const char *, const char *> cases[] = {
		{R"("a"."b_1")", "a.b_1"},
		{R"("A" "select" "1a" "a$b" "a b" "")", R"("A" "select" "1a" "a$b" "a b" "")"},
		{R"("a""b" "b""")", R"("a""b" "b""")"},
		{R"('"a"' "a")", R"('"a"' a)"},
		{R"('it''s "a"' "a")", R"('it''s "a"' a)"},
		{R"(E'\' "a"' "a")", R"(E'\' "a"' a)"},
		{R"(E'\\' "a")", R"(E'\\' a)"},
		{R"('\' "a")", R"('\' a)"},
		{R"("value" "interval")", R"(value "interval")"},
		{"\"\xc3\xa9\"", "\"\xc3\xa9\""},
	};
	for (const auto &[sql, plain] : cases)
		EXPECT_EQ(WithPlainNames(sql), plain) << sql;
}

TEST(DdlText, Parentheses) {
	EXPECT_EQ(InParentheses("a + b"), "(a + b)");
	EXPECT_EQ(InParentheses("(a + b)"), "(a + b)");
	EXPECT_EQ(InParentheses("(a) + (b)"), "((a) + (b))");
	EXPECT_EQ(InParentheses("(a + ')(')"), "(a + ')(')");
}

TEST(DdlText, Defaults) {
	for (const char *plain : {"0", "1.50", "'x'", "E'a\\'b'", "B'01'", "'x'::s.t", "'x'::\"S\".\"t t\"", "true",
							  "CURRENT_TIMESTAMP", "LOCALTIMESTAMP(6)", "pg_catalog.now()", "f('a)b', g(1))",
							  "'2020-01-01'::timestamp with time zone", "'1'::numeric(3,2)"})
		EXPECT_EQ(AsDefault(plain), plain);
	EXPECT_EQ(AsDefault("(-5)"), "-5");
	EXPECT_EQ(AsDefault("1 + 2"), "(1 + 2)");
	EXPECT_EQ(AsDefault("f(1) + g(2)"), "(f(1) + g(2))");
	EXPECT_EQ(AsDefault("'a' || 'b'"), "('a' || 'b')");
	EXPECT_EQ(AsDefault("ARRAY['a']::text[]"), "(ARRAY['a']::text[])");
	EXPECT_EQ(AsDefault("(1 + 2)"), "(1 + 2)");
}

} // namespace alkconv::core
