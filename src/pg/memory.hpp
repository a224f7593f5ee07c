// Regime: Postgres (may longjmp, never throws)
//
// What a call has used and freed stays with the process until the allocator is asked to give it back: each reader's thread has an arena of its own, and
// glibc raises the sizes from which it gives back by itself with the largest block that it has seen.
#pragma once

#include "pg/postgres.hpp"

namespace alkconv::pg {

// Deletes the context of a call, with everything that it owns, and returns free memory to the system.
void end_context(MemoryContext context);

} // namespace alkconv::pg
