// Regime: C++ (may throw, never calls Postgres)
//
// Reads what information_schema does not show whole (lossy_rows.hpp) of tables that are to be created.
#pragma once

#include "core/catalog.hpp"
#include "mysql/connection.hpp"

#include <vector>

namespace alkconv::mysql {

// `tables` are positions in schema.tables. Only tables with something in doubt are asked about; what the account may not see stays in doubt,
// which the translation of expressions says.
void ReadWholeDefinitions(Connection &connection, core::SourceSchema &schema, const std::vector<size_t> &tables);

} // namespace alkconv::mysql
