// Regime: C++ (may throw, never calls Postgres)
//
// What becomes of the columns of one table; the part of MakePlan below the table.
#pragma once

#include "core/plan.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace alkconv::core {

// "name" in double quotes, inner ones doubled: how messages spell identifiers.
std::string Quoted(std::string_view name);

// Fills columns, omitted, key and notes of a plan whose target exists; adds what forbids it to `problems`.
void PlanExistingTable(const SourceTable &source, const TargetTable &target, const RuleSet &rules, TablePlan &table,
					   std::vector<PlanProblem> &problems);

// The same for a table that alkconv creates: names as in the source, default types, NOT NULL and primary key kept.
void PlanNewTable(const SourceTable &source, const RuleSet &rules, TablePlan &table,
				  std::vector<PlanProblem> &problems);

} // namespace alkconv::core
