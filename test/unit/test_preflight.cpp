// Regime: C++ (may throw, never calls Postgres)
//
// The questions of the preflight: which there are for which pair of types, how they are written, and what becomes of the answers. That
// conditions and converters agree is shown against servers: test/t/320_preflight.pl.
#include "core/preflight.hpp"
#include "core/preflight_conditions.hpp"
#include "core/preflight_keys.hpp"
#include "core/preflight_remedy.hpp"
#include "core/preflight_sizes.hpp"
#include "core/sql_literal.hpp"

#include "cells.hpp"

#include <gtest/gtest.h>

namespace alkconv::core {
namespace {

ColumnPlan Column(const std::string &source, const std::string &target, bool not_null = false) {
	ColumnPlan column;
	column.source_name = "v";
	column.target_name = "v";
	const bool text = source.find("char") != std::string::npos || source.find("text") != std::string::npos ||
					  source.find("enum") == 0 || source.find("set") == 0;
	column.source_type = ParseSourceType(source, text ? "utf8mb4" : "", text ? "utf8mb4_bin" : "");
	column.target_type = test::Target(target);
	column.not_null = not_null;
	return column;
}

std::string Checks(const std::string &source, const std::string &target, bool mariadb = false) {
	std::string names;
	const ColumnConditions conditions = FaultConditions(Column(source, target), mariadb);
	for (const ValueCondition &fault : conditions.faults)
		names += (names.empty() ? "" : " ") + std::string(fault.check);
	return names + (conditions.unchecked.empty() ? "" : names.empty() ? "?" : " ?");
}

TEST(PreflightConditions, AreThoseOfThePair) {
	EXPECT_EQ(Checks("int", "integer"), "");
	EXPECT_EQ(Checks("int unsigned", "integer"), "out_of_range");
	EXPECT_EQ(Checks("int unsigned", "bigint"), "");
	EXPECT_EQ(Checks("bigint", "bigint"), "");
	EXPECT_EQ(Checks("bigint unsigned", "bigint"), "out_of_range");
	EXPECT_EQ(Checks("mediumint", "smallint"), "out_of_range");
	EXPECT_EQ(Checks("tinyint unsigned", "smallint"), "");
	EXPECT_EQ(Checks("year", "smallint"), "");
	EXPECT_EQ(Checks("bit(31)", "integer"), "");
	EXPECT_EQ(Checks("bit(32)", "integer"), "out_of_range");
	EXPECT_EQ(Checks("bit(64)", "bigint"), "out_of_range");
	EXPECT_EQ(Checks("int", "numeric"), "");
	EXPECT_EQ(Checks("int", "numeric(3,0)"), "out_of_range");
	EXPECT_EQ(Checks("int", "numeric(2,-2)"), "out_of_range inexact_number");
	EXPECT_EQ(Checks("tinyint(1)", "boolean"), "not_boolean");
	EXPECT_EQ(Checks("bigint", "double precision"), "inexact_number");
	EXPECT_EQ(Checks("int", "public.positive"), "?");
	EXPECT_EQ(Checks("point", "bytea"), "");
	EXPECT_EQ(Checks("point", "public.geometry"), "reference_system ?");
	EXPECT_EQ(Checks("point", "public.geography(Point,4326)"), "reference_system ?");
	EXPECT_EQ(Checks("decimal(5,2)", "numeric(5,2)"), "");
	EXPECT_EQ(Checks("decimal(6,2)", "numeric(5,2)"), "out_of_range");
	EXPECT_EQ(Checks("decimal(5,3)", "numeric(5,2)"), "inexact_number");
	EXPECT_EQ(Checks("decimal(6,3)", "numeric(4,2)"), "out_of_range inexact_number");
	EXPECT_EQ(Checks("decimal(5,5)", "numeric(5,5)"), "");
	EXPECT_EQ(Checks("decimal(5,4)", "numeric(5,5)"), "out_of_range");
	EXPECT_EQ(Checks("decimal(5,5)", "numeric(2,5)"), "out_of_range");
	EXPECT_EQ(Checks("decimal(15,3)", "double precision"), "");
	EXPECT_EQ(Checks("decimal(16,3)", "double precision"), "?");
	EXPECT_EQ(Checks("double", "real"), "out_of_range inexact_number");
	EXPECT_EQ(Checks("double", "double precision"), "");
	EXPECT_EQ(Checks("date", "date"), "zero_date year_zero partial_date");
	EXPECT_EQ(Checks("datetime(6)", "timestamp(3) without time zone"),
			  "zero_date year_zero partial_date inexact_number");
	EXPECT_EQ(Checks("datetime(3)", "timestamp(3) without time zone"), "zero_date year_zero partial_date");
	EXPECT_EQ(Checks("timestamp", "timestamp with time zone"), "zero_date");
	EXPECT_EQ(Checks("time", "interval"), "");
	EXPECT_EQ(Checks("time", "time without time zone"), "out_of_range");
	EXPECT_EQ(Checks("varchar(20)", "text"), "nul_in_text");
	EXPECT_EQ(Checks("longtext", "text"), "value_too_large nul_in_text");
	EXPECT_EQ(Checks("varchar(20)", "character varying(5)"), "nul_in_text text_too_long");
	EXPECT_EQ(Checks("varchar(20)", "character varying(20)"), "nul_in_text");
	EXPECT_EQ(Checks("varchar(20)", "character varying(19)"), "nul_in_text text_too_long");
	EXPECT_EQ(Checks("text", "character varying(65535)"), "nul_in_text text_too_long");
	EXPECT_EQ(Checks("varbinary(20)", "character varying(20)"), "nul_in_text invalid_encoding");
	EXPECT_EQ(Checks("varchar(20)", "character(5)"), "nul_in_text text_too_long trailing_blanks");
	EXPECT_EQ(Checks("varchar(5)", "character(5)"), "nul_in_text trailing_blanks");
	EXPECT_EQ(Checks("varchar(20)", "bytea"), "");
	EXPECT_EQ(Checks("char(36)", "uuid"), "empty_uuid invalid_uuid");
	EXPECT_NE(FaultConditions(Column("char(36)", "uuid"), false)
				  .faults.at(1)
				  .sql.find("NOT IFNULL(IS_UUID(`v` COLLATE utf8mb4_bin),FALSE)"),
			  std::string::npos);
	EXPECT_EQ(FaultConditions(Column("char(36)", "uuid"), true).faults.at(1).sql.find("IS_UUID"), std::string::npos);
	EXPECT_EQ(Checks("binary(16)", "uuid"), "empty_uuid invalid_uuid");
	EXPECT_EQ(Checks("varbinary(16)", "text"), "nul_in_text invalid_encoding");
	EXPECT_EQ(Checks("json", "json"), "");
	EXPECT_EQ(Checks("json", "jsonb"), "nul_in_json");
	EXPECT_EQ(Checks("enum('a','b')", "enum(a|b)"), "enum_empty");
	EXPECT_EQ(Checks("enum('a','b')", "enum(a)"), "enum_empty unknown_label");
	EXPECT_EQ(Checks("enum('a','')", "enum(a|)"), "");
	EXPECT_EQ(Checks("varchar(9)", "enum(a|b)"), "unknown_label");
	EXPECT_EQ(Checks("set('a','b')", "text"), "");
}

TEST(PreflightConditions, QuoteNamesAndLabels) {
	ColumnPlan column = Column("tinyint(1)", "boolean");
	column.source_name = "we`ird";
	EXPECT_EQ(FaultConditions(column, false).faults.at(0).sql, "`we``ird` NOT IN (0,1)");
	EXPECT_EQ(FaultConditions(Column("varchar(9)", "enum(it's|b)"), false).faults.at(0).sql,
			  "CAST(`v` AS BINARY) NOT IN (X'69742773',X'62')");
	EXPECT_EQ(RegexLiteral("a'\\z"), "'a''\\\\z'");
}

TEST(PreflightConditions, SeeNullWhereARuleMakesIt) {
	ColumnPlan column = Column("char(36)", "uuid");
	column.policy.empty_to_null = true;
	EXPECT_EQ(RuledOperand(column, false), "IF(LENGTH(`v`)=0,NULL,`v`)");
	EXPECT_EQ(RuledOperand(column, false, "c"), "IF(LENGTH(c.`v`)=0,NULL,c.`v`)");
	column.source_sql = "IF(orphan,NULL,`t`.`v`)";
	EXPECT_EQ(RuledOperand(column, false), "IF(LENGTH(IF(orphan,NULL,`t`.`v`))=0,NULL,IF(orphan,NULL,`t`.`v`))");
}

std::string Names(const std::vector<ValueCondition> &conditions) {
	std::string names;
	for (const ValueCondition &condition : conditions)
		names += (names.empty() ? "" : " ") + std::string(condition.check);
	return names;
}

// "what remains a fault / what is none any more"
std::string ChecksUnder(const char *transform, ColumnPlan column) {
	column.policy.transforms = {ParseTransform(transform)};
	const ColumnConditions conditions = FaultConditions(column, false);
	return Names(conditions.faults) + " / " + Names(conditions.settled);
}

TEST(PreflightConditions, AreAboutWhatRulesLeave) {
	ColumnPlan column = Column("varchar(20)", "character varying(5)");
	column.policy.transforms = {ParseTransform("strip_nul")};
	const ColumnConditions conditions = FaultConditions(column, false);
	ASSERT_EQ(Names(conditions.faults), "nul_in_text text_too_long");
	const std::string stripped = "REPLACE(`v` COLLATE utf8mb4_bin,CHAR(0 USING utf8mb4),CONVERT(X'' USING utf8mb4))";
	EXPECT_EQ(conditions.faults[1].sql, "CHAR_LENGTH(" + stripped + ")>5");
	ASSERT_EQ(Names(conditions.settled), "nul_in_text text_too_long");
	EXPECT_EQ(conditions.settled[1].sql, "(CHAR_LENGTH(`v`)>5) AND NOT IFNULL(CHAR_LENGTH(" + stripped + ")>5,FALSE)");
	EXPECT_EQ(FaultConditions(Column("varchar(20)", "character varying(5)"), false).settled.size(), 0u);

	// bytes that are no text stay what they are
	ColumnPlan bytes = Column("varbinary(20)", "text");
	bytes.policy.transforms = {ParseTransform("replace_nul")};
	EXPECT_EQ(RuledOperand(bytes, false), "REPLACE(`v`,X'00',X'E29080')");
	EXPECT_EQ(ChecksUnder("strip_nul", bytes), "nul_in_text invalid_encoding / nul_in_text invalid_encoding");

	EXPECT_EQ(ChecksUnder("zero_date(-infinity)", Column("date", "date")), "year_zero partial_date / zero_date");
	EXPECT_EQ(ChecksUnder("inflate", Column("longtext", "text")),
			  "code_point_beyond_byte invalid_compressed / value_too_large nul_in_text");
	EXPECT_EQ(ChecksUnder("inflate", Column("longblob", "bytea")), "invalid_compressed / value_too_large");
	EXPECT_EQ(ChecksUnder("code_points_to_base64", Column("text", "character varying(40)")),
			  "code_point_beyond_byte text_too_long / nul_in_text text_too_long");
}

TEST(PreflightConditions, AreThoseOfTextWhereAnExpressionTakesIt) {
	ColumnPlan column = Column("varchar(9)", "integer");
	column.policy.expression = "value::int";
	EXPECT_EQ(Names(FaultConditions(column, false).faults), "nul_in_text");
	EXPECT_NE(FaultConditions(column, false).unchecked, "");
	ColumnPlan bytes = Column("varbinary(9)", "text");
	bytes.policy.expression = "value"; // hex digits
	EXPECT_EQ(Names(FaultConditions(bytes, false).faults), "");
}

// A table that is still to be created gets its types after its transforms.
TEST(PreflightConditions, LeaveOutTransformsThatDoNotFit) {
	ColumnPlan column = Column("varchar(9)", "integer");
	column.policy.transforms = {ParseTransform("clamp")};
	EXPECT_EQ(RuledOperand(column, false), "`v`");
	EXPECT_EQ(Names(FaultConditions(column, false).settled), "");
}

TEST(PreflightConditions, NamesThatOccurTwiceAreAskedWhereTheyCanBe) {
	EXPECT_EQ(Checks("json", "jsonb"), "nul_in_json"); // MySQL's own has none
	EXPECT_EQ(Checks("json", "jsonb", true), "value_too_large nul_in_text empty_text invalid_json nul_in_json "
											 "surrogate_in_json duplicate_member");
	EXPECT_EQ(Checks("text", "jsonb"),
			  "nul_in_text empty_text invalid_json nul_in_json surrogate_in_json duplicate_member");
	EXPECT_EQ(Checks("text", "json"), "nul_in_text empty_text invalid_json"); // which keeps both
	EXPECT_EQ(ChecksUnder("json_nul(strip)", Column("json", "jsonb")), "nul_in_json duplicate_member / nul_in_json");
	EXPECT_EQ(FaultConditions(Column("text", "jsonb"), true).doubts.size(), 2u); // and nested too deeply
	EXPECT_EQ(FaultConditions(Column("json", "jsonb"), false).doubts.size(), 0u);
}

TEST(PreflightRules, AreStatementsForThisColumnAlone) {
	EXPECT_EQ(
		RuleStatement({}, "users", "name", "transform", "strip_nul"),
		"INSERT INTO alkconv.rule (table_pattern, column_pattern, action, argument, reason) VALUES ('users', 'name', "
		"'transform', 'strip_nul', 'suggested by alkconv_preflight');");
	EXPECT_EQ(
		RuleStatement({"src", "public"}, "a_b", "", "exclude", ""),
		"INSERT INTO alkconv.rule (source, target_schema, table_pattern, action, reason) VALUES ('src', 'public', "
		"E'a\\\\_b', 'exclude', "
		"'suggested by alkconv_preflight');");
	EXPECT_EQ(SqlLiteral("it's"), "'it''s'");
}

std::string SuggestionFor(const char *source, const char *target, size_t fault, bool not_null) {
	const ColumnPlan column = Column(source, target, not_null);
	const Suggestion suggestion = SuggestRule(FaultConditions(column, false).faults.at(fault), column, {});
	return suggestion.action + (suggestion.argument.empty() ? "" : " " + suggestion.argument) +
		   (suggestion.gap.empty() ? "" : " <" + suggestion.gap + ">");
}

TEST(PreflightRules, MakeNullsOnlyWhereTheTargetAllowsThem) {
	EXPECT_EQ(SuggestionFor("date", "date", 0, false), "transform zero_date(null)");
	EXPECT_EQ(SuggestionFor("date", "date", 0, true), "transform zero_date(-infinity)");
	EXPECT_EQ(SuggestionFor("char(36)", "uuid", 0, false), "empty_to_null");
	EXPECT_EQ(SuggestionFor("char(36)", "uuid", 0, true),
			  "expression <an expression over value, of type uuid, with what stands for ''>");
	EXPECT_EQ(SuggestionFor("char(36)", "uuid", 1, false), "");
	EXPECT_EQ(SuggestionFor("enum('x','y')", "enum(x|y)", 0, true),
			  "transform <'enum_empty(...)' with the label that stands for it>");
	EXPECT_EQ(SuggestionFor("varchar(9)", "character varying(5)", 1, true), "expression left(value, 5)");
}

std::string SuggestionOf(const char *check, const ColumnPlan &column, const ColumnTies &ties = {}) {
	for (const ValueCondition &fault : FaultConditions(column, false).faults)
		if (fault.check == std::string(check)) {
			const Suggestion suggestion = SuggestRule(fault, column, ties);
			return suggestion.action + " " + suggestion.argument +
				   (suggestion.gap.empty() ? "" : "<" + suggestion.gap + ">") + suggestion.tied;
		}
	return "no such condition";
}

TEST(PreflightRules, AreThoseThatFitTheColumn) {
	EXPECT_EQ(SuggestionOf("out_of_range", Column("bigint", "integer")), "transform clamp");
	EXPECT_EQ(SuggestionOf("out_of_range", Column("varchar(9)", "smallint")), " ");
	EXPECT_EQ(SuggestionOf("out_of_range", Column("bit(64)", "integer")), " ");
	EXPECT_EQ(SuggestionOf("out_of_range", Column("double", "bigint")), " ");
	EXPECT_EQ(SuggestionOf("zero_date", Column("varchar(30)", "date")), " ");
	EXPECT_EQ(SuggestionOf("partial_date", Column("varchar(30)", "date")), " ");
	EXPECT_EQ(SuggestionOf("not_boolean", Column("bit(4)", "boolean")), " ");
}

// An expression gives text unless it says otherwise, and text goes into no other type.
TEST(PreflightRules, ExpressionsAreOfTheTargetsType) {
	EXPECT_EQ(SuggestionOf("empty_text", Column("varchar(9)", "numeric(5,2)", true)),
			  "expression <an expression over value, of type numeric(5,2), with what stands for ''>");
	EXPECT_EQ(SuggestionOf("empty_text", Column("varchar(30)", "date", true)),
			  "expression coalesce(nullif(value, ''), '-infinity')::date"); // as zero_date(-infinity)
	EXPECT_EQ(SuggestionOf("inexact_number", Column("datetime", "date")), "expression left(value, 10)::date");
	EXPECT_EQ(SuggestionOf("text_too_long", Column("varchar(9)", "character varying(5)")), "expression left(value, 5)");
}

TEST(PreflightRules, CutNoDigits) {
	EXPECT_EQ(SuggestionOf("text_too_long", Column("int", "character varying(2)")), " ");
	EXPECT_EQ(SuggestionOf("text_too_long", Column("date", "character varying(2)")), " ");
	EXPECT_EQ(SuggestionOf("nul_in_text", Column("varchar(64)", "name")), " ");
}

// Another value may collide with one that is there or lose its parent; NULL may not, but where it is nowhere allowed.
TEST(PreflightRules, BreakNothingThatTheColumnIsTiedTo) {
	ColumnTies unique;
	unique.Add({1, 1, "unique index u", false});
	EXPECT_EQ(SuggestionOf("text_too_long", Column("varchar(9)", "character varying(5)"), unique), " unique index u");
	EXPECT_EQ(SuggestionOf("out_of_range", Column("bigint", "integer"), unique), " unique index u");
	EXPECT_EQ(SuggestionOf("zero_date", Column("date", "date", true), unique), " unique index u");
	EXPECT_EQ(SuggestionOf("zero_date", Column("date", "date"), unique), "transform zero_date(null)");
	EXPECT_EQ(SuggestionOf("empty_uuid", Column("char(36)", "uuid"), unique), "empty_to_null ");
	unique.Add({1, 1, "CHECK constraint c", true});
	EXPECT_EQ(SuggestionOf("zero_date", Column("date", "date"), unique), " CHECK constraint c");
	EXPECT_EQ(SuggestionOf("text_too_long", Column("varchar(9)", "character varying(5)"), unique), " unique index u");
}

TEST(PreflightRules, WithAGapCannotRun) {
	EXPECT_EQ(RuleTemplate({"src", "public"}, "t", "it's", "expression", "what stands for ''"),
			  "INSERT INTO alkconv.rule (source, target_schema, table_pattern, column_pattern, action, argument, "
			  "reason) VALUES "
			  "('src', 'public', 't', 'it''s', 'expression', <what stands for ''>, 'suggested by alkconv_preflight');");
}

Transform Named(const char *text) { return ParseTransform(text); }

TEST(PreflightRules, FirstOfAnUnknownYearSettlesNothing) {
	ColumnPlan column = Column("date", "date", true);
	EXPECT_EQ(SuggestionOf("partial_date", column), "transform partial_date(first)");
	EXPECT_EQ(SuggestionOf("year_zero", column),
			  "expression (CASE WHEN value LIKE '0000-%' THEN '-infinity' ELSE value END)::date");
	column.not_null = false;
	EXPECT_EQ(SuggestionOf("year_zero", column), "transform partial_date(null)");
	column.policy.transforms = {Named("partial_date(first)")}; // another of that name would not be heard
	EXPECT_EQ(SuggestionOf("year_zero", column), " ");
}

TEST(PreflightRules, NoExpressionBesideATransformOfTheTargetsType) {
	ColumnPlan column = Column("decimal(12,2)", "integer");
	EXPECT_EQ(SuggestionOf("inexact_number", column), "expression round(value::numeric)");
	column.policy.transforms = {Named("clamp")};
	EXPECT_EQ(SuggestionOf("inexact_number", column), " ");

	const auto found = [](const char *name, RuleBeside beside) {
		Finding finding;
		finding.table = "t";
		finding.column = name;
		finding.rule = "INSERT";
		finding.beside = beside;
		return finding;
	};
	std::vector<Finding> findings = {found("a", RuleBeside::no_typed_transform), found("a", RuleBeside::no_expression),
									 found("b", RuleBeside::no_typed_transform),
									 found("b", RuleBeside::no_typed_transform), found("b", RuleBeside::any)};
	DropClashingRules(findings);
	std::string kept;
	for (const Finding &finding : findings)
		kept += finding.rule.empty() ? '-' : '+';
	EXPECT_EQ(kept, "-++-+");
}

// A table with an integer key and one column.
struct OneColumn {
	SourceTable source;
	TablePlan table;

