// Regime: C++ (may throw, never calls Postgres)
//
// Synthetic rows, and what is made of the two servers' answers about them. That real servers' answers are the right ones is shown by
// test/t/560_expression_proof.pl.
#include "core/expression_proof.hpp"

#include "core/default_type.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace {

using namespace alkconv::core;

ExpressionScope Scope() {
	ExpressionScope scope;
	const auto add = [&](const char *name, const char *type, const char *collation, const char *target) {
		scope.columns.push_back(
			{name, name, target, ParseSourceType(type, *collation ? "utf8mb4" : "", collation), ""});
	};
	add("i", "tinyint", "", "smallint");
	add("flag", "tinyint(1)", "", "boolean");
	add("n", "bigint unsigned", "", "bigint");
	add("d", "decimal(5,2)", "", "numeric(5,2)");
	add("s", "varchar(4)", "utf8mb4_bin", "character varying(4)");
	add("t", "datetime", "", "timestamp(0) without time zone");
	add("j", "json", "", "jsonb");
	add("e", "enum('x','y')", "utf8mb4_bin", "text");
	return scope;
}

// The values of the only column that an expression names.
std::set<std::string> ValuesIn(const std::string &expression) {
	std::set<std::string> values;
	for (const std::vector<Sample> &row : MakeSampleRows(expression, Scope(), 0).rows)
		values.insert(row.at(0).value_or("NULL"));
	return values;
}

void ExpectValues(const std::string &expression, const std::vector<std::string> &expected) {
	const std::set<std::string> values = ValuesIn(expression);
	for (const std::string &value : expected)
		EXPECT_TRUE(values.count(value) == 1) << expression << " lacks " << value;
}

TEST(SampleRows, BothSidesOfEveryLiteralAndTheLimits) {
	ExpectValues("`i` > 42", {"NULL", "-128", "127", "0", "41", "42", "43", "-42"});
	ExpectValues("`n` = 7", {"NULL", "0", "6", "7", "8", "9223372036854775807"});
	EXPECT_EQ(ValuesIn("`n` = 7").count("18446744073709551615"), 0U) << "rows have made it a bigint";
	EXPECT_EQ(ValuesIn("`flag` = 1"), (std::set<std::string>{"NULL", "0", "1"}));
	ExpectValues("`d` > 1.5", {"NULL", "1.49", "1.50", "1.51", "999.99", "-999.99", "0.00"});
	ExpectValues("`s` = 'ab'", {"NULL", "", " ", "ab", "AB", "ab ", "abx", "a", "A"});
	ExpectValues("left(`s`, 3)", {"xx", "xxx", "xxxx"});
	ExpectValues("`t` > '2020-01-01 00:00:00'",
				 {"NULL", "2020-01-01 00:00:00", "2020-01-01 00:00:01", "2019-12-31 23:59:59", "9999-12-31 23:59:59"});
	ExpectValues("json_extract(`j`, '$.a[1]')", {"NULL", "{\"a\": [0, null]}", "{\"a\": [0, \"a\"]}", "{}", "[]"});
	EXPECT_EQ(ValuesIn("`e` = 'x'"), (std::set<std::string>{"NULL", "x", "y"}));
}

TEST(SampleRows, CombinationsAreBoundedAndAlwaysTheSame) {
	const SampleRows few = MakeSampleRows("`flag` and `e` = 'x'", Scope(), 0);
	EXPECT_EQ(few.rows.size(), 9U) << "all of three by three";
	const char *many = "`i` > 1 and `d` > 2 and `s` = 'q' and `t` > '2020-01-01'";
	const SampleRows rows = MakeSampleRows(many, Scope(), 0);
	EXPECT_EQ(rows.rows.size(), kMostSampleRows);
	EXPECT_EQ(rows.rows, MakeSampleRows(many, Scope(), 0).rows);
	EXPECT_EQ(rows.rows.front(), std::vector<Sample>(4));
	EXPECT_EQ(MakeSampleRows("1 + 1", Scope(), 0).rows.size(), 1U);
}

class Answers : public testing::Test {
protected:
	Answers() {
		expression_.source = "`flag`";
		expression_.target = "\"flag\"";
		expression_.column.source_type = ParseSourceType("tinyint(1)", "", "");
		expression_.column.target_type = NamedTarget("boolean");
		expression_.scope = Scope();
		question_ = MakeQuestion(schema_, expression_); // NULL, 1, 0
	}

	static std::vector<SampleAnswer> Said(const std::vector<Sample> &values) {
		std::vector<SampleAnswer> answers;
		for (const Sample &value : values)
			answers.push_back({true, value, ""});
		return answers;
	}

	SourceSchema schema_;
	TranslatedExpression expression_;
	ExpressionQuestion question_;
};

TEST_F(Answers, EqualOnes) {
	const ExpressionVerdict verdict =
		CompareAnswers(question_, Said({std::nullopt, "1", "0"}), Said({std::nullopt, "1", "0"}));
	EXPECT_EQ(verdict.difference, "");
	EXPECT_EQ(verdict.compared, 3U);
}

TEST_F(Answers, ADifferenceNamesTheRowAndBothValues) {
	const ExpressionVerdict verdict = CompareAnswers(question_, Said({std::nullopt, "1", "0"}), Said({"1", "1", "0"}));
	EXPECT_EQ(verdict.difference, "where flag is NULL the source gives NULL, Postgres '1'");
}

TEST_F(Answers, AnErrorOfPostgresIsADifference) {
	std::vector<SampleAnswer> target = Said({std::nullopt, "1", "0"});
	target[1] = {false, std::nullopt, "division by zero"};
	EXPECT_EQ(CompareAnswers(question_, Said({std::nullopt, "1", "0"}), target).difference,
			  "where flag is '1' the source gives '1', Postgres an error: division by zero");
}

TEST_F(Answers, WhatTheSourceRefusesSaysNothing) {
	std::vector<SampleAnswer> source = Said({std::nullopt, "1", "0"});
	source[0] = {false, std::nullopt, "out of range"};
	const ExpressionVerdict verdict = CompareAnswers(question_, source, Said({"5", "1", "0"}));
	EXPECT_EQ(verdict.difference, "");
	EXPECT_EQ(verdict.compared, 2U);
}

TEST_F(Answers, NothingComparedIsNoProof) {
	std::vector<SampleAnswer> source(3);
	source[0].error = "out of range";
	EXPECT_EQ(CompareAnswers(question_, source, Said({"5", "1", "0"})).difference,
			  "the source computes it for no synthetic row: out of range");
}

TEST_F(Answers, AnswersOfAnotherShapeAreRefused) {
	SampleAnswers answers = NoAnswers({question_});
	EXPECT_THROW(TakeAnswers({{"0", "0", "1"}}, answers), Error);
	EXPECT_THROW(TakeAnswers({{"0", std::nullopt, "1", "1"}}, answers), Error);
	EXPECT_THROW(TakeAnswers({{"0", "3", "1", "1"}}, answers), Error);
	EXPECT_THROW(TakeAnswers({{"7", "0", "1", "1"}}, answers), Error);
}

TEST(Probes, AreHalvedDownToOneRow) {
	Probes probes{{0, 0, 5}, {1, 0, 1}};
	ASSERT_TRUE(CanBeHalved(probes));
	auto [one, other] = Halves(probes);
	EXPECT_EQ(one.size(), 1U);
	EXPECT_FALSE(CanBeHalved(other));
	std::tie(one, other) = Halves(Probes(one));
	EXPECT_EQ(one[0].count + other[0].count, 5U);
	EXPECT_EQ(other[0].first, one[0].count);
}

} // namespace
