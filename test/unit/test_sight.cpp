// What is said, and refused, where an account may not see everything.
#include "core/sight.hpp"

#include <gtest/gtest.h>

namespace alkconv::core {
namespace {

SourceSchema Shop(std::vector<std::string> whole_tables) {
	SourceSchema source;
	source.database = "shop";
	for (const char *name : {"a", "b"}) {
		SourceTable &table = source.tables.emplace_back();
		table.name = name;
		table.engine = "InnoDB";
		SourceColumn &column = table.columns.emplace_back();
		column.name = "id";
		column.type = ParseSourceType("int", "", "");
	}
	source.sight.database = false;
	source.sight.whole_tables = std::move(whole_tables);
	return source;
}

TargetSchema Targets() {
	TargetSchema target;
	target.name = "public";
	for (const char *name : {"a", "b"}) {
		TargetTable &table = target.tables.emplace_back();
		table.oid = 1;
		table.schema = "public";
		table.name = name;
		for (const char *column : {"id", "secret"}) {
			TargetColumn &added = table.columns.emplace_back();
			added.name = column;
			added.attnum = static_cast<int16_t>(table.columns.size());
			added.type.kind = PgKind::int4;
			added.type.text = "integer";
		}
	}
	return target;
}

std::vector<std::string> Problems(const SourceSchema &source, std::vector<Rule> rules = {}) {
	std::vector<std::string> messages;
	for (const PlanProblem &problem : MakePlan(source, Targets(), RuleSet(std::move(rules)), PlanOptions()).problems)
		messages.push_back(problem.message);
	return messages;
}

TEST(Sight, IsSaid) {
	SourceSchema source = Shop({"a"});
	EXPECT_EQ(HiddenTables(source),
			  "the account has no SELECT on the whole database: tables may be hidden from it, and columns of \"b\"");
	source.sight.whole_tables = {"a", "b"};
	EXPECT_EQ(HiddenTables(source), "the account has no SELECT on the whole database: tables may be hidden from it");
	source.sight.known = false;
	EXPECT_EQ(HiddenTables(source),
			  "the source does not tell the account's privileges: tables and columns may be hidden from it");
	EXPECT_EQ(HiddenTables(SourceSchema()), "");
	EXPECT_EQ(HiddenObjects(SourceSchema()), "");
	source.sight.triggers = source.sight.view_texts = false;
	EXPECT_EQ(HiddenObjects(source),
			  "the account may not see: triggers (privilege TRIGGER), the texts of views (SHOW VIEW)");
}

TEST(Sight, IsFoundAhead) {
	SourceSchema source = Shop({"a"});
	source.sight.events = false;
	const Plan plan = MakePlan(source, Targets(), RuleSet(std::vector<Rule>{}), PlanOptions());
	std::vector<std::string> found;
	for (const Finding &finding : FindingsOfSight(source, plan))
		found.push_back(finding.check + ":" + finding.table);
	EXPECT_EQ(found, (std::vector<std::string>{"hidden_tables:", "hidden_columns:b", "hidden_objects:"}));
	EXPECT_TRUE(FindingsOfSight(SourceSchema(), Plan()).empty());
}

TEST(Sight, ATargetColumnIsNotLeftEmptyForIt) {
	EXPECT_EQ(Problems(Shop({"a"})),
			  (std::vector<std::string>{
				  "target column \"secret\" of \"public\".\"b\" would get nothing, and columns of source table \"b\" "
				  "may be hidden from the account"}));
	EXPECT_TRUE(Problems(Shop({"a", "b"})).empty());
	Rule rule;
	rule.id = 1;
	rule.table_pattern = "b";
	rule.column_pattern = "secret";
	rule.action = RuleAction::skip_column;
	EXPECT_TRUE(Problems(Shop({"a"}), {rule}).empty());
}

} // namespace
} // namespace alkconv::core
