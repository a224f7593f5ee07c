// Regime: C++ (may throw, never calls Postgres)
//
// What to do about a finding: a sentence, and where a rule settles it the statement that makes the rule.
#pragma once

#include "core/plan.hpp"
#include "core/preflight.hpp"
#include "core/preflight_conditions.hpp"

#include <string>
#include <string_view>

namespace alkconv::core {

// INSERT INTO alkconv.rule for one table and column (empty: a rule for the table), spelled literally.
std::string RuleStatement(const RuleBinding &binding, std::string_view table, std::string_view column,
						  std::string_view action, std::string_view argument);

// For a fault of a column's values: which rule settles it, and what it does to them; empty where there is none.
struct Suggestion {
	std::string action, argument;
	RuleBeside beside = RuleBeside::any;
};
Suggestion SuggestRule(const ValueCondition &fault, const ColumnPlan &column);

// What to do about such values, in a sentence.
std::string RemedyFor(const ValueCondition &fault, const ColumnPlan &column);

} // namespace alkconv::core
