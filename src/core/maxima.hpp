// Regime: C++ (may throw, never calls Postgres)
//
// Columns whose highest value has to be the same on both sides: an application's list of the migrations that it has made of its schema. Rows of another
// version may fit the target's columns by luck, and would not be what the application there takes them for.
#pragma once

#include "core/plan.hpp"

#include <optional>
#include <string>
#include <vector>

namespace alkconv::core {

struct Maximum {
	std::string table, column; // of both sides
	const TargetTable *target;
	AppliedRule rule;
	std::string reason;
	std::string secret;		// the salt of hashes that stand for its values in messages; empty: it is not secret
	std::string source_sql; // query, one text
	std::optional<std::string> source_value, target_value; // to be filled in; none: no row, or NULL
};

// Those that the rules (action same_maximum) name and that both sides have, by table and column. They refer to `target`.
std::vector<Maximum> MaximaToCompare(const SourceSchema &source, const TargetSchema &target, const RuleSet &rules);

// A problem for each that differs.
std::vector<PlanProblem> ProblemsOfMaxima(const std::vector<Maximum> &maxima);

} // namespace alkconv::core
