// Regime: C++ (may throw, never calls Postgres)
//
// What becomes of the columns of one table; the part of MakePlan below the table.
#pragma once

#include "core/expression.hpp"
#include "core/plan.hpp"
#include "core/target_names.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace alkconv::core {

// "name" in double quotes, inner ones doubled: how messages spell identifiers.
std::string Quoted(std::string_view name);

// Whether the rows of its tables are part of a snapshot.
bool IsTransactional(const std::string &engine);

// What an expression over these columns of a table that is created may name.
ExpressionScope ScopeOf(const SourceSchema &schema, const std::vector<ColumnPlan> &columns);

// What the plan of a table is made of, on the side of the source.
struct PlannedSource {
	const SourceSchema &schema;
	const SourceTable &table;
	const TargetNames::Table &names; // what the target calls it, where it is free to
};

// Fills columns, omitted, key and notes of a plan whose target exists; adds what forbids it to `problems`. `created`: this run made the
// target, so that generated columns on both sides are compared.
void PlanExistingTable(const PlannedSource &source, const TargetTable &target, bool created, const RuleSet &rules,
					   TablePlan &table, std::vector<PlanProblem> &problems);

// The same for a table that alkconv creates in `target`: names as in the source as far as they can be, types by the source's and by the facts
// about its rows, NOT NULL kept.
void PlanNewTable(const PlannedSource &source, const TargetSchema &target, const RuleSet &rules, TablePlan &table,
				  std::vector<PlanProblem> &problems);

// Notes the unique keys of the source under which texts are equal that differ for the target. Precondition: the columns are planned.
void NoteUniqueCollations(const SourceSchema &schema, const SourceTable &source, TablePlan &table);

} // namespace alkconv::core
