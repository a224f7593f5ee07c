// Regime: C++ (may throw, never calls Postgres)
//
// What a run leaves in the source, and which columns of the target get no values: none of it is proved, so none of it may look so.
#pragma once

#include "core/plan.hpp"

#include <string>

namespace alkconv::core {

// Whether a rule leaves a column of the table in the source.
bool LeavesColumnsByRule(const TablePlan &table) noexcept;

// "left out: 2 tables, 1 column by a rule ("dt"."created"), 3 columns that only one side has"; empty where nothing is.
std::string DescribeLeftOut(const Plan &plan);

} // namespace alkconv::core
