// Regime: Postgres (may longjmp, never throws)
//
// The proof's own look at the sessions of the source.
#pragma once

#include "mysql/snapshot.hpp"
#include "pg/postgres.hpp"

namespace alkconv::verify {

// Asks every connection of the snapshot whether its session is what reading and proof need, and raises an ERROR (XX001)
// that names what is not. Before
// rows are read: afterwards a run may do without the source. Nothing else is at work on the connections.
void require_sessions(MemoryContext context, mysql::Snapshot *snapshot);

} // namespace alkconv::verify
