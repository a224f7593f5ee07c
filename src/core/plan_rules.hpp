// Regime: C++ (may throw, never calls Postgres)
//
// What rules mean for the columns of a table that is created, beyond what they make of single values.
#pragma once

#include "core/plan.hpp"

#include <string>

namespace alkconv::core {

struct RuledTable {
	const SourceSchema &schema;
	const SourceTable &table;
	const RuleSet &rules;
};

// Whether tinyint_to_boolean gives a column (by its position) the type boolean. A rule that spells the column does so for any integer; a pattern
// only for tinyint(1), and never where the numbers tell rows apart or find them: several would become one.
bool IsBooleanByRule(const RuledTable &of, size_t column);

// Whether a column may lose its NOT NULL to a rule that makes nulls. Those keep it by which rows are told apart or divided into partitions,
// which count, or which the source computes.
bool MayBeNull(const RuledTable &of, size_t column);

// Whether a rule makes NULL of the column's orphans.
bool OrphansBecomeNull(const RuledTable &of, size_t column);

// What another column that is computed of this one must know: that it has other values than the source, or compares them otherwise. A clause
// without its subject; empty: no rule changes it.
std::string ChangeByRule(const RuledTable &of, const ColumnPlan &plan);

} // namespace alkconv::core