	OneColumn(const char *source_type, const char *target_type, bool not_null = false) {
		source.name = table.source_name = "t";
		SourceColumn id, v;
		id.name = "id";
		id.type = ParseSourceType("int", "", "");
		id.nullable = false;
		v.name = "v";
		v.type = Column(source_type, target_type).source_type;
		source.columns = {id, v};
		ColumnPlan key = Column("int", "numeric", true);
		key.source_name = "id";
		table.columns = {key, Column(source_type, target_type, not_null)};
		table.columns[1].source = 1;
		table.key = {0};
	}
	TableQuestions Ask() const { return AskAboutValues(source, table, "`d`.`t`", {}); }
};

TEST(PreflightQuestions, AreOneQueryATable) {
	const TableQuestions questions = OneColumn("tinyint(1)", "boolean", true).Ask();
	ASSERT_EQ(questions.questions.size(), 2u);
	EXPECT_EQ(questions.questions[1].finding.check, "null_for_not_null");
	EXPECT_EQ(CountQuery(questions),
			  "SELECT COUNT(CASE WHEN `v` NOT IN (0,1) THEN 1 END),COUNT(CASE WHEN `v` IS NULL THEN 1 "
			  "END) FROM `d`.`t`");
	EXPECT_EQ(AnyQuery(questions), "SELECT EXISTS(SELECT 1 FROM `d`.`t` WHERE ((`v` NOT IN (0,1)) OR (`v` IS NULL)))");
	const std::string sample = SampleQuery(questions, {1});
	EXPECT_EQ(sample.find("NOT IN"), std::string::npos);
	EXPECT_NE(sample.find(" WHERE (`v` IS NULL)"), std::string::npos);
	EXPECT_NE(sample.find("CONCAT('(id)=('"), std::string::npos);
}

// No test bed holds such values.
TEST(PreflightQuestions, AreAboutValuesTooLargeForPostgres) {
	const auto condition = [](const OneColumn &column, const std::string &check) {
		for (const ValueQuestion &question : column.Ask().questions)
			if (question.finding.check == check)
				return std::string(SeverityName(question.finding.severity)) + ": " + question.condition;
		return std::string();
	};
	const std::string bytes = "LENGTH(CAST(`v` AS BINARY))";
	EXPECT_EQ(condition(OneColumn("longtext", "text"), "value_too_large"), "error: " + bytes + ">1073741819");
	EXPECT_EQ(condition(OneColumn("longtext", "bytea"), "value_too_large"), "error: " + bytes + ">1073741819");
	EXPECT_EQ(condition(OneColumn("longblob", "bytea"), "value_too_large"), "error: LENGTH(`v`)>1073741819");
	EXPECT_EQ(condition(OneColumn("mediumtext", "text"), "value_too_large"), "");
	EXPECT_EQ(condition(OneColumn("longtext", "jsonb"), "jsonb_limits"), "warning: " + bytes + ">268435455");
	EXPECT_EQ(condition(OneColumn("json", "jsonb"), "jsonb_limits"),
			  "warning: JSON_STORAGE_SIZE(`v`)>33554431 AND LENGTH(CAST(`v` AS CHAR CHARACTER SET utf8mb4) COLLATE "
			  "utf8mb4_bin)>268435455");
	EXPECT_EQ(condition(OneColumn("longtext", "json"), "jsonb_limits"), "");
	EXPECT_EQ(condition(OneColumn("text", "jsonb"), "jsonb_limits"), "");
}

TEST(PreflightQuestions, AreAboutRowsThatTakePart) {
	OneColumn one("tinyint(1)", "boolean");
	one.table.source_filter = "EXISTS(p)";
	EXPECT_EQ(CountQuery(one.Ask()),
			  "SELECT COUNT(CASE WHEN `v` NOT IN (0,1) THEN 1 END) FROM `d`.`t` WHERE EXISTS(p)");
	EXPECT_EQ(AnyQuery(one.Ask()), "SELECT EXISTS(SELECT 1 FROM `d`.`t` WHERE ((`v` NOT IN (0,1))) AND EXISTS(p))");
	EXPECT_NE(SampleQuery(one.Ask(), {0}).find(" WHERE ((`v` NOT IN (0,1))) AND EXISTS(p)"), std::string::npos);
}

TEST(PreflightAnswers, AreKeyAndExcerpt) {
	Finding finding;
	ReadSample(std::nullopt, finding);
	EXPECT_FALSE(finding.sampled);
	ReadSample("30:286964293D283729:6100", finding); // (id)=(7), a and NUL
	EXPECT_TRUE(finding.sampled);
	EXPECT_EQ(finding.sample_key, "(id)=(7)");
	EXPECT_EQ(finding.sample_value, "a\\x00");
	ReadSample("::-", finding);
	EXPECT_EQ(finding.sample_key, "");
	EXPECT_EQ(finding.sample_value, "null");
	EXPECT_THROW(ReadSample("abc", finding), Error);
}

Finding Of(Severity severity, const char *table, const char *check) {
	Finding finding;
	finding.severity = severity;
	finding.table = table;
	finding.check = check;
	return finding;
}

TEST(PreflightFindings, AreSorted) {
	std::vector<Finding> findings = {Of(Severity::info, "a", "x"), Of(Severity::error, "b", "x"),
									 Of(Severity::error, "a", "y"), Of(Severity::error, "a", "x"),
									 Of(Severity::warning, "a", "x")};
	SortFindings(findings);
	std::string order;
	for (const Finding &finding : findings)
		order += std::string(SeverityName(finding.severity)) + finding.table + finding.check + " ";
	EXPECT_EQ(order, "errorax erroray errorbx warningax infoax ");
}

TEST(PreflightPlan, ProblemsAreErrorsAndIdleRulesWarnings) {
	SourceSchema source;
	source.tables.push_back(OneColumn("int", "integer").source);
	source.objects = {{"view", "v1", "", ""}, {"view", "v2", "", ""}};
	Plan plan;
	plan.problems.push_back({Code::missing_target, "t", "v", "source column t.v has no column", "Do it."});
	plan.excluded = {{"gone", "rule exclude", true}, {"other", "not among the included", false}};
	plan.unused = {{"tt%", "", "exclude"}};
	const std::vector<Finding> findings = FindingsOfPlan(source, plan, {});
	ASSERT_EQ(findings.size(), 4u);
	EXPECT_EQ(findings[0].check, "missing_target");
	EXPECT_EQ(findings[0].remedy, "Source column t.v has no column. Do it.");
	EXPECT_EQ(findings[0].rule, ""); // nothing that leaves something in the source is suggested
	EXPECT_EQ(findings[1].check, "idle_rule");
	EXPECT_EQ(findings[1].severity, Severity::warning);
	EXPECT_EQ(findings[1].remedy.substr(0, 46), "Rule exclude matches nothing in the source. Pa");
	EXPECT_EQ(findings[2].check, "table_left_out");
	EXPECT_EQ(findings[3].remedy, "2 views of the source stay there: \"v1\", \"v2\".");
}

// Tables parent and child, both of one text key; the child refers to the parent.
struct Pair {
	SourceSchema source;
	Plan plan;
	TargetFacts facts;

