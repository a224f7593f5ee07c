// Regime: Postgres (may longjmp, never throws)
//
// Foreign keys of targets to tables that are no part of the run: these are here and can be asked.
#pragma once

#include "core/preflight.hpp"
#include "migrate/planning.hpp"

namespace alkconv::migrate {

// Adds a finding for each such foreign key that has orphans in the source, and one for each of which nothing can be said ahead.
void add_orphans_of_local_parents(MemoryContext context, const Planning *planning,
								  std::vector<core::Finding> *findings);

} // namespace alkconv::migrate
