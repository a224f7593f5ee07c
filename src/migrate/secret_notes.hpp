// Regime: Postgres (may longjmp, never throws)
//
// Checks of foreign keys show keys of both tables.
#pragma once

#include "core/plan.hpp"
#include "verify/check_list.hpp"

namespace alkconv::migrate {

// Takes the samples out of checks of foreign keys whose tables have secret columns.
void withhold_samples(verify::CheckList *foreign_keys, const core::Plan *plan);

} // namespace alkconv::migrate
