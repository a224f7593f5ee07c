// Regime: Postgres (may longjmp, never throws)
//
// How a run reads its source: in which order the tables, over how many connections, in which ranges.
#pragma once

#include "load/target.hpp"
#include "migrate/planning.hpp"
#include "mysql/parallel_reader.hpp"

namespace alkconv::migrate {

// Tables of at least so many bytes are loaded first, cut into ranges, and tell their speed.
constexpr uint64 kLargeTable = uint64{64} * 1024 * 1024;

// Bytes of a table of the plan, by the source's statistics.
uint64 estimated_bytes(const Planning *planning, size_t table);

// The positions of the plan's tables in the order in which they are loaded: those that are loaded into heaps first, of these the large ones
// before the others, by size; then those loaded through COPY, parents before children. Otherwise the plan's order, so that the run of a small
// database always tells the same story.
size_t *load_order(const Planning *planning, const load::LoadPath *paths);

// Does the run keep rows of this table out that do not convert? It was asked to, and they can be found again.
bool rejects_rows(const Planning *planning, const core::TablePlan *table);

// Starts reading the tables in that order over the readers' connections of the source's snapshot: all but the first, unless there is one
// only. Large tables are cut into ranges where several connections read. What it points to lives in `context`, below the source's.
mysql::ParallelReader *start_reading(MemoryContext context, const Planning *planning, const load::LoadPath *paths,
									 const size_t *order);

} // namespace alkconv::migrate
