// Regime: C++ (may throw, never calls Postgres)
//
// Rules keep_one: the argument, what the plan makes of it, and what it refuses.
#include "core/keep_one.hpp"
#include "core/plan.hpp"

#include <gtest/gtest.h>

namespace alkconv::core {
namespace {

using Strings = std::vector<std::string>;

TEST(KeepOne, Argument) {
	struct Case {
		const char *text, *key;
		Strings columns;
		bool last;
		const char *by;
	};
	const std::vector<Case> cases = {
		{"k", "k", {}, false, ""},
		{"k, first", "k", {}, false, ""},
		{" k ,last ", "k", {}, true, ""},
		{"first, last by first", "first", {}, true, "first"},
		{"(a)", "", {"a"}, false, ""},
		{"(a,\"b, (c)\"), last by \"say \"\"x\"\"\"", "", {"a", "b, (c)"}, true, "say \"x\""},
		{"\"by all\", first by seen", "by all", {}, false, "seen"},
	};
	for (const Case &test : cases) {
		const KeepOne read = ParseKeepOne(test.text);
		EXPECT_EQ(read.key, test.key) << test.text;
		EXPECT_EQ(read.columns, test.columns) << test.text;
		EXPECT_EQ(read.last, test.last) << test.text;
		EXPECT_EQ(read.by, test.by) << test.text;
	}
	for (const char *bad : {"", " ", "()", "(a", "(a,)", "k last", "k, lowest", "k, by a", "k, first by",
							"k, first by a b", "k,", "\"\"", "\"k", "k)", "(a) b"})
		EXPECT_THROW(ParseKeepOne(bad), Error) << bad;
	for (const std::string name : {"k", "by all", "a\"b", "x,y", "(z)"})
		EXPECT_EQ(ParseKeepOne(KeepOneName(name)).key, name);
}

SourceColumn From(const char *name, const char *type, bool nullable = true) {
	SourceColumn column;
	column.name = name;
	column.type = ParseSourceType(type, "utf8mb4", "utf8mb4_general_ci");
	column.nullable = nullable;
	return column;
}

TargetColumn To(const char *name, PgKind kind, const char *text, int16_t attnum) {
	TargetColumn column;
	column.name = name;
	column.type.kind = kind;
	column.type.text = text;
	column.type.oid = 1;
	column.attnum = attnum;
	return column;
}

struct World {
	SourceSchema source;
	TargetSchema target;
	World() {
		source.database = "d";
		source.server_version = "8.4.0";
		SourceTable &table = source.tables.emplace_back();
		table.name = "t";
		table.engine = "InnoDB";
		table.columns = {From("id", "int", false), From("a", "varchar(20)"), From("b", "varchar(400)"),
						 From("j", "json")};
		SourceKey &key = table.keys.emplace_back();
		key.name = "PRIMARY";
		key.unique = true;
		key.parts.emplace_back().column = 0;
		TargetTable &to = target.tables.emplace_back();
		to.oid = 7;
		to.schema = target.name = "s";
		to.name = "t";
		to.columns = {To("id", PgKind::int4, "integer", 1), To("a", PgKind::text, "text", 2),
					  To("b", PgKind::text, "text", 3), To("j", PgKind::jsonb, "jsonb", 4)};
		TargetKey &index = target.keys.emplace_back();
		index.name = "u";
		index.table = 7;
		index.unique = true;
		index.columns = {2, 3};
	}
	Plan Make(const char *argument, const char *pattern = "t") const {
		Rule rule;
		rule.id = 5;
		rule.own = true;
		rule.table_pattern = pattern;
		rule.action = RuleAction::keep_one;
		rule.argument = argument;
		return MakePlan(source, target, RuleSet({rule}), {});
	}
	std::string Problem(const char *argument) const {
		const Plan plan = Make(argument);
		return plan.problems.empty() ? "" : plan.problems[0].message;
	}
};

bool Holds(const std::string &text, const std::string &part) { return text.find(part) != std::string::npos; }

TEST(KeepOne, RowsAreChosenByTheTargetsEquality) {
	const Plan plan = World().Make("u, last by a");
	ASSERT_TRUE(plan.problems.empty()) << plan.problems[0].message;
	const TablePlan &table = plan.tables.at(0);
	EXPECT_TRUE(
		Holds(table.source_filter,
			  "`d`.`t`.`id` NOT IN (SELECT k0 FROM (SELECT alkconv_k0.`id` AS k0,ROW_NUMBER() OVER (PARTITION BY "))
		<< table.source_filter;
	EXPECT_TRUE(Holds(table.source_filter, "ORDER BY alkconv_k0.`a` IS NULL,alkconv_k0.`a` DESC,alkconv_k0.`id` DESC"));
	EXPECT_TRUE(Holds(table.source_filter, "SHA2(")) << "long texts are sorted by their beginning";
	EXPECT_TRUE(Holds(table.source_filter, " IS NOT NULL AND ")) << "NULLs are different";
	ASSERT_EQ(table.key_rules.size(), 1u);
	EXPECT_EQ(table.key_rules[0].kind, KeyRule::Kind::duplicate);
	EXPECT_EQ(table.key_rules[0].key_columns, (Strings{"a", "b"}));
	EXPECT_FALSE(Holds(table.key_rules[0].count_sql, "ROW_NUMBER")) << "the proof counts in another way";
	EXPECT_TRUE(plan.unused.empty());
}

TEST(KeepOne, NullsThatAreNotDistinctAreEqual) {
	World world;
	world.target.keys[0].nulls_not_distinct = true;
	EXPECT_TRUE(Holds(world.Make("u").tables.at(0).source_filter, " IS NULL)"));
}

TEST(KeepOne, WhatCannotBeFollowedIsAProblem) {
	World world;
	EXPECT_TRUE(
		Holds(world.Problem("v"), "neither the target table nor the source has a unique index or constraint \"v\""));
	EXPECT_TRUE(Holds(world.Problem("(a, x)"), "no column \"x\""));
	EXPECT_TRUE(Holds(world.Problem("u, last by x"), "no column \"x\""));
	EXPECT_TRUE(Holds(world.Problem("(j)"), "column \"j\""));
	world.target.keys[0].partial = true;
	EXPECT_TRUE(Holds(world.Problem("u"), "predicate"));
	world.target.keys[0].partial = false;
	world.target.keys[0].case_insensitive = true;
	EXPECT_TRUE(Holds(world.Problem("u"), "collation"));
	world.target.keys[0].case_insensitive = false;
	world.source.server_version = "5.7.44";
	EXPECT_TRUE(Holds(world.Problem("u"), "window functions"));
	world.source.server_version = "8.4.0";
	world.source.tables[0].keys.clear();
	EXPECT_TRUE(Holds(world.Problem("u"), "primary key"));
}

TEST(KeepOne, APatternPassesOverTablesWithoutTheKey) {
	const Plan plan = World().Make("v", "%");
	EXPECT_TRUE(plan.problems.empty());
	EXPECT_EQ(plan.unused.size(), 1u);
	EXPECT_TRUE(plan.tables.at(0).source_filter.empty());
}

} // namespace
} // namespace alkconv::core
