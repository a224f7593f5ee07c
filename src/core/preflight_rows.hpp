// Regime: C++ (may throw, never calls Postgres)
//
// Some rules of the target can be judged by its own server alone: CHECK constraints, keys of tables that are no part of the run. For these the
// source's values are read and converted as a run does it, only the columns that the rule is about.
#pragma once

#include "core/preflight.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace alkconv::core {

// The plan of these columns (positions in `table.columns`, first and in this order) and of those that name a row.
TablePlan PlanOfColumns(const TablePlan &table, const std::vector<size_t> &columns);

// Their rows, those that take part and fulfil the condition (empty: all); in the order of the primary key, if that names the rows. `from` is the
// quoted source table.
std::string RowsQuery(const SourceTable &source, const TablePlan &columns, const std::string &from,
					  const std::string &condition);

// Each combination of these columns' values that occurs, byte for byte, with no NULL among them: then how many rows have it, and a sample of them
// (ReadSample). Empty where such values cannot be grouped in SQL.
std::string DistinctQuery(const SourceTable &source, const TablePlan &table, const std::vector<size_t> &columns,
						  const std::string &from);
// Reads its rows.
RowConverter MakeDistinctConverter(const TablePlan &table, const std::vector<size_t> &columns);

// The key of a row and the values of these columns, for the finding.
void SampleRow(const RowConverter &converter, const RowBatch &batch, size_t row, const std::vector<size_t> &columns,
			   Finding &finding);

} // namespace alkconv::core
