// Regime: Postgres (may longjmp, never throws)
//
// Writes batches of converted rows into a transient heap: virtual slots, table_multi_insert, frozen rows, no indexes. Everything
// CopyFrom does per row that a direct multi-insert would skip is done here against the table being replaced: defaults, stored
// generated columns, CHECK constraints and NOT NULL (follows CopyFrom, copyfrom.c, 17).
#pragma once

#include "core/plan.hpp"
#include "load/rejects.hpp"
#include "pg/datum.hpp"

extern "C" {
#include "access/heapam.h"
#include "nodes/execnodes.h"
#include "utils/rel.h"
}

namespace alkconv::load {

class HeapWriter;

// Prepares writing into `heap` (made by make_new_heap for `target`). `heap` and `target` stay open and locked by the caller until
// close_heap_writer. With `rejecting`, which may be null, rows that the server refuses are kept out.
// Allocates in `context`.
HeapWriter *open_heap_writer(MemoryContext context, Relation heap, Relation target, const core::TablePlan *plan,
							 const core::RowConverter *converter, const Rejecting *rejecting);

// Inserts all rows of a batch. Raises the constraint's or input function's error with table, column and key as context.
void write_batch(HeapWriter *writer, const core::RowBatch *batch);

// How many values expressions of rules changed, a number for each column of the plan, where one has an expression.
void take_changed(const HeapWriter *writer, uint64 *changed);

// Ends the bulk insert; returns the rows written.
uint64 close_heap_writer(HeapWriter *writer);

} // namespace alkconv::load
