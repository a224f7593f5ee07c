// Regime: Postgres (may longjmp, never throws)
//
// Loading one table: source batches into a transient heap, then, when all tables are loaded, publication of that heap.
#pragma once

#include "core/plan.hpp"
#include "mysql/connection.hpp"
#include "pg/postgres.hpp"

namespace alkconv::load {

struct LoadedTable {
	const core::TablePlan *plan;
	const core::RowConverter *converter; // for the counts of values that rules touched
	Oid heap;							 // transient heap that holds the rows
	uint64 rows;
	uint64 bytes;						 // as fetched
	double seconds;
};

// Streams the source table into a new transient heap of the target. The target is locked AccessExclusive already; becomes its owner
// with restricted operation meanwhile. Nothing of the target changes. `bytes_total` (an estimate) is for pg_stat_progress_copy.
LoadedTable load_table(MemoryContext context, mysql::Connection *connection, const char *select, const core::TablePlan *plan,
					   uint64 bytes_total);

// Makes the loaded heap the table's storage and builds its indexes, which proves uniqueness (and nothing else: NOT NULL and CHECK
// were examined per row, foreign keys are the verifier's business). OID, grants, views, triggers, foreign keys stay.
void publish_table(const LoadedTable *table);

} // namespace alkconv::load
