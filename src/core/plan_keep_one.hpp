// Regime: C++ (may throw, never calls Postgres)
//
// Rules keep_one of a table: of which rows one stays, said in the source's SQL. What the target will hold equal must be
// sayable there byte for byte; else the rule is a problem of the plan.
#pragma once

#include "core/keep_one.hpp"
#include "core/plan.hpp"

#include <string>
#include <vector>

namespace alkconv::core {

struct KeptKey {
	const Rule *rule = nullptr;
	KeepOne said;
	std::string name;				 // for messages: unique index "x", columns "a", "b"
	std::vector<ColumnPlan> columns; // as they were planned before rules about foreign keys
	bool nulls_not_distinct = false;
};

// Those of the table in the order of the rules; a rule whose pattern reaches a table without such a key is not for it.
std::vector<KeptKey> KeptKeysOf(const SourceSchema &source, const TargetSchema &target, const RuleSet &rules,
								const TablePlan &table, std::vector<PlanProblem> &problems);

// Whether the row called `row` stays: `inner` is the name of a table of one's own, and `among` the condition on it that
// says which rows take part.
std::string StaysUnder(const KeptKey &key, const SourceSchema &source, const TablePlan &table, const std::string &row,
					   const std::string &inner, const std::string &among);

// What the proof asks about it; `among` is a condition on the table by its own name.
KeyRule DuplicateRule(const KeptKey &key, const SourceSchema &source, const TablePlan &table, const std::string &among);

} // namespace alkconv::core
