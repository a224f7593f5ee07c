// Regime: Postgres (may longjmp, never throws)
//
// Targets that are loaded through COPY are emptied by TRUNCATE, which refuses tables to which others refer.
#pragma once

#include "migrate/planning.hpp"

namespace alkconv::migrate {

// Adds a problem to the plan for each target that is to be emptied while a table outside the run refers to it. Precondition: SPI is connected.
void refuse_outside_references(Planning *planning);

} // namespace alkconv::migrate
