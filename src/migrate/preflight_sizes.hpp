// Regime: Postgres (may longjmp, never throws)
//
// Rows and index entries that are too long for the target.
#pragma once

#include "core/preflight_keys.hpp"
#include "migrate/planning.hpp"

namespace alkconv::migrate {

// Adds a finding for each index, and for each table, that cannot hold rows of the source.
void add_sizes(MemoryContext context, const Planning *planning, const core::TargetFacts *facts,
			   const core::PreflightScope *scope, std::vector<core::Finding> *findings);

} // namespace alkconv::migrate
