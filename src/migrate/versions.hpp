// Regime: Postgres (may longjmp, never throws)
//
// Whether the application's schema is of the same version on both sides.
#pragma once

#include "migrate/planning.hpp"

namespace alkconv::migrate {

// Compares what the rules with action same_maximum name, and puts what differs before the other problems of the plan, most of which follow from it.
void compare_versions(MemoryContext context, Planning *planning);

} // namespace alkconv::migrate
