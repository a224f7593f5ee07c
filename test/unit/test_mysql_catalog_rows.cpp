// Regime: C++ (may throw, never calls Postgres)
//
// Canned rows of information_schema, as MySQL 8/9 and MariaDB 10.11/11.8 give them.
#include "mysql/catalog_rows.hpp"

#include <gtest/gtest.h>

namespace alkconv::mysql {

namespace {

using Cells = std::vector<std::optional<std::string>>;
constexpr std::nullopt_t kNull = std::nullopt;

core::SourceSchema TwoTables(bool mariadb = false) {
	core::SourceSchema schema;
	schema.mariadb = mariadb;
	AddTables(schema, {{"table_name", "table_type", "engine", "table_collation", "table_comment", "table_rows",
						"data_length", "auto_increment"},
					   {Cells{"zeta", "BASE TABLE", "InnoDB", "utf8mb4_0900_ai_ci", "last", "12", "16384", kNull},
						Cells{"v", "VIEW", kNull, kNull, "VIEW", kNull, kNull, kNull},
						Cells{"alpha", "BASE TABLE", "InnoDB", "utf8mb4_bin", "", kNull, kNull, "18446744073709551615"},
						Cells{"seq", "SEQUENCE", "InnoDB", kNull, "", "1", "1", kNull},
						Cells{"hist", "SYSTEM VERSIONED", "InnoDB", kNull, "", "1", "1", kNull},
						Cells{"tmp", "TEMPORARY", "InnoDB", kNull, "", "1", "1", kNull}}});
	return schema;
}

void AddTwoColumns(core::SourceSchema &schema, const char *extra = "") {
	AddColumns(
		schema,
		{{"table_name", "column_name", "ordinal_position", "column_default", "is_nullable", "column_type",
		  "character_set_name", "collation_name", "extra", "generation_expression", "column_comment", "srs_id"},
		 {Cells{"alpha", "b", "2", kNull, "YES", "longtext", "utf8mb4", "utf8mb4_bin", extra, "", "second", kNull},
		  Cells{"v", "x", "1", kNull, "YES", "int", kNull, kNull, "", "", "", kNull},
		  Cells{"alpha", "a`x", "10", "", "YES", "longtext", "utf8mb4", "utf8mb4_bin", "", kNull, "", kNull},
		  Cells{"alpha", "g", "11", kNull, "YES", "point", kNull, kNull, "", "", "", "4326"},
		  Cells{"alpha", "id", "1", "0", "NO", "int unsigned", kNull, kNull, "auto_increment", "", "", kNull}}});
}

core::SourceColumn Extra(const char *text) {
	core::SourceColumn column;
	ApplyExtra(column, text);
	return column;
}

} // namespace

TEST(MySqlCatalog, TablesAndObjects) {
	const core::SourceSchema schema = TwoTables();
	ASSERT_EQ(schema.tables.size(), 3u);
	EXPECT_EQ(schema.tables[0].name, "alpha");
	EXPECT_EQ(schema.tables[0].auto_increment, 18446744073709551615u);
	EXPECT_EQ(schema.tables[0].row_estimate, 0u);
	EXPECT_FALSE(schema.tables[0].system_versioned);
	EXPECT_EQ(schema.tables[1].name, "hist");
	EXPECT_TRUE(schema.tables[1].system_versioned);
	EXPECT_EQ(schema.tables[2].name, "zeta");
	EXPECT_EQ(schema.tables[2].comment, "last");
	EXPECT_EQ(schema.tables[2].row_estimate, 12u);
	EXPECT_EQ(schema.tables[2].data_bytes, 16384u);
	ASSERT_EQ(schema.objects.size(), 3u);
	EXPECT_EQ(schema.objects[0].kind, "sequence");
	EXPECT_EQ(schema.objects[1].kind, "temporary table");
	EXPECT_EQ(schema.objects[2].kind, "view");
	EXPECT_EQ(schema.objects[2].name, "v");
}

TEST(MySqlCatalog, ColumnsAreInOrderOfPosition) {
	core::SourceSchema schema = TwoTables();
	AddTwoColumns(schema);
	const std::vector<core::SourceColumn> &columns = schema.tables[0].columns;
	ASSERT_EQ(columns.size(), 4u);
	EXPECT_EQ(columns[0].type.srid, 0u);
	EXPECT_EQ(columns[3].type.srid, 4326u);
	EXPECT_EQ(columns[0].name, "id");
	EXPECT_EQ(columns[1].name, "b");
	EXPECT_EQ(columns[2].name, "a`x") << "10 comes after 2";
	EXPECT_TRUE(columns[0].auto_increment);
	EXPECT_FALSE(columns[0].nullable);
	EXPECT_EQ(columns[0].default_text, "0");
	EXPECT_EQ(columns[1].default_text, std::nullopt);
	EXPECT_EQ(columns[2].default_text, "");
	EXPECT_EQ(columns[1].comment, "second");
	EXPECT_EQ(columns[1].type.kind, core::MySqlKind::text);
	EXPECT_TRUE(schema.tables[1].columns.empty());
}

TEST(MySqlCatalog, Extra) {
	EXPECT_TRUE(Extra("auto_increment").auto_increment);
	EXPECT_FALSE(Extra("").auto_increment);
	EXPECT_TRUE(Extra("INVISIBLE").invisible);
	const core::SourceColumn hidden_key = Extra("auto_increment INVISIBLE");
	EXPECT_TRUE(hidden_key.auto_increment && hidden_key.invisible && !hidden_key.generated);
	for (const char *generated : {"VIRTUAL GENERATED", "STORED GENERATED", "PERSISTENT", "VIRTUAL GENERATED INVISIBLE",
								  "STORED GENERATED, INVISIBLE"})
		EXPECT_TRUE(Extra(generated).generated) << generated;
	EXPECT_TRUE(Extra("VIRTUAL GENERATED, INVISIBLE").invisible);
	const core::SourceColumn changed = Extra("DEFAULT_GENERATED on update CURRENT_TIMESTAMP(6)");
	EXPECT_TRUE(changed.default_is_expression && changed.on_update_now && !changed.generated);
	EXPECT_TRUE(Extra("on update current_timestamp()").on_update_now);
}

TEST(MySqlCatalog, Keys) {
	core::SourceSchema schema = TwoTables();
	AddTwoColumns(schema);
	AddKeys(schema, {{"table_name", "index_name", "non_unique", "seq_in_index", "column_name", "sub_part", "collation",
					  "index_type", "expression"},
					 {Cells{"alpha", "AAA", "1", "2", "id", kNull, "D", "BTREE", kNull},
					  Cells{"alpha", "AAA", "1", "1", "b", "20", "A", "BTREE", kNull},
					  Cells{"alpha", "fx", "0", "1", kNull, kNull, "A", "BTREE", "lower(`b`)"},
					  Cells{"alpha", "PRIMARY", "0", "1", "id", kNull, "A", "BTREE", kNull},
					  Cells{"unknown", "PRIMARY", "0", "1", "id", kNull, "A", "BTREE", kNull}}});
	const std::vector<core::SourceKey> &keys = schema.tables[0].keys;
	ASSERT_EQ(keys.size(), 3u);
	EXPECT_EQ(keys[0].name, "PRIMARY");
	EXPECT_TRUE(keys[0].unique);
	EXPECT_EQ(keys[1].name, "AAA");
	EXPECT_FALSE(keys[1].unique);
	ASSERT_EQ(keys[1].parts.size(), 2u);
	EXPECT_EQ(keys[1].parts[0].column, 1u);
	EXPECT_EQ(keys[1].parts[0].prefix, 20u);
	EXPECT_FALSE(keys[1].parts[0].descending);
	EXPECT_EQ(keys[1].parts[1].column, 0u);
	EXPECT_TRUE(keys[1].parts[1].descending);
	EXPECT_EQ(keys[2].parts[0].column, std::nullopt);
	EXPECT_EQ(keys[2].parts[0].expression, "lower(`b`)");
}

TEST(MySqlCatalog, ForeignKeys) {
	core::SourceSchema schema = TwoTables();
	AddTwoColumns(schema);
	TextResult usage = {
		{"table_name", "constraint_name", "ordinal_position", "column_name", "referenced_table_schema",
		 "referenced_table_name", "referenced_column_name"},
		{Cells{"alpha", "f", "2", "b", "other", "zeta", "y"}, Cells{"alpha", "f", "1", "id", "other", "zeta", "x"}}};
	const TextResult rules = {{"table_name", "constraint_name", "update_rule", "delete_rule"},
							  {Cells{"alpha", "f", "NO ACTION", "CASCADE"}}};
	AddForeignKeys(schema, usage, rules);
	ASSERT_EQ(schema.tables[0].foreign_keys.size(), 1u);
	const core::SourceForeignKey &key = schema.tables[0].foreign_keys[0];
	EXPECT_EQ(key.columns, (std::vector<size_t>{0, 1}));
	EXPECT_EQ(key.parent_columns, (std::vector<std::string>{"x", "y"}));
	EXPECT_EQ(key.parent_database, "other");
	EXPECT_EQ(key.parent_table, "zeta");
	EXPECT_EQ(key.on_update, "NO ACTION");
	EXPECT_EQ(key.on_delete, "CASCADE");
	usage.rows = {Cells{"alpha", "g", "1", "not_there", "other", "zeta", "y"}};
	try {
		AddForeignKeys(schema, usage, rules);
		ADD_FAILURE();
	} catch (const core::Error &e) {
		EXPECT_EQ(e.code(), core::Code::source_privilege);
		EXPECT_EQ(e.column(), "not_there");
	}
}

TEST(MySqlCatalog, ForeignKeyActionsFromShowCreateTable) {
	core::SourceTable table;
	table.foreign_keys.resize(4);
	table.foreign_keys[0].name = "f`1";
	table.foreign_keys[1].name = "f2";
	table.foreign_keys[2].name = "f3";
	table.foreign_keys[3].name = "known";
	table.foreign_keys[3].on_update = "CASCADE";
	const std::string create =
		"CREATE TABLE `t` (\n  `a` int,\n"
		"  CONSTRAINT `f``1` FOREIGN KEY (`a`) REFERENCES `p` (`x`) ON DELETE CASCADE ON UPDATE SET NULL,\n"
		"  CONSTRAINT `f2` FOREIGN KEY (`a`) REFERENCES `p` (`x ON DELETE CASCADE`),\n"
		"  CONSTRAINT `f3` FOREIGN KEY (`a`) REFERENCES `p` (`x`) ON DELETE NO ACTION\n) ENGINE=InnoDB";
	AddForeignKeyActions(table, create);
	EXPECT_EQ(table.foreign_keys[0].on_update, "SET NULL");
	EXPECT_EQ(table.foreign_keys[0].on_delete, "CASCADE");
	EXPECT_EQ(table.foreign_keys[1].on_update, "RESTRICT");
	EXPECT_EQ(table.foreign_keys[1].on_delete, "RESTRICT");
	EXPECT_EQ(table.foreign_keys[2].on_update, "RESTRICT");
	EXPECT_EQ(table.foreign_keys[2].on_delete, "NO ACTION");
	table.foreign_keys[0].on_update.clear();
	EXPECT_THROW(AddForeignKeyActions(table, "CREATE VIEW v"), core::Error);
}

TEST(MySqlCatalog, ChecksAndJson) {
	const std::vector<std::string> names = {"table_name", "constraint_name", "check_clause", "enforced"};
	core::SourceSchema schema = TwoTables(true);
	AddTwoColumns(schema);
	AddChecks(schema, {names,
					   {Cells{"alpha", "id", "json_valid(`id`)", "YES"},
						Cells{"alpha", "b", "json_valid(`b`) or `b` = 'x'", "YES"},
						Cells{"alpha", "a`x", "json_valid(`a``x`)", "NO"}}});
	const core::SourceTable &table = schema.tables[0];
	EXPECT_EQ(table.columns[0].type.kind, core::MySqlKind::int_) << "not a text column";
	EXPECT_EQ(table.columns[1].type.kind, core::MySqlKind::text) << "not json_valid alone";
	EXPECT_EQ(table.columns[2].type.kind, core::MySqlKind::json);
	EXPECT_TRUE(table.columns[2].type.json_by_check);
	ASSERT_EQ(table.checks.size(), 3u);
	EXPECT_EQ(table.checks[0].name, "a`x");
	EXPECT_FALSE(table.checks[0].enforced);
	EXPECT_TRUE(table.checks[1].enforced);

	core::SourceSchema mysql = TwoTables(false);
	AddTwoColumns(mysql);
	AddChecks(mysql, {names, {Cells{"alpha", "c", "json_valid(`b`)", "YES"}}});
	EXPECT_EQ(mysql.tables[0].columns[1].type.kind, core::MySqlKind::text) << "MySQL has a json type of its own";
	// Not the whole clause is the call.
	core::SourceSchema two = TwoTables(true);
	AddTwoColumns(two);
	AddChecks(two, {names, {Cells{"alpha", "c", "json_valid(`b`) and json_valid(`b`)", "YES"}}});
	EXPECT_EQ(two.tables[0].columns[1].type.kind, core::MySqlKind::text);
}

TEST(MySqlCatalog, Objects) {
	core::SourceSchema schema = TwoTables();
	AddObjects(schema, {{"kind", "name", "table_name"},
						{Cells{"PROCEDURE", "p", kNull}, Cells{"trigger", "t", "alpha"}, Cells{"event", "e", kNull}}});
	ASSERT_EQ(schema.objects.size(), 6u);
	EXPECT_EQ(schema.objects[0].kind, "event");
	EXPECT_EQ(schema.objects[1].kind, "procedure");
	EXPECT_EQ(schema.objects[4].kind, "trigger");
	EXPECT_EQ(schema.objects[4].table, "alpha");
}

TEST(MySqlCatalog, RefusesRowsThatAreNotWhatWasAsked) {
	core::SourceSchema schema;
	EXPECT_THROW(AddTables(schema, {{"name"}, {Cells{"x"}}}), core::Error);
	EXPECT_THROW(AddTables(schema, {{"table_name", "table_type", "engine", "table_collation", "table_comment",
									 "table_rows", "data_length", "auto_increment"},
									{Cells{"x", "BASE TABLE", "", "", "", "many", "0", "0"}}}),
				 core::Error);
}

} // namespace alkconv::mysql
