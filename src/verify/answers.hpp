// Regime: Postgres (may longjmp, never throws)
//
// What the source says of its tables, asked ahead: MySQL counts and digests in a thread while the backend loads rows, builds indexes or
// computes its own digests.
#pragma once

#include "core/difference.hpp"
#include "verify/rows.hpp"

namespace alkconv::verify {

struct SourceAnswers;

// Starts asking about `count` tables, in the order given, on the connection of the pairs, which is theirs until wait_for_all(). What the
// result points to lives in `context`, as the connection does or longer.
SourceAnswers *ask_ahead(MemoryContext context, const TablePair *pairs, size_t count, core::VerifyLevel level);

// Waits for the answer about the table with this number, and raises what kept the source from giving it. Interrupts are served.
const core::TextResult *wait_for_answer(SourceAnswers *answers, size_t table);

// Waits until nothing is being asked any more: the connection is free for other queries.
void wait_for_all(SourceAnswers *answers);

} // namespace alkconv::verify
