// Regime: C++ (may throw, never calls Postgres)
//
// Parents in other databases: which table of the target they are, and what their types say.
#include "core/other_databases.hpp"

#include <gtest/gtest.h>

namespace alkconv::core {
namespace {

TargetColumn ColumnOf(const char *name, int16_t attnum, PgKind kind) {
	TargetColumn column;
	column.name = name;
	column.attnum = attnum;
	column.type.kind = kind;
	return column;
}

OtherDatabase Hub() {
	OtherDatabase hub;
	hub.name = "Hub";
	hub.exists = true;
	hub.target.name = "hub_here";
	TargetTable table;
	table.oid = 7;
	table.name = "user_group";
	table.columns = {ColumnOf("id", 1, PgKind::uuid), ColumnOf("group_no", 2, PgKind::int4),
					 ColumnOf("loose", 3, PgKind::int4)};
	hub.target.tables = {table};
	table.oid = 8;
	table.name = "hers";
	hub.target.tables.push_back(table);
	hub.keys = {{7, {1}}, {7, {2, 1}}};
	hub.unfit = {{8, "is not yours"}};
	return hub;
}

SourceForeignKey KeyTo(const char *table, std::vector<std::string> columns) {
	SourceForeignKey key;
	key.parent_database = "Hub";
	key.parent_table = table;
	key.columns = {0};
	key.parent_columns = std::move(columns);
	return key;
}

std::string Found(const OtherDatabase &hub, const SourceForeignKey &key, const RuleSet &rules = {}) {
	const OtherParent parent = FindOtherParent({hub}, key, rules);
	std::string text = parent.schema + "." + parent.name + " (";
	for (const std::string &name : parent.column_names)
		text += (text.back() == '(' ? "" : ", ") + name;
	return text + ")" + (parent.why.empty() ? "" : ": " + parent.why);
}

TEST(OtherDatabases, ParentsAreFoundAsTargetsAre) {
	EXPECT_EQ(Found(Hub(), KeyTo("user_group", {"id"})), "hub_here.user_group (id)");
	EXPECT_EQ(Found(Hub(), KeyTo("userGroup", {"ID", "groupNo"})), "hub_here.user_group (id, group_no)");
	EXPECT_EQ(Found(Hub(), KeyTo("user_group", {"group_no"})),
			  "hub_here.user_group (group_no): its columns are not a unique key of their own");
	EXPECT_EQ(Found(Hub(), KeyTo("user_group", {"gone"})),
			  "hub_here.user_group (gone): schema \"hub_here\" has no column \"user_group\".\"gone\"");
	EXPECT_EQ(Found(Hub(), KeyTo("gone", {"id"})), "hub_here.gone (id): schema \"hub_here\" has no table \"gone\"");
	EXPECT_EQ(Found(Hub(), KeyTo("hers", {"id"})), "hub_here.hers (id): it is not yours");
}

TEST(OtherDatabases, WithoutASchemaTheNameIsThatOfTheDatabase) {
	OtherDatabase hub = Hub();
	hub.exists = false;
	hub.target = {};
	hub.target.name = "Hub";
	EXPECT_EQ(Found(hub, KeyTo("users", {"id"})), "Hub.users (id): there is no schema \"Hub\"");
	hub.name = "another";
	EXPECT_EQ(Found(hub, KeyTo("users", {"id"})), "Hub.users (id): no schema of the target is known to hold it");
}

TEST(OtherDatabases, RulesRenameParents) {
	Rule table, column;
	table.own = column.own = true;
	table.action = RuleAction::rename_table;
	column.action = RuleAction::rename_column;
	table.table_pattern = column.table_pattern = "users";
	table.argument = "user_group";
	column.column_pattern = "uid";
	column.argument = "id";
	EXPECT_EQ(Found(Hub(), KeyTo("users", {"uid"}), RuleSet({table, column})), "hub_here.user_group (id)");
}

TEST(OtherDatabases, TypesOfParentsAnswer) {
	SourceSchema source;
	source.database = "d";
	SourceTable &child = source.tables.emplace_back();
	child.name = "child";
	for (const char *name : {"a", "b"}) {
		SourceColumn &column = child.columns.emplace_back();
		column.name = name;
		column.type = ParseSourceType("char(36)", "ascii", "ascii_bin");
	}
	SourceForeignKey key = KeyTo("user_group", {"id"});
	child.foreign_keys = {key};
	key.columns = {1};
	key.parent_table = "gone";
	child.foreign_keys.push_back(key);
	EXPECT_EQ(OtherDatabaseNames(source), std::vector<std::string>{"Hub"}) << "once";
	std::vector<FactAnswer> answers = AnswersOfParents(source, {Hub()}, {});
	ASSERT_EQ(answers.size(), 1u) << "none of a parent that is not there";
	EXPECT_EQ(answers[0].column, 0u);
	EXPECT_EQ(answers[0].kind, FactKind::uuid);
	EXPECT_EQ(answers[0].evidence, Evidence::all);
	OtherDatabase hub = Hub();
	hub.target.tables[0].columns[0].type.kind = PgKind::varchar;
	answers = AnswersOfParents(source, {hub}, {});
	ASSERT_EQ(answers.size(), 1u);
	EXPECT_EQ(answers[0].evidence, Evidence::not_all);
}

} // namespace
} // namespace alkconv::core
