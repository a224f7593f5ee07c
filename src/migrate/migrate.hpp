// Regime: Postgres (may longjmp, never throws)
//
// A run from end to end, and a verification without a run.
#pragma once

#include "migrate/request.hpp"
#include "verify/check_list.hpp"

namespace alkconv::migrate {

// Does the whole job; returns the run's id as text. Everything happens in the caller's transaction; any ERROR leaves the target as it was.
// Precondition: SPI is connected. Objects are owned by `context`.
const char *migrate(MemoryContext context, const Request *request);

// Compares source and target as they are now, without loading. Same preconditions.
verify::CheckList *verify_only(MemoryContext context, const Request *request);

} // namespace alkconv::migrate
