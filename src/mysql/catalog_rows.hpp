// Regime: C++ (may throw, never calls Postgres)
//
// From rows of information_schema to core's structures. Pure: the queries are in catalog.cpp, and tests feed canned
// rows. Rows may come in any order; columns are found by their alias, which the queries spell in lower case (servers
// differ).
#pragma once

#include "core/catalog.hpp"
#include "mysql/connection.hpp"

#include <string_view>

namespace alkconv::mysql {

// table_name, table_type, engine, table_collation, table_comment, table_rows, data_length, auto_increment.
// Base tables and system-versioned ones become tables, sorted; everything else an object. Comes before all others.
void AddTables(core::SourceSchema &schema, const TextResult &rows);

// table_name, column_name, ordinal_position, column_default, is_nullable, column_type, character_set_name,
// collation_name, extra, generation_expression, column_comment, srs_id (NULL where the server has no such column).
void AddColumns(core::SourceSchema &schema, const TextResult &rows);

// A table has columns; of one without, rows would be nothing but counted. Raises Error(source_privilege).
void RefuseBareTables(const core::SourceSchema &schema);

// table_name, index_name, non_unique, seq_in_index, column_name, sub_part, collation, index_type, expression (NULL
// where the server has no such column). The primary key comes first, the others by name.
void AddKeys(core::SourceSchema &schema, const TextResult &rows);

// usage: table_name, constraint_name, ordinal_position, column_name, referenced_table_schema, referenced_table_name,
// referenced_column_name; rules: table_name, constraint_name, update_rule, delete_rule.
void AddForeignKeys(core::SourceSchema &schema, const TextResult &usage, const TextResult &rules);

// What MariaDB hides from accounts that may only SELECT, referential_constraints, is in SHOW CREATE TABLE: fills the
// actions of those foreign keys that have none yet. Its defaults are RESTRICT, as in the view.
void AddForeignKeyActions(core::SourceTable &table, std::string_view create_table);

// table_name, constraint_name, check_clause, enforced. MariaDB's json_valid(`c`) makes column c json.
void AddChecks(core::SourceSchema &schema, const TextResult &rows);

// table_name, position, partition_name, method, expression, description, submethod (NULL without subpartitions).
void AddPartitions(core::SourceSchema &schema, const TextResult &rows);

// kind, name, table_name (NULL unless it is a trigger). Keeps the objects sorted.
void AddObjects(core::SourceSchema &schema, const TextResult &rows);

// next, least, highest, increment, cycle: where a sequence of MariaDB goes on at the latest, since numbers that the server keeps at hand count
// as handed out.
void ApplySequence(core::SourceObject &sequence, const TextResult &rows);

// Parses information_schema.COLUMNS.EXTRA of either server.
void ApplyExtra(core::SourceColumn &column, std::string_view extra);

} // namespace alkconv::mysql
