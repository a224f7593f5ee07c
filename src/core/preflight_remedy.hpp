// Regime: C++ (may throw, never calls Postgres)
//
// What to do about a finding: a sentence, and where a rule settles it the statement that makes the rule.
#pragma once

#include "core/plan.hpp"
#include "core/preflight.hpp"
#include "core/preflight_conditions.hpp"
#include "core/preflight_ties.hpp"

#include <string>
#include <string_view>

namespace alkconv::core {

// INSERT INTO alkconv.rule for one table and column (empty: a rule for the table), spelled literally.
std::string RuleStatement(const RuleBinding &binding, std::string_view table, std::string_view column,
						  std::string_view action, std::string_view argument,
						  std::string_view reason = "suggested by alkconv_preflight");

// The same with a gap where the argument belongs, so that it cannot run before somebody has filled it: `<gap>` says what with.
std::string RuleTemplate(const RuleBinding &binding, std::string_view table, std::string_view column,
						 std::string_view action, const std::string &gap);

// For a fault of a column's values: which rule settles it. A suggestion never leaves anything in the source, never puts a value of its own
// where there was none, and may not break what the column is tied to.
struct Suggestion {
	std::string action, argument; // no action: there is none
	RuleBeside beside = RuleBeside::any;
	std::string gap;  // only somebody who knows the values can say the argument: what has to be filled in
	std::string tied; // there is one, which could break this
};
Suggestion SuggestRule(const ValueCondition &fault, const ColumnPlan &column, const ColumnTies &ties);

// "No rule is suggested, because the column is part of ...": empty for nothing.
std::string WhyNoRule(const std::string &tied);

// What to do about such values, in a sentence.
std::string RemedyFor(const ValueCondition &fault, const ColumnPlan &column);

} // namespace alkconv::core
