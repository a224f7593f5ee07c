// Regime: Postgres (may longjmp, never throws)
//
// Bringing the rows that a run rejected, after they were mended in the source or rules were written for them.
#pragma once

#include "pg/postgres.hpp"

namespace alkconv::migrate {

// Reads the rows again that `run` (uuid as text) rejected and that no replay has brought yet, converts them, adds them to the targets through
// COPY's machinery and proves them; everything else in the targets stays. All or nothing: a row that still does not convert, or that the source
// has no longer, is an ERROR. Returns the id of the new run, or null when nothing is left to bring. Preconditions as those of migrate().
const char *replay(MemoryContext context, const char *run);

} // namespace alkconv::migrate
