// Regime: C++ (may throw, never calls Postgres)
//
// Each transform with the values it is for, those it must leave alone, and hostile ones; all the way to the target's value.
#include "core/inflate.hpp"
#include "core/mend.hpp"

#include "cells.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

namespace alkconv::test {
namespace {

using namespace core;

struct Case {
	const char *transform, *source, *literal, *target, *expected; // " by 1": one rule changed it
};

class Mends : public testing::TestWithParam<Case> {};

ColumnPolicy PolicyOf(std::string_view transforms) {
	ColumnPolicy policy;
	while (!transforms.empty()) {
		const size_t end = std::min(transforms.find(' '), transforms.size());
		policy.transforms.push_back(ParseTransform(transforms.substr(0, end)));
		transforms.remove_prefix(std::min(end + 1, transforms.size()));
	}
	return policy;
}

TEST_P(Mends, Become) {
	const Case &c = GetParam();
	EXPECT_EQ(Convert(c.source, c.literal, c.target, PolicyOf(c.transform), true), c.expected)
		<< c.transform << ": " << c.source << " " << c.literal << " to " << c.target;
}

constexpr Case kCases[] = {
	{"zero_date(null)", "date", "0000-00-00", "date", "null by 1"},
	{"zero_date(null)", "date", "2000-01-02", "date", "date:1"},
	{"zero_date(null)", "date", "2020-00-00", "date", "!partial_date"},
	{"zero_date(null)", "datetime", "0000-00-00 00:00:00", "timestamp without time zone", "null by 1"},
	{"zero_date(null)", "timestamp", "0000-00-00 00:00:00", "timestamp with time zone", "null by 1"},
	{"zero_date(-infinity)", "date", "0000-00-00", "date", "date:-2147483648 by 1"},
	{"zero_date(-infinity)", "datetime", "0000-00-00 00:00:00", "timestamp without time zone",
	 "timestamp:-9223372036854775808 by 1"},
	{"zero_date(-infinity)", "datetime", "0000-00-00 00:00:00", "text", "!cannot_convert"},
	{"zero_date(2000-01-03)", "date", "0000-00-00", "date", "date:2 by 1"},
	{"zero_date(2000-01-03)", "datetime", "0000-00-00 00:00:00", "date", "date:2 by 1"},
	{"zero_date(2000-01-03)", "date", "0000-00-00", "text", "varlena:2000-01-03 by 1"},
	{"zero_date(null)", "varchar(10)", "0000-00-00", "text", "!cannot_convert"},
	{"partial_date(first)", "date", "2000-00-10", "date", "date:0 by 1"},
	{"partial_date(first)", "date", "2000-02-00", "date", "date:31 by 1"},
	{"partial_date(first)", "date", "2000-02-31", "date", "date:31 by 1"},
	{"partial_date(first)", "datetime", "2000-00-00 00:00:01", "timestamp without time zone", "timestamp:1000000 by 1"},
	{"partial_date(first)", "date", "0000-05-01", "date", "!partial_date"},
	{"partial_date(first)", "date", "0000-00-00", "date", "!zero_date"},
	{"partial_date(null)", "date", "0000-05-01", "date", "null by 1"},
	{"partial_date(null)", "date", "2000-02-29", "date", "date:59"},
	{"partial_date(null)", "timestamp", "2000-02-29 00:00:00", "date", "!cannot_convert"},
	{"zero_date(null) partial_date(first)", "date", "0000-00-00", "date", "null by 1"},

	{"strip_nul", "varchar(9)", "a\\x00b\\x00", "text", "varlena:ab by 1"},
	{"strip_nul", "varchar(9)", "\\x00", "text", "varlena: by 1"},
	{"strip_nul", "varchar(9)", "ab", "text", "varlena:ab"},
	{"strip_nul", "varbinary(9)", "a\\x00", "text", "varlena:a by 1"},
	{"strip_nul", "varchar(9)", "\\xff\\x00", "text", "!invalid_encoding"},
	{"strip_nul", "varbinary(9)", "a", "bytea", "!cannot_convert"},
	{"strip_nul", "int", "1", "text", "!cannot_convert"},
	{"replace_nul", "varchar(9)", "a\\x00\\x00", "text", "varlena:a\\xe2\\x90\\x80\\xe2\\x90\\x80 by 1"},
	{"replace_nul", "varchar(9)", "a\\x00", "character varying(1)", "!text_too_long"},
	{"strip_nul replace_nul", "varchar(9)", "a\\x00", "text", "varlena:a by 1"},
	{"trim_pad", "varchar(9)", "a  ", "text", "varlena:a by 1"},
	{"trim_pad", "varchar(9)", "  ", "text", "varlena: by 1"},
	{"trim_pad", "varchar(9)", " a\\x09", "text", "varlena: a\\x09"},
	{"trim_pad", "varchar(9)", "a ", "character(2)", "varlena:a  by 1"},
	{"strip_nul trim_pad", "varchar(9)", "a \\x00", "text", "varlena:a by 2"},

	{"json_nul(null)", "json", "[\"\\\\u0000\"]", "json", "null by 1"},
	{"json_nul(null)", "json", "[\"\\\\\\\\u0000\"]", "json", "varlena:[\"\\x5c\\x5cu0000\"]"},
	{"json_nul(strip)", "json", "[\"\\\\u0000a\\\\u0000\"]", "json", "varlena:[\"a\"] by 1"},
	{"json_nul(strip)", "json", "[\"\\\\\\\\\\\\u0000\"]", "json", "varlena:[\"\\x5c\\x5c\"] by 1"},
	{"json_nul(replace)", "json", "[\"\\\\u0000\"]", "json", "varlena:[\"\\xe2\\x90\\x80\"] by 1"},
	{"json_nul(strip)", "json", "[\"\\\\", "json", "input:[\"\\x5c"},
	{"json_nul(strip)", "varchar(9)", "a", "text", "!cannot_convert"},

	{"enum_empty(null)", "enum('a','b')", "\"\"", "text", "null by 1"},
	{"enum_empty(null)", "enum('a','b')", "a", "text", "varlena:a"},
	{"enum_empty(b)", "enum('a','b')", "\"\"", "enum(a|b)", "input:b by 1"},
	{"enum_empty(c)", "enum('a','b')", "\"\"", "enum(a|b)", "!cannot_convert"},
	{"enum_empty('null')", "enum('a','b')", "\"\"", "text", "varlena:null by 1"},
	{"enum_empty(null)", "enum('a','')", "\"\"", "text", "!cannot_convert"},

	{"utf8_in_latin1_repair", "varchar(9)", "\\xc3\\x83\\xc2\\xa9", "text", "varlena:\\xc3\\xa9 by 1"},
	{"utf8_in_latin1_repair", "varchar(9)", "\\xc3\\xa2\\xe2\\x80\\x9a\\xc2\\xac", "text",
	 "varlena:\\xe2\\x82\\xac by 1"},
	{"utf8_in_latin1_repair", "varchar(9)", "\\xc3\\xa9", "text", "varlena:\\xc3\\xa9"},
	{"utf8_in_latin1_repair", "varchar(9)", "\\xc3\\x83\\xc2\\xa9\\xc3\\xa9", "text",
	 "varlena:\\xc3\\x83\\xc2\\xa9\\xc3\\xa9"},
	{"utf8_in_latin1_repair", "varchar(9)", "\\xc3\\xad\\xc2\\xa0\\xe2\\x82\\xac", "text",
	 "varlena:\\xc3\\xad\\xc2\\xa0\\xe2\\x82\\xac"},
	{"utf8_in_latin1_repair", "varchar(9)", "\\xff", "text", "!invalid_encoding"},
	{"utf8_in_latin1_repair", "varchar(9)", "plain", "text", "varlena:plain"},

	{"uuid_swap", "binary(16)", "fwDUMe\\x00\\x113DUfwxyz", "uuid", "uuid:Me\\x00\\x11DUfw3DUfwxyz by 1"},
	{"clamp", "int", "32768", "smallint", "int2:32767 by 1"},
	{"clamp", "int", "-32769", "smallint", "int2:-32768 by 1"},
	{"clamp", "int", "32767", "smallint", "int2:32767"},
	{"clamp", "bigint unsigned", "18446744073709551615", "bigint", "int8:9223372036854775807 by 1"},
	{"clamp", "bigint unsigned", "18446744073709551615", "numeric(3,1)", "decimal:990/1 by 1"},
	{"clamp", "bigint unsigned", "18446744073709551615", "numeric(19)", "input:9999999999999999999 by 1"},
	{"clamp", "bigint", "-9223372036854775808", "numeric(18)", "decimal:-999999999999999999/0 by 1"},
	{"clamp", "int", "-5", "numeric(2,2)", "decimal:0/2 by 1"},
	{"clamp", "int unsigned", "5", "numeric(2,2)", "decimal:0/2 by 1"},
	{"clamp", "decimal(10,2)", "-100.00", "numeric(4,2)", "decimal:-9999/2 by 1"},
	{"clamp", "decimal(10,2)", "99.99", "numeric(4,2)", "decimal:9999/2"},
	{"clamp", "decimal(30,0)", "99999999999999999999", "bigint", "int8:9223372036854775807 by 1"},
	{"clamp", "decimal(10,1)", "1.5", "integer", "!inexact_number"},
	{"clamp", "double", "1e300", "integer", "int4:2147483647 by 1"},
	{"clamp", "double", "-1e300", "smallint", "int2:-32768 by 1"},
	{"clamp", "double", "1e300", "bigint", "!cannot_convert"},
	{"clamp", "int", "1", "text", "!cannot_convert"},
	{"tinyint_to_boolean", "tinyint(1)", "5", "boolean", "bool:true by 1"},
	{"tinyint_to_boolean", "tinyint(1)", "-1", "boolean", "bool:true by 1"},
	{"tinyint_to_boolean", "tinyint(1)", "1", "boolean", "bool:true"},
	{"tinyint_to_boolean", "tinyint(1)", "0", "boolean", "bool:false"},
	{"tinyint_to_boolean", "tinyint(1)", "5", "smallint", "!cannot_convert"},
	{"inflate", "varbinary(9)", "\"\"", "text", "varlena:"},
	{"inflate", "varbinary(9)", "plain", "text", "!invalid_compressed"},
	{"inflate", "varchar(9)", "\\xc4\\x80", "text", "!code_point_beyond_byte"},
	{"inflate", "varbinary(9)", "x\\x9c", "text", "!invalid_compressed"},
	{"inflate", "int", "1", "text", "!cannot_convert"},
};

INSTANTIATE_TEST_SUITE_P(All, Mends, testing::ValuesIn(kCases));

// Compressed by zlib itself: `bits` 15 for a zlib stream, 31 for a gzip file.
std::string Deflated(const std::string &text, int bits) {
	z_stream stream = {};
	EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
	std::string out(deflateBound(&stream, text.size()), '\0');
	stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(text.data()));
	stream.avail_in = static_cast<uInt>(text.size());
	stream.next_out = reinterpret_cast<Bytef *>(out.data());
	stream.avail_out = static_cast<uInt>(out.size());
	EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
	out.resize(stream.total_out);
	deflateEnd(&stream);
	return out;
}

std::string CodePoints(const std::string &bytes) {
	std::string text;
	for (const char c : bytes) {
		const auto byte = static_cast<unsigned char>(c);
		if (byte >= 0x80)
			text += static_cast<char>(0xC0 | byte >> 6);
		text += static_cast<char>(byte >= 0x80 ? 0x80 | (byte & 63) : byte);
	}
	return text;
}

std::string InflatedTo(const std::string &source, const std::string &data, const std::string &target) {
	return Convert(source, Escape(data), target, PolicyOf("inflate"), true);
}

TEST(Inflate, Trap25TakesZlibGzipAndCompressFromBytesAndFromCodePoints) {
	std::string text = "caf\xC3\xA9 ";
	for (int i = 0; i < 5000; ++i)
		text += std::to_string(i) + " ";
	const std::string expected = "varlena:" + Escape(text) + " by 1";
	const std::string zlib = Deflated(text, 15), gzip = Deflated(text, 31);
	const uint32_t size = static_cast<uint32_t>(text.size());
	const std::string compress = std::string(reinterpret_cast<const char *>(&size), 4) + zlib;
	for (const std::string &data : {zlib, gzip, compress, compress + "."}) {
		EXPECT_EQ(InflatedTo("longblob", data, "text"), expected);
		EXPECT_EQ(InflatedTo("longblob", data, "bytea"), expected);
		EXPECT_EQ(InflatedTo("longtext", CodePoints(data), "text"), expected);
		EXPECT_EQ(InflatedTo("longtext", CodePoints(data), "bytea"), expected);
	}
	EXPECT_EQ(InflatedTo("longblob", gzip + gzip, "text"), "varlena:" + Escape(text + text) + " by 1");
	EXPECT_EQ(InflatedTo("longblob", Deflated("{\"a\":1}", 15), "json"), "varlena:{\"a\":1} by 1");
	EXPECT_EQ(InflatedTo("longblob", Deflated("\xFF", 15), "text"), "!invalid_encoding");
	EXPECT_EQ(InflatedTo("longblob", Deflated("", 15), "text"), "varlena: by 1");
}

TEST(Inflate, ALengthThatLooksLikeAHeaderIsNone) {
	for (const uint32_t size : {0x9C78u, 0x18B1Fu}) { // of a zlib stream and of a gzip file
		const std::string compress =
			std::string(reinterpret_cast<const char *>(&size), 4) + Deflated(std::string(size, 'x'), 15);
		const std::string expected = "varlena:" + std::string(size, 'x') + " by 1";
		EXPECT_EQ(InflatedTo("longblob", compress, "text"), expected);
		EXPECT_EQ(InflatedTo("longblob", compress + ".", "text"), expected);
		EXPECT_EQ(InflatedTo("longblob", compress.substr(0, compress.size() - 1), "text"), "!invalid_compressed");
	}
}

TEST(Inflate, DamageIsNoticed) {
	const std::string data = Deflated(std::string(1000, 'x') + "end", 15);
	const std::string whole = InflatedTo("longblob", data, "bytea");
	for (size_t i = 0; i < data.size(); ++i) {
		EXPECT_EQ(InflatedTo("longblob", data.substr(0, i), "bytea"), i == 0 ? "varlena:" : "!invalid_compressed") << i;
		std::string damaged = data;
		damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
		const std::string result = InflatedTo("longblob", damaged, "bytea"); // not every bit means something
		EXPECT_TRUE(result == "!invalid_compressed" || result == whole) << i << " " << result.substr(0, 80);
	}
	EXPECT_EQ(InflatedTo("longblob", data + "x", "bytea"), "!invalid_compressed");
	EXPECT_EQ(InflatedTo("longblob", data + data, "bytea"), "!invalid_compressed");
}

TEST(Inflate, BombsTakeNoMemory) {
	const std::string bomb = Deflated(std::string(64 * 1024 * 1024, '\0'), 31);
	ASSERT_LT(bomb.size(), 100000u);
	std::string many;
	for (int i = 0; i < 5; ++i)
		many += bomb;
	Arena arena;
	std::string_view inflated;
	EXPECT_EQ(Inflate(many, arena, inflated), Code::inflated_too_large);
	EXPECT_EQ(arena.used(), 0u);
	EXPECT_EQ(Inflate(bomb, arena, inflated, 64 * 1024 * 1024), Code::ok);
	EXPECT_EQ(Inflate(bomb, arena, inflated, 64 * 1024 * 1024 - 1), Code::inflated_too_large);
}

TEST(Mend, ExpressionsGetTheValueAsText) {
	ColumnPolicy policy;
	policy.expression = "value::int";
	EXPECT_EQ(Convert("int", "5", "uuid", policy), "varlena:5");
	EXPECT_EQ(Convert("date", "2020-00-01", "date", policy), "varlena:2020-00-01");
	EXPECT_EQ(Convert("varbinary(9)", "a\\xff", "integer", policy), "varlena:\\x5cx61ff");
	EXPECT_EQ(Convert("bit(4)", "\\x05", "integer", policy), "input:0101");
	policy.transforms = {ParseTransform("strip_nul")};
	EXPECT_EQ(Convert("varchar(9)", "\\x001", "integer", policy, true), "varlena:1 by 1");
}

} // namespace
} // namespace alkconv::test
