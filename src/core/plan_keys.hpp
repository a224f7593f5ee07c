// Regime: C++ (may throw, never calls Postgres)
//
// Rules about foreign keys, which are decided when all tables are planned: parent_spelling and orphans. They are carried out by the source's own
// SQL, which finds parents by its own collations; the plan says what is selected in place of a column, and which rows take part.
#pragma once

#include "core/plan.hpp"

namespace alkconv::core {

// Fills source_sql, source_filter and key_rules of the plan's tables, and adds what cannot be to its problems.
void ApplyKeyRules(const SourceSchema &source, const TargetSchema &target, const RuleSet &rules, Plan &plan);

} // namespace alkconv::core
