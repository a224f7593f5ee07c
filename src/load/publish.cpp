// Regime: Postgres (may longjmp, never throws)
//
// Publication of a loaded heap, as REFRESH MATERIALIZED VIEW does it (refresh_by_heap_swap, matview.c, 17).
#include "load/load.hpp"

#include "pg/owner.hpp"
#include "pg/secret_error.hpp"
#include "pg/report.hpp"

extern "C" {
#include "access/multixact.h"
#include "access/table.h"
#include "access/xact.h"
#include "commands/cluster.h"
#include "pgstat.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::load {

namespace {

void publish_error_context(void *argument) {
	errcontext("while building the indexes of table \"%s\"", static_cast<const char *>(argument));
	hint_uniqueness();
}

struct Swap {
	Oid target, heap;
	char persistence;
};

void swap_heaps(void *argument) {
	const auto *swap = static_cast<const Swap *>(argument);
	// check_constraints: without it reindexing would switch uniqueness off and let duplicates in
	finish_heap_swap(swap->target, swap->heap, false, false, true, true, RecentXmin, ReadNextMultiXactId(),
					 swap->persistence);
}

} // namespace

void hint_uniqueness() {
	if (geterrcode() == ERRCODE_UNIQUE_VIOLATION || geterrcode() == ERRCODE_EXCLUSION_VIOLATION)
		pg::add_hint(
			"The source holds rows that this index of the target does not allow together. Mend them in the source, "
			"or drop the index of the target.");
}

void publish_table(const LoadedTable *table) {
	const Oid target = table->plan->target_oid;
	pg::OwnerSwitch owner;
	pg::become_owner(&owner, target);
	ErrorContextCallback context;
	context.callback = publish_error_context;
	context.arg = const_cast<char *>(table->plan->target_name.c_str());
	context.previous = error_context_stack;
	error_context_stack = &context;
	Relation relation = table_open(target, NoLock);
	const char persistence = relation->rd_rel->relpersistence;
	table_close(relation, NoLock);

	Swap swap = {target, table->heap, persistence};
	const pg::SecretScope scope = {table->plan->target_name.c_str(), nullptr};
	core::HasSecrets(*table->plan) ? pg::run_withholding(&scope, swap_heaps, &swap) : swap_heaps(&swap);

	// cumulative statistics: without them autovacuum would not know of the new rows
	relation = table_open(target, NoLock);
	pgstat_count_truncate(relation);
	pgstat_count_heap_insert(relation, static_cast<PgStat_Counter>(table->rows));
	table_close(relation, NoLock);
	error_context_stack = context.previous;
	pg::resume_user(&owner);
	CommandCounterIncrement();
}

} // namespace alkconv::load
