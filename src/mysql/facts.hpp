// Regime: C++ (may throw, never calls Postgres)
//
// Asks the source what its rows say where a type depends on them: one query for each table that has such columns.
#pragma once

#include "core/facts.hpp"
#include "mysql/connection.hpp"

#include <vector>

namespace alkconv::mysql {

// Scans those of the named tables (positions in schema.tables) that have a question and fills in the facts of all columns; tables that are
// not named are taken to have no rows. `parents`: as for core::ShareFacts.
void ReadFacts(Connection &connection, core::SourceSchema &schema, const std::vector<size_t> &tables,
			   const std::vector<core::FactAnswer> &parents);

} // namespace alkconv::mysql
