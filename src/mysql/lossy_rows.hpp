// Regime: C++ (may throw, never calls Postgres)
//
// What information_schema, which is utf8mb3 and cuts and rounds, shows of a table less than whole, and where it is whole: the default's own
// value, which a SELECT gives, and SHOW CREATE TABLE. docs/create.md lists it. Pure: the queries are sent by lossy_catalog.cpp.
#pragma once

#include "core/catalog.hpp"
#include "mysql/connection.hpp"
#include "mysql/show_create.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace alkconv::mysql {

// The columns whose literal default may be another than the catalog says.
std::vector<size_t> DoubtfulDefaults(const core::SourceTable &table, bool mariadb);

// One row with the value of each of these defaults in hex digits. NULL: the server does not say it while the table is empty.
std::string DefaultsQuery(std::string_view database, const core::SourceTable &table,
						  const std::vector<size_t> &columns);
void ApplyDefaults(core::SourceTable &table, const std::vector<size_t> &columns, const TextResult &answer);

// Whether something is left that only SHOW CREATE TABLE says.
bool NeedsCreateStatement(const core::SourceTable &table, bool mariadb);
void ApplyCreateStatement(core::SourceTable &table, const CreateStatement &statement, bool mariadb);

} // namespace alkconv::mysql
