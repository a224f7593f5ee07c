// Regime: C++ (may throw, never calls Postgres)
//
// Reads a database's catalog from information_schema into core's plain structures: one query per kind of object for the
// whole database, row per column (never GROUP_CONCAT, which cuts at 1024 bytes).
#pragma once

#include "core/catalog.hpp"
#include "mysql/connection.hpp"

#include <optional>
#include <string>

namespace alkconv::mysql {

// Raises Error(unknown_database) when the database does not exist or the account cannot see it. MariaDB's json
// (longtext with CHECK json_valid) is recognised; INVISIBLE and generated columns are included and marked.
core::SourceSchema ReadCatalog(Connection &connection, const std::string &database);

// The tables alone, as ReadCatalog reads them: without columns, keys and anything else.
core::SourceSchema ReadTables(Connection &connection, const std::string &database);

// Fills in the statements that make the schema's views, routines, triggers, events and sequences: a query for each. What the
// account may not see stays empty.
void ReadSources(Connection &connection, core::SourceSchema &schema);

// One table or view, with its columns and keys only (no foreign keys, checks or statistics): what a foreign scan needs.
// The name is compared as the server compares it. Nothing when it does not exist or the account cannot see it.
std::optional<core::SourceTable> ReadTable(Connection &connection, const std::string &database,
										   const std::string &table);

} // namespace alkconv::mysql
