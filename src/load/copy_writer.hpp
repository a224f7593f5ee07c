// Regime: Postgres (may longjmp, never throws)
//
// The second way of loading, for targets that a heap swap cannot load rightly: rows go through COPY's own machinery,
// which routes to partitions, fires triggers, computes defaults and generated columns, checks constraints and maintains
// indexes, row by row, as the server does.
#pragma once

#include "core/plan.hpp"
#include "load/rejects.hpp"
#include "pg/postgres.hpp"

extern "C" {
#include "utils/rel.h"
}

namespace alkconv::load {

// Takes all batches of `source` (converted by `converter`) into `target`, which the caller has opened and locked.
// Returns the rows that COPY stored; AFTER triggers that are not deferred have fired. Raises what the source, a value's
// input function, a constraint or a trigger raises, with table, column and key as context; serves interrupts while the
// source is silent. Nothing but COPY's queue of AFTER ROW triggers (which include foreign keys) grows with the number
// of rows. With `rejecting`, which may be null, rows with a value that does not convert are kept out. `changed` has a number for each column
// of the plan, 0: it becomes how many values the expression of a rule changed. Allocates in `context`, which outlives the call only when an ERROR
// ends it.
uint64 copy_rows(MemoryContext context, Relation target, const core::TablePlan *plan,
				 const core::RowConverter *converter, core::BatchSource *source, const Rejecting *rejecting,
				 uint64 *changed);

} // namespace alkconv::load
