// Regime: Postgres (may longjmp, never throws)
//
// What the transaction will hold, against the size of the server's lock table (NLOCKENTS, lock.c). The tenth that the server allocates beyond
// it is left to other sessions.
#include "migrate/locks.hpp"

#include "core/locks.hpp"
#include "load/target.hpp"
#include "pg/boundary.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "access/twophase.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "storage/lock.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

// Relations of the tables $1 and their partitions, each with its TOAST table and that one's index, indexes and sequences; then those of the
// heaps that are made for the tables $2. Lists are joined, since a parameter would be looked through, and read, for each row;
// pg_partition_tree() would lock the partitions.
const char *const kRelationsQuery =
	"WITH RECURSIVE relations(oid) AS (SELECT pg_catalog.unnest($1::pg_catalog.oid[]) UNION SELECT i.inhrelid FROM "
	"relations r"
	"  JOIN pg_catalog.pg_inherits i ON i.inhparent = r.oid JOIN pg_catalog.pg_class p ON p.oid = i.inhrelid AND "
	"p.relispartition),"
	" parts AS (SELECT CASE WHEN c.reltoastrelid <> 0 THEN 3 ELSE 1 END AS n FROM pg_catalog.pg_class c"
	"   WHERE c.oid IN (SELECT r.oid FROM relations r)"
	"  UNION ALL SELECT CASE WHEN c.reltoastrelid <> 0 THEN 3 ELSE 1 END FROM pg_catalog.pg_class c"
	"   WHERE c.oid IN (SELECT h FROM pg_catalog.unnest($2::pg_catalog.oid[]) h)"
	"  UNION ALL SELECT 1 FROM pg_catalog.pg_index i WHERE i.indrelid IN (SELECT r.oid FROM relations r)"
	"  UNION ALL SELECT 1 FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'"
	"   WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refclassid = "
	"'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid IN (SELECT r.oid FROM relations r) AND d.deptype IN "
	"('a', 'i'))"
	" SELECT COALESCE(pg_catalog.sum(n), 0) FROM parts";

uint64 relations_of_targets(const core::Plan *plan) {
	StringInfoData all, heaps;
	initStringInfo(&all);
	initStringInfo(&heaps);
	for (size_t i = 0; i < plan->tables.size(); ++i) {
		const core::TablePlan &table = plan->tables[i];
		if (table.create)
			continue;
		appendStringInfo(&all, ",%u", table.target_oid);
		if (load::path_of(table.target_oid) == load::LoadPath::heap)
			appendStringInfo(&heaps, ",%u", table.target_oid);
	}
	const char *lists[] = {psprintf("{%s}", all.len > 0 ? all.data + 1 : ""),
						   psprintf("{%s}", heaps.len > 0 ? heaps.data + 1 : "")};
	pg::sql_ask_catalog(kRelationsQuery, 2, lists);
	return static_cast<uint64>(pg::sql_int(0, 0));
}

// What the planning of other tables, the record and the catalogs take.
constexpr uint64 kOthers = 100;

uint64 slots() { return static_cast<uint64>(MaxBackends) + static_cast<uint64>(max_prepared_xacts); }

// A tenth more than what is needed, in steps as DBAs write it.
uint64 sufficient_setting(uint64 needed) {
	constexpr uint64 kStep = 32;
	const uint64 least = needed * 11 / 10 / slots() + 1;
	return (least + kStep - 1) / kStep * kStep;
}

} // namespace

void limit_locks(Planning *planning) {
	const core::Plan *plan = planning->plan;
	const uint64 needed = kOthers + relations_of_targets(plan) + pg::edge([&] {
							  return core::CountNewRelations(*planning->source->schema, *plan, *planning->ddl);
						  });
	const uint64 room = static_cast<uint64>(max_locks_per_xact) * slots();
	if (needed <= room)
		return;
	const char *message =
		psprintf("the run locks " UINT64_FORMAT " relations (tables, TOAST tables, indexes, sequences) "
				 "until it ends, and the server has room for " UINT64_FORMAT " locks",
				 needed, room);
	const char *hint = psprintf("ALTER SYSTEM SET max_locks_per_transaction = " UINT64_FORMAT
								" (now it is %d) and restart the server, its standbys first; or migrate in several "
								"runs: argument include.",
								sufficient_setting(needed), max_locks_per_xact);
	pg::edge([&] { planning->plan->problems.push_back({core::Code::too_many_locks, "", "", message, hint}); });
}

} // namespace alkconv::migrate
