// Regime: Postgres (may longjmp, never throws)
//
// The time zones that a run needs.
#pragma once

#include "core/rules.hpp"
#include "migrate/source.hpp"

namespace alkconv::migrate {

// Gives the rules the zones that they name, and what wall times of the source mean otherwise. Raises 22023 for a zone that cannot be had.
void read_zones(MemoryContext context, const Source *source, core::RuleSet *rules);

} // namespace alkconv::migrate
