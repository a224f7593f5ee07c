// Regime: C++ (may throw, never calls Postgres)
//
// Names of the target: kept, qualified, cut, and always the same.
#include "core/target_names.hpp"

#include <gtest/gtest.h>

#include <set>

namespace alkconv::core {
namespace {

SourceTable TableOf(const std::string &name, const std::vector<std::string> &columns,
					const std::vector<std::string> &keys = {}) {
	SourceTable table;
	table.name = name;
	for (const std::string &column : columns) {
		SourceColumn &added = table.columns.emplace_back();
		added.name = column;
		added.type = ParseSourceType("int", "", "");
	}
	for (const std::string &key : keys) {
		SourceKey &added = table.keys.emplace_back();
		added.name = key;
		added.unique = key == "PRIMARY";
		added.parts.emplace_back().column = 0;
	}
	return table;
}

SourceSchema SchemaOf(std::vector<SourceTable> tables) {
	SourceSchema schema;
	schema.tables = std::move(tables);
	return schema;
}

std::string Renames(const TargetNames &names) {
	std::string text;
	for (const TargetNames::Rename &rename : names.renames())
		text += rename.kind + " " + rename.table + "." + rename.source + "=" + rename.target + "\n";
	return text;
}

TEST(TargetNames, AreKept) {
	const SourceSchema schema = SchemaOf({TableOf("Order", {"Id", "select", "do\"uble"}, {"PRIMARY", "by id"})});
	const TargetNames names(schema, {});
	EXPECT_EQ(names[0].name, "Order");
	EXPECT_EQ(names[0].columns, (std::vector<std::string>{"Id", "select", "do\"uble"}));
	EXPECT_EQ(names[0].keys, (std::vector<std::string>{"Order_pkey", "by id"}));
	EXPECT_EQ(Renames(names), "");
}

TEST(TargetNames, IndexesOfSeveralTablesAreQualified) {
	const SourceSchema schema =
		SchemaOf({TableOf("a", {"x"}, {"PRIMARY", "b", "idx"}), TableOf("b", {"x"}, {"PRIMARY", "idx", "own"})});
	const TargetNames names(schema, {});
	EXPECT_EQ(names[0].keys, (std::vector<std::string>{"a_pkey", "a_b", "a_idx"})) << "b is a table";
	EXPECT_EQ(names[1].keys, (std::vector<std::string>{"b_pkey", "b_idx", "own"}));
	EXPECT_EQ(Renames(names), "index a.b=a_b\nindex a.idx=a_idx\nindex b.idx=b_idx\n");
}

TEST(TargetNames, SystemColumnsAreNobodyElses) {
	const TargetNames names(SchemaOf({TableOf("t", {"xmin", "oid", "ctid"})}), {});
	EXPECT_EQ(names[0].columns[1], "oid");
	EXPECT_EQ(names[0].columns[0].rfind("xmin_", 0), 0u);
	EXPECT_EQ(names[0].columns[2].rfind("ctid_", 0), 0u);
}

TEST(TargetNames, LongOnesAreCutBetweenCharacters) {
	std::string greek;
	for (int i = 0; i < 40; i++)
		greek += "\xCE\xB1"; // 80 bytes
	const SourceSchema schema = SchemaOf({TableOf(greek, {greek + "1", greek + "2"}, {"PRIMARY", greek})});
	const TargetNames names(schema, {});
	std::set<std::string> all = {names[0].name, names[0].columns[0], names[0].columns[1], names[0].keys[0],
								 names[0].keys[1]};
	EXPECT_EQ(all.size(), 5u) << "names that differ behind the cut differ";
	for (const std::string &name : all) {
		EXPECT_LE(name.size(), 63u);
		EXPECT_EQ(name.substr(0, 54), greek.substr(0, 54)) << name;
		EXPECT_EQ(name[54], '_') << name;
	}
	const TargetNames again(schema, {});
	EXPECT_EQ(again[0].keys, names[0].keys);
	EXPECT_EQ(Renames(again), Renames(names));
}

TEST(TargetNames, AHashIsForEver) {
	const TargetNames names(SchemaOf({TableOf(std::string(64, 'x'), {"a"})}), {});
	EXPECT_EQ(names[0].name, std::string(54, 'x') + "_" + names[0].name.substr(55));
	EXPECT_EQ(names[0].name.substr(55), "528bd65b");
}

TEST(TargetNames, ForeignKeysAndChecksDifferWithinTheirTable) {
	SourceTable table = TableOf("t", {"x"}, {"PRIMARY", "twice"});
	table.keys[1].unique = true;
	table.foreign_keys.resize(2);
	table.foreign_keys[0].name = "twice";
	table.foreign_keys[1].name = "fk";
	table.checks.push_back({"fk", "", true});
	const TargetNames names(SchemaOf({table}), {});
	EXPECT_EQ(names[0].keys[1], "twice");
	EXPECT_EQ(names[0].foreign_keys[0].rfind("twice_", 0), 0u);
	EXPECT_EQ(names[0].foreign_keys[1], "fk");
	EXPECT_EQ(names[0].checks[0].rfind("fk_", 0), 0u);
}

TEST(TargetNames, RulesWin) {
	Rule table, column;
	table.id = 1;
	table.table_pattern = "t";
	table.action = RuleAction::rename_table;
	table.argument = "things";
	column.id = 2;
	column.table_pattern = "t";
	column.column_pattern = "v";
	column.action = RuleAction::rename_column;
	column.argument = "value";
	const TargetNames names(SchemaOf({TableOf("t", {"id", "v"}, {"PRIMARY"})}), RuleSet({table, column}));
	EXPECT_EQ(names[0].name, "things");
	EXPECT_EQ(names[0].columns, (std::vector<std::string>{"id", "value"}));
	EXPECT_EQ(names[0].keys[0], "things_pkey");
}

} // namespace
} // namespace alkconv::core
