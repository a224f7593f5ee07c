// Regime: Postgres (may longjmp, never throws)
//
// A planned table and its target, as verification takes them.
#pragma once

#include "migrate/planning.hpp"
#include "verify/rows.hpp"

namespace alkconv::migrate {

// All rows of both. Precondition: the target exists.
verify::TablePair pair_of(const Planning *planning, const core::TablePlan *table);

} // namespace alkconv::migrate
