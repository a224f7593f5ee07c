// Regime: C++ (may throw, never calls Postgres)
//
// One case per line of data/conversions.tsv, named after the trap it springs; the refusals, policies and transforms.
#include "cells.hpp"

#include "core/fault.hpp"

#include <gtest/gtest.h>

namespace alkconv::test {
namespace {

using namespace core;

struct Case {
	std::string name, source, cell, target, expected;
};

std::vector<Case> ReadCases() {
	std::vector<Case> cases;
	for (const auto &row : ReadTable("conversions.tsv")) {
		if (row.size() != 5)
			throw std::runtime_error("conversions.tsv: a row without five fields: " + row[0]);
		cases.push_back({row[0] == "-" ? "Limits" : "Trap" + row[0], row[1], row[2], row[3], row[4]});
	}
	return cases;
}

void PrintTo(const Case &c, std::ostream *out) { *out << c.source << " " << c.cell << " to " << c.target; }

class ConversionCase : public testing::TestWithParam<Case> {};

TEST_P(ConversionCase, Converts) {
	const Case &c = GetParam();
	EXPECT_EQ(Convert(c.source, c.cell, c.target), c.expected);
}

INSTANTIATE_TEST_SUITE_P(Table, ConversionCase, testing::ValuesIn(ReadCases()),
						 [](const auto &c) { return c.param.name + "_" + std::to_string(c.index); });

Error RefusalOf(const std::string &source, const std::string &target, const ColumnPolicy &policy = {}) {
	try {
		ChooseConversion(ParseSourceType(source, "", ""), Target(target), policy);
	} catch (const Error &error) {
		return error;
	}
	ADD_FAILURE() << source << " to " << target << " is not refused";
	return Error(Code::ok, "");
}

TEST(Conversion, RefusalsSayWhatToDo) {
	const Error zone = RefusalOf("datetime(6)", "timestamp(6) with time zone");
	EXPECT_EQ(zone.code(), Code::zone_unknown);
	EXPECT_EQ(zone.message(),
			  "of which time zone the wall times are is not known (datetime(6) to timestamp(6) with time zone)");
	EXPECT_NE(zone.hint().find("option time_zone"), std::string::npos) << zone.hint();
	EXPECT_NE(zone.hint().find("timestamp without time zone"), std::string::npos) << zone.hint();

	EXPECT_NE(RefusalOf("point", "integer").hint().find("bytea"), std::string::npos);
	EXPECT_NE(RefusalOf("xmltype", "text").hint().find("skip_column"), std::string::npos);
	EXPECT_NE(RefusalOf("decimal(19,2)", "money").hint().find("numeric"), std::string::npos);
}

TEST(Conversion, EveryPairIsDecided) {
	const char *sources[] = {
		"tinyint(1)", "bigint unsigned", "decimal(10,2)", "float", "double",   "bit(1)",   "year",
		"date",		  "datetime",		 "timestamp",	  "time",  "char(36)", "longtext", "binary(16)",
		"longblob",	  "enum('a')",		 "set('a')",	  "json",  "geometry", "uuid",	   "inet4",
		"inet6",	  "vector(3)",		 "xmltype"};
	for (const char *source : sources)
		for (int kind = 0; kind <= static_cast<int>(PgKind::other); ++kind) {
			TargetType target;
			target.kind = static_cast<PgKind>(kind);
			target.text = "t";
			try {
				const Conversion conversion = ChooseConversion(ParseSourceType(source, "", ""), target, {});
				EXPECT_NE(conversion.convert, nullptr);
				EXPECT_STRNE(conversion.name, "");
			} catch (const Error &error) {
				EXPECT_TRUE(error.code() == Code::cannot_convert || error.code() == Code::zone_unknown);
				EXPECT_FALSE(error.hint().empty());
			}
		}
}

ColumnPolicy Transformed(const char *name) {
	ColumnPolicy policy;
	policy.transforms = {ParseTransform(name)};
	return policy;
}

TEST(Conversion, Trap25TransformsOfCompressedText) {
	// zlib's header 78 9C, a NUL, the highest byte: each a code point
	const char *cell = "x\\xc2\\x9c\\x00\\xc3\\xbf";
	EXPECT_EQ(Convert("longtext", cell, "text", Transformed("code_points_to_base64")), "varlena:eJwA/w==");
	EXPECT_EQ(Convert("longtext", cell, "bytea", Transformed("code_points_to_bytea")), "varlena:x\\x9c\\x00\\xff");
	EXPECT_EQ(Convert("longtext", cell, "character varying(8)", Transformed("code_points_to_base64")),
			  "varlena:eJwA/w==");
	EXPECT_EQ(Convert("longtext", cell, "character varying(7)", Transformed("code_points_to_base64")),
			  "!text_too_long");
	EXPECT_EQ(Convert("longtext", "\"\"", "text", Transformed("code_points_to_base64")), "varlena:");
	EXPECT_EQ(Convert("longtext", "\"\"", "bytea", Transformed("code_points_to_bytea")), "varlena:");
	EXPECT_EQ(Convert("longtext", "\\xc4\\x80", "text", Transformed("code_points_to_base64")),
			  "!code_point_beyond_byte");
	EXPECT_EQ(Convert("longtext", "\\xf0\\x9f\\x98\\x80", "bytea", Transformed("code_points_to_bytea")),
			  "!code_point_beyond_byte");
	EXPECT_EQ(Convert("longtext", "\\xff", "bytea", Transformed("code_points_to_bytea")), "!invalid_encoding");
}

TEST(Conversion, TransformsThatDoNotFitAreRefused) {
	EXPECT_EQ(RefusalOf("longtext", "bytea", Transformed("code_points_to_base64")).code(), Code::cannot_convert);
	EXPECT_EQ(RefusalOf("longtext", "text", Transformed("code_points_to_bytea")).code(), Code::cannot_convert);
	EXPECT_EQ(RefusalOf("longblob", "text", Transformed("code_points_to_base64")).code(), Code::cannot_convert);
}

TEST(Conversion, TransformsCountWhatTheyChange) {
	const SourceType source = ParseSourceType("longtext", "utf8mb4", "");
	const TargetType target = Target("text");
	const Conversion conversion = ChooseConversion(source, target, Transformed("code_points_to_base64"));
	Cells cells;
	Arena arena;
	Value value;
	uint64_t touched = 0;
	const ConversionContext context{&source, &target, &touched};
	for (const char *cell : {"a", "\"\"", "b"})
		ASSERT_EQ(conversion.convert(context, cells.Make(source, cell), arena, value), Code::ok);
	EXPECT_EQ(touched, 2u) << "the empty string stays as it is";
	ASSERT_EQ(conversion.convert({&source, &target, nullptr}, cells.Make(source, "a"), arena, value), Code::ok);
}

TEST(Conversion, UnchangedTextIsNotCopied) {
	const SourceType source = ParseSourceType("longtext", "utf8mb4", "");
	Cells cells;
	const Cell cell = cells.Make(source, "unchanged");
	JsonValidator json;
	for (const char *type : {"text", "character varying(9)", "character(9)", "bytea", "json", "jsonb"}) {
		const TargetType target = Target(type);
		Arena arena;
		Value value;
		ASSERT_EQ(ChooseConversion(source, target, {}).convert({&source, &target, nullptr, &json}, cell, arena, value),
				  Code::ok);
		EXPECT_EQ(value.bytes.data, cell.bytes.data) << type;
		EXPECT_EQ(arena.used(), 0u) << type;
	}
}

TEST(Conversion, BeyondOneGigabyteIsRefusedUnread) {
	const SourceType source = ParseSourceType("longblob", "", "");
	const TargetType bytea = Target("bytea"), text = Target("text");
	Cell cell{};
	cell.kind = CellKind::bytes;
	char one = 'x';
	cell.bytes = {&one, 0x3fffffff - 3}; // one more than fits; refused by its size alone
	Arena arena;
	Value value;
	EXPECT_EQ(ChooseConversion(source, bytea, {}).convert({&source, &bytea, nullptr}, cell, arena, value),
			  Code::value_too_large);
	EXPECT_EQ(ChooseConversion(source, text, {}).convert({&source, &text, nullptr}, cell, arena, value),
			  Code::value_too_large);
	cell.bytes.size -= 1;
	EXPECT_EQ(ChooseConversion(source, bytea, {}).convert({&source, &bytea, nullptr}, cell, arena, value), Code::ok);
}

} // namespace
} // namespace alkconv::test
