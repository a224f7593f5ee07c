// Regime: Postgres (may longjmp, never throws)
//
// Publication of a loaded heap, as REFRESH MATERIALIZED VIEW does it (refresh_by_heap_swap, matview.c, 17).
#include "load/load.hpp"

#include "load/owner.hpp"

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

void publish_table(const LoadedTable *table) {
	const Oid target = table->plan->target_oid;
	OwnerSwitch owner;
	become_owner(&owner, target);
	Relation relation = table_open(target, NoLock);
	const char persistence = relation->rd_rel->relpersistence;
	table_close(relation, NoLock);

	// check_constraints: without it reindexing would switch uniqueness off and let duplicates in
	finish_heap_swap(target, table->heap, false, false, true, true, RecentXmin, ReadNextMultiXactId(), persistence);

	// cumulative statistics: without them autovacuum would not know of the new rows
	relation = table_open(target, NoLock);
	pgstat_count_truncate(relation);
	pgstat_count_heap_insert(relation, static_cast<PgStat_Counter>(table->rows));
	table_close(relation, NoLock);
	resume_user(&owner);
	CommandCounterIncrement();
}

} // namespace alkconv::load
