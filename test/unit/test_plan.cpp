// Regime: C++ (may throw, never calls Postgres)
//
// The plan: which table and column goes where, and everything that forbids it, word by word.
#include "core/plan.hpp"
#include "core/plan_names.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace alkconv::core {
namespace {

SourceColumn From(const char *name, const char *type, bool nullable = false) {
	SourceColumn column;
	column.name = name;
	const bool text =
		std::string(type).find("char") != std::string::npos || std::string(type).find("text") != std::string::npos;
	column.type = ParseSourceType(type, text ? "utf8mb4" : "", text ? "utf8mb4_0900_ai_ci" : "");
	column.nullable = nullable;
	return column;
}

TargetColumn To(const char *name, PgKind kind, const char *type, bool not_null = false, int32_t length = -1) {
	TargetColumn column;
	column.name = name;
	column.type.kind = kind;
	column.type.text = type;
	column.type.length = length;
	column.not_null = not_null;
	return column;
}

SourceKey Unique(const char *name, std::vector<size_t> columns) {
	SourceKey key;
	key.name = name;
	key.unique = true;
	for (const size_t column : columns) {
		SourceKey::Part part;
		part.column = column;
		key.parts.push_back(part);
	}
	return key;
}

SourceTable Source(const char *name, std::vector<SourceColumn> columns, std::vector<SourceKey> keys = {}) {
	SourceTable table;
	table.name = name;
	table.engine = "InnoDB";
	table.columns = std::move(columns);
	table.keys = std::move(keys);
	return table;
}

TargetTable Target(const char *name, std::vector<TargetColumn> columns, char relkind = 'r') {
	TargetTable table;
	table.oid = 4711;
	table.schema = "public";
	table.name = name;
	table.relkind = relkind;
	table.columns = std::move(columns);
	for (size_t i = 0; i < table.columns.size(); i++)
		table.columns[i].attnum = static_cast<int16_t>(i + 1);
	return table;
}

Rule RuleOf(int64_t id, const char *table, const char *column, RuleAction action, const char *argument = "") {
	Rule rule;
	rule.id = id;
	rule.table_pattern = table;
	rule.column_pattern = column;
	rule.action = action;
	rule.argument = argument;
	rule.reason = "why";
	return rule;
}

Plan MakePlanOf(std::vector<SourceTable> sources, std::vector<TargetTable> targets, std::vector<Rule> rules = {},
				const PlanOptions &options = {}) {
	SourceSchema source;
	source.database = "shop";
	source.tables = std::move(sources);
	TargetSchema target;
	target.name = "public";
	target.tables = std::move(targets);
	return MakePlan(source, target, RuleSet(std::move(rules)), options);
}

// "code table.column: message / hint" of each problem would be unwieldy; these are the parts that tests look at.
std::vector<std::string> Messages(const Plan &plan) {
	std::vector<std::string> messages;
	for (const PlanProblem &problem : plan.problems)
		messages.push_back(problem.message);
	return messages;
}

using Strings = std::vector<std::string>;

SourceTable SourceT() { return Source("t", {From("id", "int")}, {Unique("PRIMARY", {0})}); }
TargetTable TargetT() { return Target("t", {To("id", PgKind::int4, "integer", true)}); }

TEST(PlanArguments, AreParsedOrRefusedWithTheValidOnes) {
	EXPECT_EQ(ParseMode("auto"), Mode::automatic);
	EXPECT_EQ(ParseMode("existing"), Mode::existing);
	EXPECT_EQ(ParseMode("create"), Mode::create);
	EXPECT_EQ(ParseOnExisting("error"), OnExisting::error);
	EXPECT_EQ(ParseOnExisting("replace"), OnExisting::replace);
	EXPECT_EQ(ParseVerifyLevel("full"), VerifyLevel::full);
	EXPECT_EQ(ParseVerifyLevel("counts"), VerifyLevel::counts);
	try {
		ParseOnExisting("truncate");
		FAIL();
	} catch (const Error &error) {
		EXPECT_EQ(error.code(), Code::invalid_option_value);
		EXPECT_EQ(error.message(), "invalid value for on_existing: \"truncate\"");
		EXPECT_EQ(error.hint(), "Valid values: error, replace.");
	}
	EXPECT_THROW(ParseMode(""), Error);
	EXPECT_THROW(ParseVerifyLevel("FULL"), Error);
}

TEST(Names, SnakeCase) {
	EXPECT_EQ(SnakeCase("createdDate"), "created_date");
	EXPECT_EQ(SnakeCase("CreatedDate"), "created_date");
	EXPECT_EQ(SnakeCase("created_date"), "created_date");
	EXPECT_EQ(SnakeCase("resourceID"), "resource_id");
	EXPECT_EQ(SnakeCase("HTTPServer"), "http_server");
	EXPECT_EQ(SnakeCase("line2Address"), "line2_address");
	EXPECT_EQ(SnakeCase("ID"), "id");
	EXPECT_EQ(SnakeCase(""), "");
}

TEST(Names, ExactBeforeFoldedBeforeSnake) {
	const std::vector<NameMatch> matches =
		MatchNames({"id", "ID", "createdDate", "nope"}, {"Id", "id", "created_date"});
	EXPECT_EQ(matches[0].target, std::optional<size_t>(1));
	EXPECT_EQ(matches[0].level, NameLevel::exact);
	EXPECT_EQ(matches[1].target, std::optional<size_t>(0)); // "id" is settled, so "Id" alone is left
	EXPECT_EQ(matches[1].level, NameLevel::folded_case);
	EXPECT_EQ(matches[2].target, std::optional<size_t>(2));
	EXPECT_EQ(matches[2].level, NameLevel::snake_case);
	EXPECT_FALSE(matches[3].target || matches[3].ambiguous());
}

TEST(Names, NeverGuesses) {
	const std::vector<NameMatch> two_targets = MatchNames({"name"}, {"Name", "NAME"});
	EXPECT_TRUE(two_targets[0].ambiguous());
	EXPECT_EQ(two_targets[0].candidates, (std::vector<size_t>{0, 1}));
	const std::vector<NameMatch> two_sources = MatchNames({"Name", "NAME"}, {"name"});
	EXPECT_TRUE(two_sources[0].ambiguous() && two_sources[1].ambiguous());
	EXPECT_EQ(two_sources[0].competitors, std::vector<size_t>{1});
}

TEST(Plan, MapsColumnsByNameInTheSourcesOrder) {
	const Plan plan =
		MakePlanOf({Source("user", {From("b", "int", true), From("id", "char(36)"), From("createdDate", "datetime(6)")},
						   {Unique("PRIMARY", {1})})},
				   {Target("user", {To("id", PgKind::uuid, "uuid", true),
									To("created_date", PgKind::timestamp, "timestamp without time zone", true),
									To("b", PgKind::int4, "integer")})});
	EXPECT_EQ(Messages(plan), Strings{});
	ASSERT_EQ(plan.tables.size(), 1u);
	const TablePlan &table = plan.tables[0];
	EXPECT_EQ(table.target_oid, 4711u);
	EXPECT_FALSE(table.create || table.replace);
	ASSERT_EQ(table.columns.size(), 3u);
	EXPECT_EQ(table.columns[0].target_name, "b");
	EXPECT_EQ(table.columns[0].attnum, 3);
	EXPECT_FALSE(table.columns[0].not_null);
	EXPECT_EQ(table.columns[1].attnum, 1);
	EXPECT_TRUE(table.columns[1].not_null);
	EXPECT_NE(table.columns[1].conversion.convert, nullptr);
	EXPECT_EQ(table.columns[2].target_name, "created_date");
	EXPECT_EQ(table.columns[2].note, "the target is spelled \"created_date\"");
	EXPECT_EQ(table.key, std::vector<size_t>{1});
	EXPECT_EQ(table.notes, Strings{});
}

TEST(Plan, TablesAreInTheOrderOfTheirNames) {
	const Plan plan =
		MakePlanOf({Source("b", {From("i", "int")}), Source("B", {From("i", "int")}), Source("a", {From("i", "int")})},
				   {Target("a", {To("i", PgKind::int4, "integer")}), Target("b", {To("i", PgKind::int4, "integer")}),
					Target("B", {To("i", PgKind::int4, "integer")})});
	Strings names;
	for (const TablePlan &table : plan.tables)
		names.push_back(table.source_name);
	EXPECT_EQ(names, (Strings{"B", "a", "b"}));
	EXPECT_EQ(plan.tables[0].source, 1u);
}

TEST(Plan, ListsTablesWithoutTarget) {
	const Plan plan = MakePlanOf(
		{SourceT(), Source("opportunity", {From("i", "int")}), Source("challenge", {From("i", "int")})}, {TargetT()});
	ASSERT_EQ(plan.problems.size(), 1u);
	EXPECT_EQ(plan.problems[0].code, Code::missing_target);
	EXPECT_EQ(plan.problems[0].table, "challenge");
	EXPECT_EQ(plan.problems[0].message,
			  "2 source tables have no table in target schema \"public\": \"challenge\", \"opportunity\"");
	EXPECT_EQ(plan.problems[0].hint, "Leave them in the source with a rule (action exclude) or with argument exclude, "
									 "or let them be created with mode => 'create'.");
	EXPECT_EQ(Messages(MakePlanOf({SourceT(), Source("x", {From("i", "int")})}, {TargetT()})),
			  Strings{"source table \"x\" has no table in target schema \"public\""});
}

TEST(Plan, ExcludedTablesAreListedWithTheReason) {
	PlanOptions options;
	options.include = {"t", "challenge", "o%"};
	options.exclude = {"opp%"};
	const Plan plan =
		MakePlanOf({SourceT(), Source("challenge", {}), Source("opportunity", {}), Source("migrations", {})},
				   {TargetT()}, {RuleOf(1, "challenge", "", RuleAction::exclude_table)}, options);
	EXPECT_EQ(Messages(plan), Strings{});
	ASSERT_EQ(plan.excluded.size(), 3u);
	EXPECT_EQ(plan.excluded[0].name + ": " + plan.excluded[0].reason, "challenge: rule exclude: why");
	EXPECT_EQ(plan.excluded[1].name + ": " + plan.excluded[1].reason, "migrations: not among the included");
	EXPECT_EQ(plan.excluded[2].name + ": " + plan.excluded[2].reason, "opportunity: excluded by argument");
	EXPECT_TRUE(plan.excluded[0].asked_for && plan.excluded[2].asked_for);
	EXPECT_FALSE(plan.excluded[1].asked_for);
	EXPECT_EQ(plan.tables.size(), 1u);
}

TEST(Plan, PatternsThatMatchNothingAreProblems) {
	PlanOptions options;
	options.include = {"t", "typo"};
	options.exclude = {"T", "left\\_out", "left%"}; // the last one matches a table that is not included
	const Plan plan = MakePlanOf({SourceT(), Source("leftover", {})}, {TargetT()}, {}, options);
	EXPECT_EQ(Messages(plan), (Strings{"include pattern \"typo\" matches no table of source database \"shop\"",
									   "exclude pattern \"T\" matches no table of source database \"shop\"",
									   "exclude pattern \"left\\_out\" matches no table of source database \"shop\""}));
	for (const PlanProblem &problem : plan.problems)
		EXPECT_EQ(problem.code, Code::invalid_option_value);
}

TEST(Plan, AmbiguousTablesAreNotGuessed) {
	const Plan plan = MakePlanOf({Source("User", {From("i", "int")}), Source("USER", {From("i", "int")})},
								 {Target("user", {To("i", PgKind::int4, "integer")})});
	EXPECT_TRUE(plan.tables.empty());
	EXPECT_EQ(Messages(plan),
			  (Strings{"source table \"USER\" could be \"user\" of target schema \"public\", and so could \"User\"",
					   "source table \"User\" could be \"user\" of target schema \"public\", and so could \"USER\""}));
	EXPECT_EQ(plan.problems[0].code, Code::ambiguous_name);
}

TEST(Plan, TargetsThatAreNoOrdinaryTablesAreRefused) {
	const std::pair<char, const char *> kinds[] = {
		{'v', "a view"}, {'m', "a materialized view"}, {'f', "a foreign table"}};
	for (const auto &[relkind, text] : kinds) {
		const Plan plan = MakePlanOf({SourceT()}, {Target("t", {To("id", PgKind::int4, "integer")}, relkind)});
		ASSERT_EQ(plan.problems.size(), 1u) << relkind;
		EXPECT_EQ(plan.problems[0].code, Code::unsupported);
		EXPECT_EQ(plan.problems[0].table, "t");
		EXPECT_EQ(plan.problems[0].message, std::string("target \"public\".\"t\" of source table \"t\" is ") + text +
												", which alkconv cannot load");
		EXPECT_TRUE(plan.tables.empty());
	}
}

TEST(Plan, PartitionedTargetsAreLoaded) {
	const Plan plan = MakePlanOf({SourceT()}, {Target("t", {To("id", PgKind::int4, "integer")}, 'p')});
	EXPECT_EQ(Messages(plan), Strings{});
	EXPECT_EQ(plan.tables.size(), 1u);
}

TEST(Plan, RowsOfTheTargetAreReplacedOnRequestOrByRule) {
	EXPECT_FALSE(MakePlanOf({SourceT()}, {TargetT()}).tables[0].replace);
	PlanOptions options;
	options.on_existing = OnExisting::replace;
	EXPECT_TRUE(MakePlanOf({SourceT()}, {TargetT()}, {}, options).tables[0].replace);
	const Plan seeded = MakePlanOf({SourceT()}, {TargetT()}, {RuleOf(1, "t", "", RuleAction::replace_seeded)});
	EXPECT_TRUE(seeded.tables[0].replace);
	EXPECT_EQ(seeded.tables[0].rule, "replace_seeded: why");
}

TEST(Plan, SourceColumnsWithoutTargetNeedARule) {
	const SourceTable source = Source("t", {From("id", "int"), From("old", "int")});
	const Plan plan = MakePlanOf({source}, {TargetT()});
	ASSERT_EQ(plan.problems.size(), 1u);
	EXPECT_EQ(plan.problems[0].code, Code::missing_target);
	EXPECT_EQ(plan.problems[0].table + "." + plan.problems[0].column, "t.old");
	EXPECT_EQ(plan.problems[0].message, "source column \"t\".\"old\" has no column in target table \"public\".\"t\"");
	EXPECT_EQ(plan.problems[0].hint,
			  "Leave it in the source with a rule (action skip_column), or add the column to the target.");

	const Plan skipped = MakePlanOf({source}, {TargetT()}, {RuleOf(1, "t", "old", RuleAction::skip_column)});
	EXPECT_EQ(Messages(skipped), Strings{});
	ASSERT_EQ(skipped.tables[0].omitted.size(), 1u);
	EXPECT_EQ(skipped.tables[0].omitted[0].name, "old");
	EXPECT_FALSE(skipped.tables[0].omitted[0].in_target);
	EXPECT_EQ(skipped.tables[0].omitted[0].reason, "rule skip_column: why");
}

TEST(Plan, TargetOnlyColumns) {
	TargetColumn with_default = To("d", PgKind::int4, "integer", true),
				 generated = To("g", PgKind::int4, "integer", true);
	with_default.has_default = true;
	generated.generated = true;
	const Plan plan =
		MakePlanOf({SourceT()}, {Target("t", {To("id", PgKind::int4, "integer"), with_default, generated,
											  To("n", PgKind::text, "text"), To("must", PgKind::text, "text", true)})});
	ASSERT_EQ(plan.tables[0].omitted.size(), 3u);
	EXPECT_EQ(plan.tables[0].omitted[0].reason, "keeps its default");
	EXPECT_EQ(plan.tables[0].omitted[1].reason, "generated by the target");
	EXPECT_EQ(plan.tables[0].omitted[2].reason, "NULL: not in the source");
	EXPECT_TRUE(plan.tables[0].omitted[2].in_target);
	ASSERT_EQ(plan.problems.size(), 1u);
	EXPECT_EQ(plan.problems[0].code, Code::not_null_without_source);
	EXPECT_EQ(plan.problems[0].column, "must");
	EXPECT_EQ(plan.problems[0].message,
			  "target column \"must\" of \"public\".\"t\" is NOT NULL, has no default and no source column");
}

TEST(Plan, GeneratedColumns) {
	SourceColumn both = From("both", "int"), source_only = From("only", "int"), copied = From("copied", "int");
	both.generated = source_only.generated = copied.generated = true;
	TargetColumn both_target = To("both", PgKind::int4, "integer"), computed = To("computed", PgKind::int4, "integer");
	both_target.generated = computed.generated = true;
	const Plan plan = MakePlanOf({Source("t", {From("id", "int"), both, source_only, copied, From("computed", "int")})},
								 {Target("t", {To("id", PgKind::int4, "integer"), both_target,
											   To("copied", PgKind::int4, "integer"), computed})});
	ASSERT_EQ(plan.tables[0].omitted.size(), 3u);
	EXPECT_EQ(plan.tables[0].omitted[0].name + ": " + plan.tables[0].omitted[0].reason,
			  "both: generated by the source");
	EXPECT_EQ(plan.tables[0].omitted[1].name + ": " + plan.tables[0].omitted[1].reason,
			  "both: generated by the target");
	EXPECT_EQ(plan.tables[0].omitted[2].name + ": " + plan.tables[0].omitted[2].reason,
			  "only: generated by the source");
	ASSERT_EQ(plan.tables[0].columns.size(), 2u);
	EXPECT_EQ(plan.tables[0].columns[1].note, "generated in the source, its values are copied");
	// data that the target would compute for itself cannot be proved equal
	EXPECT_EQ(
		Messages(plan),
		Strings{"target column \"computed\" of \"public\".\"t\" is generated, so the values of \"t\".\"computed\" "
				"cannot be stored in it"});
}

// Without the rest of the row, two rows that exchanged what they compute would pass as equal.
TEST(Plan, GeneratedColumnsAreComparedWithTheirRow) {
	SourceColumn twice = From("twice", "int");
	twice.generated = true;
	twice.generation_expression = "(`b` * 2)";
	const std::vector<SourceColumn> columns{From("a", "int"), From("b", "int"), twice};
	const auto compared = [&](std::vector<SourceKey> keys) {
		const Plan made = MakePlanOf({Source("t", columns, std::move(keys))}, {});
		const TablePlan plan = PlanOfGenerated(made.tables.at(0));
		Strings names;
		for (const ColumnPlan &column : plan.columns)
			names.push_back(column.source_name);
		names.push_back(std::to_string(plan.key.size()) + " of the key");
		return names;
	};
	EXPECT_EQ(compared({}), (Strings{"a", "b", "twice", "0 of the key"}));
	EXPECT_EQ(compared({Unique("PRIMARY", {1})}), (Strings{"b", "twice", "1 of the key"}));
}

TEST(Plan, AmbiguousColumnsAreNotGuessed) {
	const Plan plan =
		MakePlanOf({Source("t", {From("createdAt", "int")})},
				   {Target("t", {To("created_at", PgKind::int4, "integer", true),
								 To("createdat", PgKind::int4, "integer"), To("CREATEDAT", PgKind::int4, "integer")})});
	ASSERT_FALSE(plan.problems.empty());
	EXPECT_EQ(plan.problems[0].code, Code::ambiguous_name);
	EXPECT_EQ(
		plan.problems[0].message,
		"source column \"t\".\"createdAt\" could be \"createdat\", \"CREATEDAT\" of target table \"public\".\"t\"");
}

TEST(Plan, ConversionsThatCannotBeAreProblems) {
	const Plan plan = MakePlanOf({Source("t", {From("g", "geometry"), From("w", "longtext")})},
								 {Target("t", {To("g", PgKind::int4, "integer"), To("w", PgKind::int4, "integer")})},
								 {RuleOf(1, "t", "w", RuleAction::transform, "code_points_to_base64")});
	ASSERT_EQ(plan.problems.size(), 2u);
	EXPECT_EQ(plan.problems[0].code, Code::cannot_convert);
	EXPECT_EQ(plan.problems[0].column, "g");
	EXPECT_EQ(plan.problems[0].message.rfind("column \"t\".\"g\": ", 0), 0u);
	EXPECT_FALSE(plan.problems[0].hint.empty());
	EXPECT_EQ(plan.problems[1].code, Code::cannot_convert);
	EXPECT_EQ(plan.problems[1].column, "w");
}

TEST(Plan, TablesAndColumnsAreRenamed) {
	const std::vector<SourceTable> sources = {Source("t", {From("id", "int"), From("v", "int")})};
	const std::vector<Rule> rules = {RuleOf(1, "t", "", RuleAction::rename_table, "Things"),
									 RuleOf(2, "t", "v", RuleAction::rename_column, "Value")};
	const Plan plan = MakePlanOf(
		sources, {Target("things", {To("id", PgKind::int4, "integer"), To("Value", PgKind::int4, "integer")})}, rules);
	EXPECT_EQ(Messages(plan), Strings{});
	ASSERT_EQ(plan.tables.size(), 1u);
	EXPECT_EQ(plan.tables[0].target_name, "things");
	EXPECT_EQ(plan.tables[0].rule, "rename(Things): why");
	EXPECT_EQ(plan.tables[0].columns[1].source_name, "v");
	EXPECT_EQ(plan.tables[0].columns[1].target_name, "Value");
	EXPECT_EQ(plan.tables[0].columns[1].rule, "rename(Value): why");
	const Plan created = MakePlanOf(sources, {}, rules);
	EXPECT_EQ(created.tables[0].target_name, "Things");
	EXPECT_EQ(created.tables[0].columns[1].target_name, "Value");
	const Plan wrong = MakePlanOf(sources, {Target("t", {To("id", PgKind::int4, "integer")})}, rules);
	ASSERT_EQ(wrong.problems.size(), 1u);
	EXPECT_EQ(wrong.problems[0].code, Code::missing_target);
}

TEST(Plan, OwnRulesThatMatchNothingAreListed) {
	std::vector<Rule> rules = {
		RuleOf(1, "T", "", RuleAction::exclude_table), RuleOf(2, "%", "none", RuleAction::skip_column),
		RuleOf(3, "%", "i_", RuleAction::empty_to_null), RuleOf(4, "gone", "", RuleAction::flatten)};
	for (size_t i = 0; i < 3; i++)
		rules[i].own = true;
	const Plan plan = MakePlanOf({SourceT()}, {TargetT()}, rules);
	ASSERT_EQ(plan.unused.size(), 2u);
	EXPECT_EQ(plan.unused[0].table_pattern, "T");
	EXPECT_EQ(plan.unused[1].column_pattern, "none");
	EXPECT_EQ(plan.unused[1].rule, "skip_column: why");
}

TEST(Plan, TransformsAreApplied) {
	const Plan plan = MakePlanOf({Source("t", {From("w", "longtext")})}, {Target("t", {To("w", PgKind::text, "text")})},
								 {RuleOf(1, "t", "w", RuleAction::transform, "code_points_to_base64")});
	EXPECT_EQ(Messages(plan), Strings{});
	ASSERT_EQ(plan.tables[0].columns[0].policy.transforms.size(), 1u);
	EXPECT_EQ(plan.tables[0].columns[0].policy.transforms[0].name, TransformName::code_points_to_base64);
	EXPECT_EQ(plan.tables[0].columns[0].rule, "transform(code_points_to_base64): why");
}

TEST(Plan, EmptyToNullReachesNullableTargetsOfCharacterColumnsOnly) {
	const std::vector<SourceTable> sources = {
		Source("t", {From("u", "char(36)"), From("must", "char(36)"), From("v", "varchar(36)"), From("b", "binary(16)"),
					 From("n", "text")})};
	const std::vector<TargetTable> targets = {
		Target("t", {To("u", PgKind::uuid, "uuid"), To("must", PgKind::uuid, "uuid", true),
					 To("v", PgKind::varchar, "character varying(36)"), To("b", PgKind::uuid, "uuid"),
					 To("n", PgKind::text, "text")})};
	const auto applied = [&](std::vector<Rule> rules) {
		std::string names;
		const Plan plan = MakePlanOf(sources, targets, std::move(rules));
		for (const ColumnPlan &column : plan.tables[0].columns)
			if (column.policy.empty_to_null && column.conversion.empty_to_null)
				names += column.source_name + " ";
		return names;
	};
	EXPECT_EQ(applied({}), "");
	EXPECT_EQ(applied({RuleOf(1, "%", "%", RuleAction::empty_to_null, "uuid")}), "u ");
	EXPECT_EQ(applied({RuleOf(1, "%", "%", RuleAction::empty_to_null)}), "u v n ");
	EXPECT_EQ(applied({RuleOf(1, "%", "%", RuleAction::empty_to_null, "character varying")}), "v ");
	EXPECT_EQ(applied({RuleOf(1, "%", "%", RuleAction::empty_to_null, "character varying(36)")}), "v ");
	// a more specific rule for another type does not hide a general one
	EXPECT_EQ(applied({RuleOf(1, "%", "%", RuleAction::empty_to_null, "uuid"),
					   RuleOf(2, "t", "u", RuleAction::empty_to_null, "text")}),
			  "u ");

	const Plan noted = MakePlanOf(sources, targets, {RuleOf(1, "t", "must", RuleAction::empty_to_null)});
	EXPECT_FALSE(noted.tables[0].columns[1].policy.empty_to_null);
	EXPECT_EQ(noted.tables[0].columns[1].note, "rule empty_to_null is not applied: the target column is NOT NULL");
	EXPECT_EQ(noted.tables[0].columns[1].rule, "");
}

// Where somebody says what wall times mean; null: nobody.
Plan PlanOfZone(std::vector<SourceTable> sources, std::vector<TargetTable> targets, std::vector<Rule> rules,
				ZonePointer zone, const char *said) {
	SourceSchema source;
	source.database = "shop";
	source.tables = std::move(sources);
	TargetSchema target;
	target.name = "public";
	target.tables = std::move(targets);
	RuleSet set(std::move(rules));
	set.SetZones({MakeZone("Europe/Sofia", 7200, nullptr, 0)}, {std::move(zone), said});
	return MakePlan(source, target, set, {});
}

TEST(Plan, WallTimesNeedAZone) {
	const SourceTable source = Source("t", {From("ts", "timestamp(6)", true), From("dt", "datetime(6)", true),
											From("day", "date", true), From("same", "datetime", true),
											From("instant", "timestamp", true), From("word", "varchar(9)", true)});
	const TargetTable target =
		Target("t", {To("ts", PgKind::timestamp, "timestamp without time zone"),
					 To("dt", PgKind::timestamptz, "timestamp with time zone"), To("day", PgKind::date, "date"),
					 To("same", PgKind::timestamp, "timestamp without time zone"),
					 To("instant", PgKind::timestamptz, "timestamp with time zone"), To("word", PgKind::text, "text")});
	EXPECT_EQ(Messages(PlanOfZone({source}, {target}, {}, nullptr, "SYSTEM (EEST)")),
			  (Strings{"column \"t\".\"ts\": of which time zone the wall times are is not known (timestamp(6) to "
					   "timestamp without time zone; the source's own time_zone is SYSTEM (EEST))",
					   "column \"t\".\"dt\": of which time zone the wall times are is not known (datetime(6) to "
					   "timestamp with time zone; the source's own time_zone is SYSTEM (EEST))"}));

	const Plan by_option = PlanOfZone({source}, {target}, {}, MakeZone("+05:00", 18000), "server option time_zone");
	EXPECT_EQ(Messages(by_option), Strings{});
	const Plan by_rule =
		PlanOfZone({source}, {target}, {RuleOf(1, "%", "%", RuleAction::transform, "wall_time(Europe/Sofia, first)")},
				   MakeZone("+05:00", 18000), "server option time_zone");
	EXPECT_EQ(Messages(by_rule), Strings{});
	for (size_t i = 0; i < source.columns.size(); i++) {
		const ColumnPolicy &option = by_option.tables[0].columns[i].policy, &rule = by_rule.tables[0].columns[i].policy;
		EXPECT_EQ(option.zone == nullptr, i > 1) << i;
		EXPECT_EQ(rule.zone == nullptr, i > 1) << i;
		EXPECT_EQ(rule.transforms.size(), i > 1 ? 0u : 1u) << i; // a pattern does nothing on other columns
		EXPECT_EQ(by_rule.tables[0].columns[i].counted.size(), i > 1 ? 0u : 2u) << i;
		if (i > 1)
			continue;
		EXPECT_EQ(option.zone->name(), "+05:00");
		EXPECT_EQ(rule.zone->name(), "Europe/Sofia");
		EXPECT_EQ(rule.clock_change, ClockChange::first);
	}
	// a rule that spells a column which has no use for it is a problem
	EXPECT_EQ(Messages(PlanOfZone({source}, {target}, {RuleOf(1, "t", "same", RuleAction::transform, "wall_time(UTC)")},
								  MakeZone("UTC", 0), "")),
			  Strings{"column \"t\".\"same\": transform wall_time(UTC) is not for datetime to timestamp without time "
					  "zone: the target column is not timestamp with time zone"});
}

TEST(Plan, NotesWhatTheDbaShouldKnow) {
	SourceColumn counter = From("id", "int"), stamp = From("at", "timestamp", true);
	counter.auto_increment = true;
	stamp.on_update_now = true;
	SourceTable source = Source("t", {counter, stamp, From("name", "varchar(255)"), From("uid", "char(36)")},
								{Unique("by_name", {2}), Unique("by_uid", {3})});
	source.engine = "MyISAM";
	const Plan plan = PlanOfZone(
		{source},
		{Target("t",
				{To("id", PgKind::int4, "integer"), To("at", PgKind::timestamp, "timestamp without time zone", true),
				 To("name", PgKind::varchar, "character varying(100)", false, 100), To("uid", PgKind::uuid, "uuid")})},
		{}, MakeZone("UTC", 0), "the source's time_zone");
	const TablePlan &table = plan.tables[0];
	EXPECT_EQ(table.columns[0].note, "AUTO_INCREMENT in the source, no sequence in the target");
	EXPECT_EQ(
		table.columns[1].note,
		"instants are stored as wall times of UTC (the source's time_zone); nullable in the source, NOT NULL in the "
		"target; ON UPDATE CURRENT_TIMESTAMP is not carried over");
	EXPECT_EQ(table.columns[2].note,
			  "the target holds fewer characters than the source; unique key \"by_name\" ignores case in the "
			  "source (utf8mb4_0900_ai_ci), not in the target");
	EXPECT_EQ(table.columns[3].note, ""); // a uuid has no case
	EXPECT_EQ(table.notes, Strings{"engine MyISAM has no transactions: its rows are not part of the snapshot"});
}

TEST(Plan, NotesUniqueKeysThatForbidLess) {
	const auto text = [](const char *name, const char *type, const char *collation) {
		SourceColumn column = From(name, type);
		column.type.collation = collation;
		return column;
	};
	SourceColumn computed = text("computed", "varchar(9)", "utf8mb4_unicode_ci");
	computed.generated = true;
	computed.generation_expression = "concat(`exact`,'x')";
	SourceKey expression = Unique("e", {});
	for (const char *part : {"left(`padded`,3)", "left(`exact`,3)", "char_length(`padded`)"})
		expression.parts.emplace_back().expression = part;
	SourceKey several = Unique("k", {0, 1, 2, 3, 4, 5, 6});
	several.parts[0].prefix = 3;
	const SourceTable source =
		Source("t",
			   {text("padded", "varchar(9)", "utf8mb4_bin"), text("exact", "varchar(9)", "utf8mb4_0900_bin"),
				text("fixed", "char(9)", "utf8mb4_nopad_bin"), text("weights", "varchar(9)", "utf8mb4_0900_as_cs"),
				text("bytes", "varbinary(9)", ""), computed, text("label", "enum('a','b')", "utf8mb4_general_ci")},
			   {several, expression});
	const auto notes = [](const TablePlan &table) {
		Strings found;
		for (const ColumnPlan &column : table.columns)
			if (!column.note.empty())
				found.push_back(column.source_name + ": " + column.note);
		for (const GeneratedColumn &generated : table.generated)
			found.push_back(generated.column.source_name + ": " + generated.column.note);
		found.insert(found.end(), table.notes.begin(), table.notes.end());
		return found;
	};
	const Strings of_columns{
		"padded: unique key \"k\" ignores blanks at the end in the source (utf8mb4_bin), not in the target",
		"fixed: unique key \"k\" ignores blanks at the end in the source (utf8mb4_nopad_bin), not in the target",
		"weights: unique key \"k\" compares texts by weights in the source (utf8mb4_0900_as_cs), not in the target"};
	const std::string of_computed =
		"unique key \"k\" ignores case in the source (utf8mb4_unicode_ci), not in the target";
	const Strings of_table{"unique key \"e\" ignores blanks at the end in the source (utf8mb4_bin), not in the target: "
						   "its part left(`padded`,3) is a text",
						   "no key identifies a row: rows are told apart by all their values"};
	Strings expected = of_columns;
	expected.push_back("computed: " + of_computed);
	expected.insert(expected.end(), of_table.begin(), of_table.end());
	EXPECT_EQ(notes(MakePlanOf({source}, {}).tables.at(0)), expected);

	const auto varchar = [](const char *name) { return To(name, PgKind::varchar, "character varying(9)"); };
	TargetColumn generated = varchar("computed");
	generated.generated = true;
	expected = of_columns;
	expected.push_back(of_computed + ": its column \"computed\" is computed by both");
	expected.insert(expected.end(), of_table.begin(), of_table.end());
	EXPECT_EQ(notes(MakePlanOf({source}, {Target("t", {varchar("padded"), varchar("exact"), varchar("fixed"),
													   varchar("weights"), To("bytes", PgKind::bytea, "bytea"),
													   generated, To("label", PgKind::text, "text")})})
						.tables.at(0)),
			  expected);
}

TEST(Plan, KeyIsTheFirstWhoseColumnsAreAllCopied) {
	const std::vector<SourceTable> sources = {Source("t", {From("a", "int"), From("b", "int"), From("c", "int")},
													 {Unique("PRIMARY", {0, 1}), Unique("u", {2, 1})})};
	const std::vector<TargetTable> targets = {Target(
		"t", {To("b", PgKind::int4, "integer"), To("c", PgKind::int4, "integer"), To("a", PgKind::int4, "integer")})};
	EXPECT_EQ(MakePlanOf(sources, targets).tables[0].key, (std::vector<size_t>{0, 1}));
	const Plan without_a = MakePlanOf(sources, targets, {RuleOf(1, "t", "a", RuleAction::skip_column)});
	EXPECT_EQ(without_a.tables[0].key, (std::vector<size_t>{1, 0})); // c, b among the columns b, c
	const Plan without_b = MakePlanOf(sources, targets, {RuleOf(1, "t", "b", RuleAction::skip_column)});
	EXPECT_TRUE(without_b.tables[0].key.empty());
	EXPECT_EQ(without_b.tables[0].notes, Strings{"no key identifies a row: rows are told apart by all their values"});
}

TEST(Plan, CreatesTablesWhereThereAreNone) {
	SourceTable source =
		Source("userProfile", {From("ID", "char(36)"), From("n", "bigint unsigned", true)}, {Unique("PRIMARY", {0})});
	const Plan plan = MakePlanOf({source}, {});
	EXPECT_EQ(Messages(plan), Strings{});
	const TablePlan &table = plan.tables[0];
	EXPECT_TRUE(table.create);
	EXPECT_EQ(table.target_oid, 0u);
	EXPECT_EQ(table.target_name, "userProfile");
	EXPECT_EQ(table.columns[0].target_name, "ID");
	EXPECT_EQ(table.columns[0].target_type.text, "character varying(36)");
	EXPECT_TRUE(table.columns[0].not_null);
	EXPECT_FALSE(table.columns[1].not_null);
	EXPECT_EQ(table.key, std::vector<size_t>{0});

	PlanOptions existing;
	existing.mode = Mode::existing;
	EXPECT_EQ(Messages(MakePlanOf({source}, {}, {}, existing)),
			  Strings{"source table \"userProfile\" has no table in target schema \"public\""});
	PlanOptions create;
	create.mode = Mode::create;
	const Plan mixed = MakePlanOf({source, SourceT()}, {TargetT()}, {}, create);
	EXPECT_EQ(Messages(mixed), Strings{});
	EXPECT_FALSE(mixed.tables[0].create);
	EXPECT_TRUE(mixed.tables[1].create);
}

TEST(Plan, CreatedTablesSayWhatTheyCannotKeep) {
	SourceKey prefix = Unique("PRIMARY", {0});
	prefix.parts[0].prefix = 20;
	const std::string long_name(64, 'x');
	const Plan plan =
		MakePlanOf({Source("t", {From("name", "varchar(255)"), From(long_name.c_str(), "int")}, {prefix})}, {});
	EXPECT_EQ(plan.tables[0].notes, Strings{"no key identifies a row: rows are told apart by all their values"});
	EXPECT_EQ(Messages(plan), Strings{});
	const ColumnPlan &renamed = plan.tables[0].columns[1];
	EXPECT_EQ(renamed.target_name.size(), 63u);
	EXPECT_EQ(renamed.target_name.rfind(std::string(54, 'x') + "_", 0), 0u);
	EXPECT_EQ(renamed.note, "the target is spelled \"" + renamed.target_name + "\"");
}

TEST(Plan, IsTheSameEachTime) {
	const auto text = [] {
		const Plan plan = MakePlanOf(
			{Source("z", {From("a", "int")}), Source("y", {From("a", "geometry"), From("q", "int")}), SourceT()},
			{TargetT(), Target("y", {To("a", PgKind::int4, "integer"), To("r", PgKind::int4, "integer", true)})});
		std::string all;
		for (const PlanProblem &problem : plan.problems)
			all += problem.table + "." + problem.column + ": " + problem.message + "\n";
		return all;
	};
	const std::string first = text();
	EXPECT_EQ(first, text());
	EXPECT_EQ(std::count(first.begin(), first.end(), '\n'), 4); // z; y.a, y.q, y.r
	EXPECT_EQ(first.rfind("z.: ", 0), 0u);
}

TEST(RowConverterOfPlan, TakesNamesKeyAndConversions) {
	const Plan plan =
		MakePlanOf({Source("t", {From("id", "int"), From("createdDate", "date")}, {Unique("PRIMARY", {0})})},
				   {Target("t", {To("id", PgKind::int4, "integer", true), To("created_date", PgKind::date, "date")})});
	const RowConverter converter = MakeRowConverter(plan.tables[0]);
	EXPECT_EQ(converter.table(), "t");
	ASSERT_EQ(converter.columns().size(), 2u);
	EXPECT_EQ(converter.columns()[1].source_name, "createdDate");
	EXPECT_EQ(converter.columns()[1].target_name, "created_date");
	EXPECT_TRUE(converter.columns()[0].not_null);
	EXPECT_EQ(converter.columns()[0].conversion.convert, plan.tables[0].columns[0].conversion.convert);
}

} // namespace
} // namespace alkconv::core
