// Regime: Postgres (may longjmp, never throws)
//
// CHECK constraints of targets that exist, and the rows of the source that violate them.
#pragma once

#include "core/preflight.hpp"
#include "migrate/planning.hpp"

namespace alkconv::migrate {

// Adds a finding for each constraint that rows violate, and one for each of which nothing can be said ahead. Only of tables whose owner the
// caller is: the constraints are evaluated as that.
void add_check_violations(MemoryContext context, const Planning *planning, std::vector<core::Finding> *findings);

} // namespace alkconv::migrate
