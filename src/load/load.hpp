// Regime: Postgres (may longjmp, never throws)
//
// Loading one table: source batches into a transient heap, then, when all tables are loaded, publication of that heap; or, where that cannot
// be right (target.hpp), through COPY's machinery.
#pragma once

#include "core/plan.hpp"
#include "load/rejects.hpp"
#include "pg/postgres.hpp"

namespace alkconv::load {

struct LoadedTable {
	const core::TablePlan *plan;
	Oid heap;		 // that holds the rows: a transient one until it is published, or that of a new table itself
	uint64 rows;	 // written
	uint64 bytes;	 // as fetched
	uint64 *touched; // of each rule that the plan counts: values that it changed
	uint64 *changed; // of each column of the plan: values that its expression changed
	double seconds;
};

// Takes all batches of `source`, made by the plan's converter, into a new transient heap of the target, of which nothing changes, or into the
// target itself where this subtransaction has made it. It is locked AccessExclusive already; becomes its owner with restricted operation meanwhile. `bytes_total` (an estimate) is for
// pg_stat_progress_copy. What the result points to lives in `context`. With `rejecting`, which may be null, rows that do not convert are kept out.
LoadedTable load_table(MemoryContext context, core::BatchSource *source, const core::TablePlan *plan,
					   uint64 bytes_total, const Rejecting *rejecting);

// Takes all batches of `source` into the target itself, by COPY's machinery (copy_writer.hpp), as the target's owner; `search_path` is the
// caller's, for its triggers. The target is locked AccessExclusive already. pg_stat_progress_copy is COPY's own. With `rejecting`, which may be
// null, rows that do not convert are kept out; what COPY itself refuses (a constraint, a trigger, no partition) remains an ERROR.
LoadedTable load_table_by_copy(MemoryContext context, core::BatchSource *source, const core::TablePlan *plan,
							   const char *search_path, const Rejecting *rejecting);

// Makes the loaded heap the table's storage and builds its indexes, which proves uniqueness (and nothing else: NOT NULL and CHECK
// were examined per row, foreign keys are the verifier's business). OID, grants, views, triggers, foreign keys stay.
void publish_table(const LoadedTable *table);

// "keep one of each by a rule in alkconv.rule: ..." for a source table and a unique key, by a name that the rule takes.
const char *keep_one_advice(const char *table, const char *key);

// Adds to a uniqueness error that is being raised whose fault it is, the source's or that of rules: the server names index and key.
void hint_uniqueness(const core::TablePlan *plan);

// What to do about a row that an index of the target, or a page, cannot hold.
const char *long_entry_hint();
const char *long_row_hint();

} // namespace alkconv::load
