// Regime: Postgres (may longjmp, never throws)
//
// Everything that would go wrong in a run, without a run.
#pragma once

#include "core/preflight.hpp"
#include "migrate/request.hpp"

namespace alkconv::migrate {

// All findings, sorted; owned by `context`. Reads both sides and changes nothing. Precondition: SPI is connected.
const std::vector<core::Finding> *preflight(MemoryContext context, const Request *request);

} // namespace alkconv::migrate