	explicit Pair(const char *target_type) {
		source.database = "d";
		for (const char *name : {"child", "parent"}) {
			SourceTable table;
			table.name = name;
			SourceColumn column;
			column.name = "v";
			column.type = ParseSourceType("varchar(36)", "utf8mb4", "utf8mb4_general_ci");
			table.columns.push_back(column);
			source.tables.push_back(table);
			TablePlan planned;
			planned.source = source.tables.size() - 1;
			planned.source_name = planned.target_name = name;
			planned.target_oid = static_cast<uint32_t>(source.tables.size());
			planned.columns = {Column("varchar(36)", target_type)};
			planned.columns[0].source_type = column.type;
			planned.columns[0].attnum = 1;
			plan.tables.push_back(planned);
		}
		TargetForeignKey key;
		key.name = "fk";
		key.child = 1;
		key.parent = 2;
		key.parent_name = "parent";
		key.child_columns = key.parent_columns = {1};
		facts.foreign_keys.push_back(key);
		SourceForeignKey own;
		own.columns = {0};
		own.parent_database = "d";
		own.parent_table = "parent";
		own.parent_columns = {"v"};
		source.tables[0].foreign_keys.push_back(own);
		SourceKey primary;
		primary.unique = true;
		primary.parts.emplace_back();
		primary.parts[0].column = 0;
		source.tables[1].keys.push_back(primary);
	}
	std::vector<std::string> Checks() const {
		std::vector<std::string> checks;
		for (const KeyQuestion &question : AskAboutReferences(source, plan, facts, {}, {}).questions)
			checks.push_back(question.finding.check);
		for (const KeyQuestion &question : AskAboutUniqueness(source, plan, facts, {}).questions)
			checks.push_back(question.finding.check);
		return checks;
	}
};

using Strings = std::vector<std::string>;

// Keys are compared as bytes where the same bytes are the same value to both servers, and where that is sooner told than by look-ups.
TEST(PreflightKeys, AreComparedAsBytesWhereThatSaysIt) {
	const auto keys = [](const Pair &family) {
		const std::vector<KeyQuestion> questions =
			AskAboutReferences(family.source, family.plan, family.facts, {}, {}).questions;
		return questions.at(0).child_keys.empty() ? "no" : "yes";
	};
	EXPECT_STREQ(keys(Pair("text")), "yes");
	EXPECT_STREQ(keys(Pair("uuid")), "yes");
	EXPECT_STREQ(keys(Pair("public.citext")), "no");
	Pair ruled("text");
	for (TablePlan &table : ruled.plan.tables)
		for (ColumnPlan &column : table.columns)
			column.policy.transforms = {ParseTransform("trim_pad")};
	EXPECT_STREQ(keys(ruled), "no");
	Pair many("uuid");
	many.source.tables[0].row_estimate = 10;
	many.source.tables[1].row_estimate = 49;
	EXPECT_STREQ(keys(many), "no");
	many.source.tables[1].row_estimate = 40;
	EXPECT_STREQ(keys(many), "yes");
}

TEST(PreflightKeys, AskForOrphansAndForSpellingsOfTexts) {
	EXPECT_EQ(Pair("text").Checks(), (Strings{"orphan", "parent_spelling"}));
	EXPECT_EQ(Pair("uuid").Checks(), (Strings{"orphan"})); // which ignore case themselves
	Pair family("text");
	const KeyQuestions asked = AskAboutReferences(family.source, family.plan, family.facts, {}, {});
	EXPECT_EQ(asked.questions.at(0).gate,
			  "SELECT EXISTS(SELECT 1 FROM `d`.`child` AS c WHERE c.`v` IS NOT NULL AND NOT EXISTS(SELECT 1 FROM "
			  "`d`.`parent` AS p WHERE p.`v`=c.`v` AND CAST(p.`v` AS BINARY)=CAST(c.`v` AS BINARY)))");
	EXPECT_EQ(asked.questions.at(0).child_keys,
			  "SELECT CAST(c.`v` AS BINARY) FROM `d`.`child` AS c WHERE c.`v` IS NOT NULL");
	EXPECT_EQ(asked.questions.at(0).parent_keys, "SELECT CAST(p.`v` AS BINARY) FROM `d`.`parent` AS p");
	EXPECT_NE(asked.questions.at(0).finding.rule.find("'orphans'"), std::string::npos);
	EXPECT_NE(asked.questions.at(1).finding.rule.find("'parent_spelling'"), std::string::npos);

	family.source.tables[0].foreign_keys.clear(); // rules about foreign keys are about those of the source
	family.source.tables[1].keys.clear();
	const KeyQuestions of_target = AskAboutReferences(family.source, family.plan, family.facts, {}, {});
	ASSERT_EQ(of_target.questions.size(), 3u);
	EXPECT_EQ(of_target.questions[2].finding.check, "ambiguous_parent"); // which only a parent of several spellings is
	for (const KeyQuestion &question : of_target.questions)
		EXPECT_EQ(question.finding.rule, "");
}

TEST(PreflightKeys, AreAboutRowsThatTakePart) {
	Pair family("text");
	family.plan.tables[0].source_filter = "of_child";
	family.plan.tables[1].source_filter = "of_parent";
	KeyQuestions asked = AskAboutReferences(family.source, family.plan, family.facts, {}, {});
	const std::string rows = " FROM (SELECT `v` FROM `d`.`child` WHERE of_child) AS c WHERE ";
	EXPECT_NE(asked.questions.at(0).query.find(rows), std::string::npos);
	EXPECT_NE(asked.questions.at(0).query.find(" FROM (SELECT `v` FROM `d`.`parent` WHERE of_parent) AS p WHERE "),
			  std::string::npos);
	Rule rule; // which leaves them out: how many that are, is told
	rule.table_pattern = "child";
	rule.column_pattern = "v";
	rule.action = RuleAction::orphans;
	rule.argument = "delete";
	asked = AskAboutReferences(family.source, family.plan, family.facts, RuleSet({rule}), {});
	EXPECT_EQ(asked.questions.at(0).finding.severity, Severity::info);
	EXPECT_EQ(asked.questions.at(0).query.find(rows), std::string::npos);
	EXPECT_EQ(asked.questions.at(1).finding.severity, Severity::error);
	EXPECT_NE(asked.questions.at(1).query.find(rows), std::string::npos);
}

TEST(PreflightKeys, LeaveParentsOutsideTheRunToTheTarget) {
	Pair family("text");
	family.plan.tables.pop_back();
	const KeyQuestions asked = AskAboutReferences(family.source, family.plan, family.facts, {}, {});
	EXPECT_TRUE(asked.questions.empty());
	EXPECT_TRUE(asked.notes.empty());
}

TEST(PreflightKeys, AskForDuplicatesUnlessTheSourceForbidsThem) {
	Pair family("text");
	family.facts.foreign_keys.clear();
	TargetKey key;
	key.name = "one";
	key.table = 1;
	key.unique = true;
	key.columns = {1};
	family.facts.keys.push_back(key);
	EXPECT_EQ(family.Checks(), (Strings{"duplicate"}));
	SourceKey unique;
	unique.name = "u";
	unique.unique = true;
	unique.parts.emplace_back();
	unique.parts[0].column = 0;
	family.source.tables[0].keys.push_back(unique);
	EXPECT_EQ(family.Checks(), Strings());
	family.source.tables[0].keys[0].parts[0].prefix = 3; // says more than the target asks
	EXPECT_EQ(family.Checks(), Strings());
	Pair uuids("uuid");
	uuids.facts.foreign_keys.clear();
	uuids.facts.keys.push_back(key);
	uuids.source.tables[0].keys.push_back(unique); // other spellings are other texts
	const KeyQuestions asked = AskAboutUniqueness(uuids.source, uuids.plan, uuids.facts, {});
	ASSERT_EQ(asked.questions.size(), 1u);
	EXPECT_NE(asked.questions[0].query.find("NOT IN (0,36)"), std::string::npos);
}

// The child's column is unique on both sides, under this collation.
Pair Unique(const char *target_type, const char *collation) {
	Pair family(target_type);
	family.source.tables[1].keys.clear();
	family.facts.foreign_keys.clear();
	TargetKey key;
	key.name = "one";
	key.table = 1;
	key.unique = true;
	key.columns = {1};
	family.facts.keys.push_back(key);
	SourceKey unique;
	unique.name = "u";
	unique.unique = true;
	unique.parts.emplace_back();
	unique.parts[0].column = 0;
	family.source.tables[0].keys.push_back(unique);
	family.plan.tables[0].columns[0].source_type = ParseSourceType("varchar(36)", "utf8mb4", collation);
	return family;
}

std::string NotesOf(const Pair &family) {
	std::string notes;
	for (const Finding &note : AskAboutUniqueness(family.source, family.plan, family.facts, {}).notes)
		notes += note.check + " ";
	return notes;
}

TEST(PreflightKeys, TheSourcesAreTrustedWhereValuesStayApart) {
	EXPECT_EQ(NotesOf(Unique("text", "utf8mb4_0900_bin")), "");
	EXPECT_EQ(Unique("integer", "utf8mb4_0900_bin").Checks(), (Strings{"duplicate"})); // '1' and '01'
	EXPECT_EQ(Unique("numeric(5,2)", "utf8mb4_0900_bin").Checks(), (Strings{"duplicate"}));
	EXPECT_EQ(Unique("timestamp without time zone", "utf8mb4_0900_bin").Checks(), (Strings{"duplicate"}));
	EXPECT_EQ(Unique("date", "utf8mb4_0900_bin").Checks(), Strings());				 // one spelling each
	EXPECT_EQ(NotesOf(Unique("numeric", "utf8mb4_0900_bin")), "not_checked_ahead "); // more digits than MySQL's numbers
	EXPECT_EQ(NotesOf(Unique("timestamp with time zone", "utf8mb4_0900_bin")), "not_checked_ahead ");
	Pair ruled = Unique("text", "utf8mb4_0900_bin");
	ColumnPolicy &policy = ruled.plan.tables[0].columns[0].policy;
	policy.transforms = {Named("trim_pad")};
	EXPECT_EQ(ruled.Checks(), (Strings{"duplicate"}));
	policy.transforms = {Named("inflate")};
	EXPECT_EQ(NotesOf(ruled), "not_checked_ahead ");
	policy.transforms = {Named("code_points_to_base64")};
	EXPECT_EQ(NotesOf(ruled), "");
	policy.transforms.clear();
	policy.expression = "lower(value)";
	EXPECT_EQ(NotesOf(ruled), "not_checked_ahead ");
	EXPECT_EQ(Unique("uuid", "utf8mb4_0900_bin").Checks(), (Strings{"duplicate"}));
}

TEST(PreflightKeys, WeakerOnesAreNoted) {
	const auto remedy = [](const char *collation) {
		const Pair family = Unique("text", collation);
		const KeyQuestions asked = AskAboutUniqueness(family.source, family.plan, family.facts, {});
		const std::string text = asked.notes.empty() ? "" : asked.notes[0].remedy;
		return text.substr(0, text.find(" in the source"));
	};
	EXPECT_EQ(remedy("utf8mb4_0900_bin"), "");
	EXPECT_EQ(remedy("utf8mb4_nopad_bin"), "");
	EXPECT_EQ(remedy("utf8mb4_bin"), "Unique key \"u\" ignores blanks at the end");
	EXPECT_EQ(remedy("utf8mb4_0900_ai_ci"), "Unique key \"u\" ignores case");
	EXPECT_EQ(remedy("utf8mb4_general_ci"), "Unique key \"u\" ignores case and blanks at the end");
	EXPECT_EQ(remedy("utf8mb4_0900_as_cs"), "Unique key \"u\" ignores other spellings of a character");
	EXPECT_EQ(NotesOf(Unique("character(36)", "utf8mb4_bin")), ""); // which ignores them itself

	Pair functional = Unique("text", "utf8mb4_0900_bin");
	functional.source.tables[0].keys[0].parts[0] = {std::nullopt, 0, false, "lower(`v`)"};
	EXPECT_EQ(NotesOf(functional), "weaker_unique ");
	functional.facts.keys[0].with_expressions = true; // may be the same
	EXPECT_EQ(NotesOf(functional), "not_checked_ahead ");
}

std::vector<SizeQuestion> SizesOf(const Pair &family, const RuleSet &rules = {}) {
	return AskAboutSizes(family.source, family.plan, family.facts, rules, {});
}

TEST(PreflightSizes, EntriesAreLookedAtWhereTheyMayBeTooLong) {
	Pair family("text");
	TargetKey key;
	key.name = "by_v";
	key.table = 1;
	key.btree = true;
	key.columns = {1};
	family.facts.keys.push_back(key);
	EXPECT_TRUE(SizesOf(family).empty());
	family.plan.tables[0].columns[0].source_type = ParseSourceType("text", "utf8mb4", "utf8mb4_bin");
	ASSERT_EQ(SizesOf(family).size(), 1u);
	EXPECT_EQ(SizesOf(family)[0].condition, "IFNULL(LENGTH(CAST(`v` AS BINARY)),0)>2692");
	EXPECT_EQ(SizesOf(family)[0].finding.check, "index_entry_too_long");
	family.facts.keys[0].with_expressions = true;
	EXPECT_TRUE(SizesOf(family).empty());
}

TEST(PreflightSizes, OfNewTablesByTheSourcesKeys) {
	Pair family("text");
	TablePlan &table = family.plan.tables[0];
	table.create = true;
	table.columns[0].source_type = ParseSourceType("mediumtext", "utf8mb4", "utf8mb4_bin");
	SourceKey key;
	key.name = "k";
	key.type = "BTREE";
	key.parts.emplace_back();
	key.parts[0].column = table.columns[0].source;
	key.parts[0].prefix = 100;
	family.source.tables[0].keys = {key};
	EXPECT_TRUE(SizesOf(family).empty()) << "100 characters fit";
	family.source.tables[0].keys[0].parts[0].prefix = 3000;
	ASSERT_EQ(SizesOf(family).size(), 1u);
	EXPECT_NE(SizesOf(family)[0].condition.find("LEFT("), std::string::npos);
	EXPECT_NE(SizesOf(family)[0].finding.rule.find("'skip_index', 'k'"), std::string::npos);
	family.source.tables[0].keys[0].unique = true;
	ASSERT_EQ(SizesOf(family).size(), 1u);
	EXPECT_EQ(SizesOf(family)[0].finding.rule, "") << "a promise is not left out";
	EXPECT_NE(SizesOf(family)[0].finding.remedy.find("the key is unique"), std::string::npos);
	family.source.tables[0].keys[0].unique = false;
	family.source.tables[0].keys[0].type = "FULLTEXT";
	ASSERT_EQ(SizesOf(family).size(), 1u);
	EXPECT_EQ(SizesOf(family)[0].finding.check, "text_search_too_long");
	Rule rule;
	rule.table_pattern = "%";
	rule.action = RuleAction::skip_index;
	rule.argument = "k";
	EXPECT_TRUE(SizesOf(family, RuleSet({rule})).empty()) << "the index is not made";
}

TEST(PreflightSizes, RowsOfManyValues) {
	Pair family("text");
	TablePlan &table = family.plan.tables[0];
	table.columns.resize(1);
	table.columns.resize(300, table.columns[0]);
	EXPECT_TRUE(SizesOf(family).empty());
	table.columns.resize(400, table.columns[0]);
	ASSERT_EQ(SizesOf(family).size(), 1u);
	EXPECT_EQ(SizesOf(family)[0].finding.check, "row_too_long");
	EXPECT_EQ(SizesOf(family)[0].kind, SizeQuestion::Kind::row);
}

} // namespace
} // namespace alkconv::core
