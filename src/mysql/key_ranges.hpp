// Regime: C++ (may throw, never calls Postgres)
//
// Cutting a table into ranges of a unique key, so that several readers share it. The bounds are real keys of the
// snapshot; how many rows lie between them is the optimizer's estimate (index dives), so that no table is scanned and
// statistics decide about balance only.
#pragma once

#include "core/catalog.hpp"
#include "core/plan.hpp"
#include "mysql/connection.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace alkconv::mysql {

// Every row satisfies exactly one condition.
struct KeyRanges {
	std::vector<std::string> conditions; // for WHERE, in the order of the key; one empty one: all rows
	std::string order;					 // for ORDER BY: the key's columns; empty where the table is not cut
	std::string index;					 // for FORCE INDEX, not quoted; empty where the table is not cut
};

// Cuts `table` (of ReadCatalog) into about data_bytes / range_bytes ranges of its primary key, or of another unique key
// where that one cannot serve. Not cut are small tables, tables without a key that serves, and tables of engines other
// than InnoDB, since their ranges would be of different moments. `connection` is on the run's snapshot. Same data and
// statistics give the same ranges. Raises what Connection::Query raises.
KeyRanges CutTable(Connection &connection, const std::string &database, const core::SourceTable &table,
				   uint64_t range_bytes);

// The statements that read the plan's columns of `table`, each row once: one, or one for each range of `range_bytes`
// where that is not 0. As CutTable.
std::vector<std::string> ScanStatements(Connection &connection, const std::string &database,
										const core::SourceTable &table, const core::TablePlan &plan,
										uint64_t range_bytes);

} // namespace alkconv::mysql
