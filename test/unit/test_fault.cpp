// Regime: C++ (may throw, never calls Postgres)
//
// The words for every fault that a value can have.
#include "core/fault.hpp"

#include "cells.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace alkconv::test {
namespace {

using namespace core;

constexpr Code kValueCodes[] = {
	Code::out_of_range,	   Code::not_boolean,		Code::inexact_number,		  Code::zero_date,
	Code::partial_date,	   Code::date_out_of_range, Code::invalid_encoding,		  Code::nul_in_text,
	Code::nul_in_json,	   Code::text_too_long,		Code::bits_too_long,		  Code::invalid_uuid,
	Code::empty_uuid,	   Code::invalid_text,		Code::code_point_beyond_byte, Code::unknown_label,
	Code::value_too_large, Code::null_for_not_null, Code::cannot_convert,		  Code::out_of_memory,
	Code::internal,		   Code::trailing_blanks,	Code::duplicate_member};

TEST(Fault, FollowsTheMessageStyle) {
	const SourceType source = ParseSourceType("varchar(10)", "", "");
	const TargetType target = Target("integer");
	std::vector<std::string> seen;
	for (const Code code : kValueCodes) {
		SCOPED_TRACE(CodeName(code));
		const std::string message = DescribeFault(code, source, target), hint = HintForFault(code, source, target);
		EXPECT_TRUE(message.compare(0, 6, "value ") == 0 || message.compare(0, 5, "null ") == 0) << message;
		EXPECT_NE(message.back(), '.');
		EXPECT_EQ(hint.back(), '.');
		EXPECT_TRUE(hint[0] >= 'A' && hint[0] <= 'Z') << hint;
		ASSERT_NE(CodeName(code), nullptr);
		seen.push_back(CodeName(code));
	}
	std::sort(seen.begin(), seen.end());
	EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end()) << "two codes with one name";
}

std::string Describe(Code code, const char *source, const char *target) {
	return DescribeFault(code, ParseSourceType(source, "", ""), Target(target));
}

std::string Hint(Code code, const char *source, const char *target) {
	return HintForFault(code, ParseSourceType(source, "", ""), Target(target));
}

TEST(Fault, SaysWhatItIsAbout) {
	EXPECT_EQ(Describe(Code::out_of_range, "int unsigned", "integer"), "value is out of range for type integer");
	EXPECT_EQ(Describe(Code::inexact_number, "decimal(5,3)", "numeric(5,2)"),
			  "value cannot be stored in type numeric(5,2) without rounding");
	EXPECT_EQ(Describe(Code::inexact_number, "datetime(6)", "timestamp(3) without time zone"),
			  "value has more digits of the second than type timestamp(3) without time zone keeps");
	EXPECT_EQ(Describe(Code::inexact_number, "datetime(6)", "date"),
			  "value has a time of day, which type date would drop");
	EXPECT_EQ(Describe(Code::unknown_label, "enum('a','b')", "text"), "value is not a label of enum('a','b')");
	EXPECT_EQ(Describe(Code::unknown_label, "enum('a','b')", "enum(a)"), "value is not a label of type mood");
	EXPECT_EQ(Describe(Code::null_for_not_null, "int", "integer"),
			  "null is not allowed by the target column, which is NOT NULL");
}

TEST(Fault, Index0IsNoLabelToAdd) {
	const auto hint = [](const char *type, const char *value) {
		Cell cell{};
		cell.kind = CellKind::bytes;
		cell.bytes.data = value;
		cell.bytes.size = std::strlen(value);
		return HintForCell(Code::unknown_label, ParseSourceType(type, "", ""), Target("enum(a)"), cell);
	};
	EXPECT_NE(hint("enum('a','b')", "").find("index 0"), std::string::npos);
	EXPECT_EQ(hint("enum('a','b')", "").find("ADD VALUE"), std::string::npos);
	EXPECT_NE(hint("enum('a','b')", "b").find("ADD VALUE"), std::string::npos);
	EXPECT_NE(hint("enum('a','')", "").find("ADD VALUE"), std::string::npos);
}

TEST(Fault, HintsNameTheRuleThatWouldSettleIt) {
	EXPECT_NE(Hint(Code::empty_uuid, "char(36)", "uuid").find("empty_to_null"), std::string::npos);
	EXPECT_NE(Hint(Code::invalid_text, "char(36)", "date").find("empty_to_null"), std::string::npos);
	EXPECT_NE(Hint(Code::zero_date, "date", "date").find("zero_date(null)"), std::string::npos);
	EXPECT_NE(Hint(Code::out_of_range, "int", "smallint").find("clamp"), std::string::npos);
	EXPECT_NE(Hint(Code::not_boolean, "tinyint(1)", "boolean").find("tinyint_to_boolean"), std::string::npos);
	EXPECT_NE(Hint(Code::nul_in_json, "json", "jsonb").find("json_nul(strip)"), std::string::npos);
	EXPECT_NE(Hint(Code::trailing_blanks, "varchar(5)", "character(5)").find("trim_pad"), std::string::npos);
	EXPECT_NE(Hint(Code::unknown_label, "enum('a')", "text").find("enum_empty(null)"), std::string::npos);
	EXPECT_NE(Hint(Code::unknown_label, "enum('a')", "enum(a)").find("enum_empty(null)"), std::string::npos);
	EXPECT_NE(Hint(Code::nul_in_text, "longtext", "text").find("code_points_to_base64"), std::string::npos);
	EXPECT_NE(Hint(Code::cannot_convert, "int", "date").find("action expression"), std::string::npos);
	EXPECT_NE(Hint(Code::cannot_convert, "varbinary(16)", "inet").find("convert_from(value::bytea"), std::string::npos);
	EXPECT_NE(Hint(Code::duplicate_member, "text", "jsonb").find("argument value::jsonb"), std::string::npos);
	EXPECT_NE(Hint(Code::out_of_range, "time", "time without time zone").find("interval"), std::string::npos);
	EXPECT_NE(Hint(Code::nul_in_json, "json", "jsonb").find("json, which keeps"), std::string::npos);
	EXPECT_NE(Hint(Code::invalid_text, "varchar(30)", "timestamp with time zone").find("+02:00"), std::string::npos);
}

} // namespace
} // namespace alkconv::test
