// Regime: Postgres (may longjmp, never throws)
//
// The proof's own look at the sessions of the source.
#pragma once

#include "mysql/snapshot.hpp"
#include "verify/answers.hpp"

namespace alkconv::verify {

// Asks every connection of the snapshot, those that have read rows included, whether its session is what the proof needs, and raises an ERROR
// (XX001) that names what is not. `answers` are waited for; nothing else is at work on the connections.
void require_sessions(MemoryContext context, mysql::Snapshot *snapshot, SourceAnswers *answers);

} // namespace alkconv::verify
