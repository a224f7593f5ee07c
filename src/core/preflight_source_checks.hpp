// Regime: C++ (may throw, never calls Postgres)
//
// Rows that violate a CHECK of the source. The source may hold some: constraints that were switched off for a while, or
// that depend on a session's settings. A table that is created gets the constraint, translated and proved to mean the
// same, so the source's own expression is the question.
#pragma once

#include "core/preflight.hpp"

namespace alkconv::core {

// One question for each constraint that the run makes, to be asked together with those about the table's values; into
// `notes` what cannot be asked.
std::vector<ValueQuestion> AskAboutSourceChecks(const SourceSchema &schema, const TablePlan &table, const Ddl &ddl,
												const RuleSet &rules, const PreflightScope &scope,
												std::vector<Finding> &notes);

} // namespace alkconv::core
