// Regime: Postgres (may longjmp, never throws)
//
// What a run has freed goes back to the system. The C library keeps it for the process: each thread that reads has had
// an arena of its own, whose free pages nobody gives back, and which of them the next run's threads meet is chance, so
// that a session grew from run to run.
#pragma once

namespace alkconv::pg {

// Once a call, when all that it had is freed: takes a millisecond or two.
void release_free_memory();

} // namespace alkconv::pg
