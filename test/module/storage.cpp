// Regime: Postgres (may longjmp, never throws)
//
// An extension that stores rows elsewhere, as far as plans show it. LOAD 'alkconv_test' and then, in the session: alkconv_test.inserts_elsewhere
// names a table (its name alone) into which INSERT is done by a custom node, alkconv_test.reads_elsewhere two, 'asked,read', the second of which
// is read in place of the first. The node must never be run.
#include "pg/postgres.hpp"

extern "C" {
#include "catalog/pg_class.h"
#include "nodes/extensible.h"
#include "nodes/parsenodes.h"
#include "nodes/plannodes.h"
#include "optimizer/planner.h"
#include "parser/parsetree.h"
#include "storage/lmgr.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
}

#include "pg/regime_pg.hpp"

namespace {

char *inserts_elsewhere;
char *reads_elsewhere;
planner_hook_type previous_planner;

Node *refuse_to_run(CustomScan *) { ereport(ERROR, (errmsg("a statement that was to be planned only was run"))); }

const CustomScanMethods kMethods = {"Test Storage", refuse_to_run};

bool is_named(Oid relation, const char *name, size_t length) {
	const char *actual = get_rel_name(relation);
	return actual != nullptr && strlen(actual) == length && strncmp(actual, name, length) == 0;
}

void read_another(Query *query) {
	const char *comma = strchr(reads_elsewhere, ',');
	if (comma == nullptr || query->commandType != CMD_SELECT)
		return;
	ListCell *cell;
	foreach (cell, query->rtable) {
		auto *entry = static_cast<RangeTblEntry *>(lfirst(cell));
		if (entry->rtekind == RTE_SUBQUERY)
			read_another(entry->subquery);
		if (entry->rtekind != RTE_RELATION ||
			!is_named(entry->relid, reads_elsewhere, static_cast<size_t>(comma - reads_elsewhere)))
			continue;
		entry->relid = get_relname_relid(comma + 1, get_rel_namespace(entry->relid));
#if PG_VERSION_NUM >= 160000 // a61b1f74823: permissions are no longer in the entry
		if (entry->perminfoindex > 0)
			static_cast<RTEPermissionInfo *>(list_nth(query->rteperminfos, static_cast<int>(entry->perminfoindex) - 1))
				->relid = entry->relid;
#endif
		LockRelationOid(entry->relid, AccessShareLock);
	}
}

PlannedStmt *plan(Query *query, const char *sql, int options, ParamListInfo parameters) {
	read_another(query);
	PlannedStmt *planned = previous_planner != nullptr ? previous_planner(query, sql, options, parameters)
													   : standard_planner(query, sql, options, parameters);
	if (planned->commandType != CMD_INSERT || planned->resultRelations == NIL ||
		!is_named(rt_fetch(linitial_int(planned->resultRelations), planned->rtable)->relid, inserts_elsewhere,
				  strlen(inserts_elsewhere)))
		return planned;
	CustomScan *scan = makeNode(CustomScan);
	scan->custom_plans = list_make1(planned->planTree);
	scan->methods = &kMethods;
	planned->planTree = &scan->scan.plan;
	return planned;
}

} // namespace

extern "C" {
PGDLLEXPORT void _PG_init();

void _PG_init() {
	DefineCustomStringVariable("alkconv_test.inserts_elsewhere", "Table into which a custom node inserts.", nullptr,
							   &inserts_elsewhere, "", PGC_USERSET, 0, nullptr, nullptr, nullptr);
	DefineCustomStringVariable("alkconv_test.reads_elsewhere", "Table, and the one that is read in its place.", nullptr,
							   &reads_elsewhere, "", PGC_USERSET, 0, nullptr, nullptr, nullptr);
	previous_planner = planner_hook;
	planner_hook = plan;
}
}
