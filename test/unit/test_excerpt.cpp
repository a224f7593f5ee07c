// Regime: C++ (may throw, never calls Postgres)
//
// Values in messages, and the complete canonical text.
#include "core/excerpt.hpp"

#include "cells.hpp"

#include "core/conversion.hpp"

#include <gtest/gtest.h>

namespace alkconv::test {
namespace {

using namespace core;

std::string ExcerptOf(const std::string &type, const std::string &cell) {
	Cells cells;
	const SourceType source = ParseSourceType(type, "", "");
	return Excerpt(source, cells.Make(source, cell));
}

std::string Canonical(const std::string &type, const std::string &cell) {
	Cells cells;
	const SourceType source = ParseSourceType(type, "", "");
	return CanonicalText(source, cells.Make(source, cell));
}

std::string Repeat(const std::string &text, size_t count) {
	std::string out;
	while (count-- > 0)
		out += text;
	return out;
}

TEST(Excerpt, ShortValuesAreShownWhole) {
	EXPECT_EQ(ExcerptOf("varchar(10)", "caf\\xc3\\xa9"), "caf\xc3\xa9");
	EXPECT_EQ(ExcerptOf("varchar(10)", "\"\""), "");
	EXPECT_EQ(ExcerptOf("varchar(10)", "NULL"), "null");
	EXPECT_EQ(ExcerptOf("int", "-5"), "-5");
	EXPECT_EQ(ExcerptOf("date", "2020-00-10"), "2020-00-10");
	EXPECT_EQ(ExcerptOf("float", "0.1"), "0.1");
	EXPECT_EQ(ExcerptOf("bit(3)", "\\x05"), "101");
	EXPECT_EQ(ExcerptOf("bit(3)", "\\x05\\x05"), "\\x0505") << "not the bits of the type";
	EXPECT_EQ(ExcerptOf("binary(3)", "a\\x00\\xff"), "\\x6100ff");
	EXPECT_EQ(ExcerptOf("point", "\\x01"), "\\x01");
	EXPECT_EQ(ExcerptOf("xmltype", "<a/>"), "\\x3c612f3e");
}

TEST(Excerpt, WhatCannotBePrintedIsEscaped) {
	EXPECT_EQ(ExcerptOf("text", "a\\nb\\x00c\\x7f"), "a\\x0ab\\x00c\\x7f");
	EXPECT_EQ(ExcerptOf("text", "\\xc2\\x9b2J"), "\\xc2\\x9b2J") << "C1 control characters steer terminals";
	EXPECT_EQ(ExcerptOf("text", "\\xc2\\xa0"), "\xc2\xa0");
	EXPECT_EQ(ExcerptOf("text", "a\\xffb\\xe2\\x82"), "a\\xffb\\xe2\\x82");
}

TEST(Excerpt, LongValuesAreCutBetweenCharacters) {
	EXPECT_EQ(ExcerptOf("text", std::string(80, 'a')), std::string(80, 'a'));
	EXPECT_EQ(ExcerptOf("text", std::string(81, 'a')), std::string(77, 'a') + "...");
	// 26 times three bytes are 78, which leaves no room for the mark: 25 are shown
	EXPECT_EQ(ExcerptOf("text", Repeat("\\xe2\\x82\\xac", 27)), Repeat("\xe2\x82\xac", 25) + "...");
	EXPECT_EQ(ExcerptOf("text", Repeat("\\x00", 21)), Repeat("\\x00", 19) + "...");
	EXPECT_EQ(ExcerptOf("blob", Repeat("\\xab", 39)), "\\x" + Repeat("ab", 39));
	EXPECT_EQ(ExcerptOf("blob", Repeat("\\xab", 40)), "\\x" + Repeat("ab", 37) + "...");
	for (size_t length = 0; length < 200; ++length)
		ASSERT_LE(
			ExcerptOf("text", std::string(length, 'a') + "\\xf0\\x9f\\x98\\x80\\x00\\xff" + std::string(length, 'b'))
				.size(),
			80u);
}

TEST(Excerpt, HugeValuesCostNothing) {
	const SourceType source = ParseSourceType("longtext", "", "");
	const std::string huge(64 * 1024 * 1024, 'x');
	Cell cell{};
	cell.kind = CellKind::bytes;
	cell.bytes = {huge.data(), huge.size()};
	for (int i = 0; i < 100000; ++i) // minutes, if the whole value were looked at
		ASSERT_EQ(Excerpt(source, cell).size(), 80u);
}

TEST(Excerpt, CellOfTheWrongKindIsNotRead) {
	const SourceType source = ParseSourceType("longtext", "", "");
	Cell cell{};
	cell.kind = CellKind::int64;
	cell.i64 = 1; // as an address it would crash
	EXPECT_EQ(Excerpt(source, cell), "(unreadable)");
	EXPECT_EQ(CanonicalText(source, cell), "");
}

TEST(CanonicalText, IsComplete) {
	EXPECT_EQ(Canonical("varchar(200)", std::string(200, 'a')), std::string(200, 'a'));
	EXPECT_EQ(Canonical("varchar(10)", "a\\nb"), "a\nb");
	EXPECT_EQ(Canonical("varchar(10)", "NULL"), "");
	EXPECT_EQ(Canonical("blob", Repeat("\\xab", 100)), "\\x" + Repeat("ab", 100));
	EXPECT_EQ(Canonical("bit(9)", "\\x01\\x02"), "100000010");
	EXPECT_EQ(Canonical("year", "5"), "0005");
	EXPECT_EQ(Canonical("bigint unsigned", "18446744073709551615"), "18446744073709551615");
	EXPECT_EQ(Canonical("bigint", "-9223372036854775808"), "-9223372036854775808");
	EXPECT_EQ(Canonical("double", "1e100"), "1e+100");
	EXPECT_EQ(Canonical("double", "-1.7976931348623157e308"), "-1.7976931348623157e+308");
	EXPECT_EQ(Canonical("double", "5e-324"), "5e-324");
	EXPECT_EQ(Canonical("double", "123.456"), "123.456");
	EXPECT_EQ(Canonical("double", "0.00012"), "0.00012");
	EXPECT_EQ(Canonical("double", "1200"), "1200");
	EXPECT_EQ(Canonical("timestamp(3)", "2020-01-31 10:00:00.5"), "2020-01-31 10:00:00.500+00");
	EXPECT_EQ(Canonical("time", "-838:59:59"), "-838:59:59");
	EXPECT_EQ(Canonical("decimal(5,2)", "-1.50"), "-1.50");
	EXPECT_EQ(Canonical("uuid", "\\x0a\\x1b,=N_`q\\x82\\x93\\xa4\\xb5\\xc6\\xd7\\xe8\\xf9"),
			  "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9");
	EXPECT_EQ(Canonical("uuid", "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"), "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9");
	EXPECT_EQ(Canonical("set('a','b')", "a,b"), "a,b");
}

} // namespace
} // namespace alkconv::test
