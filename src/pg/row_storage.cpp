// Regime: Postgres (may longjmp, never throws)
//
// Walks plans. The server has a walker for plans' expressions and for executor states, none for plans alone.
#include "pg/row_storage.hpp"

#include "pg/extension.hpp"
#include "pg/owner.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "access/htup_details.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "lib/stringinfo.h"
#include "nodes/extensible.h"
#include "nodes/parsenodes.h"
#include "nodes/plannodes.h"
#include "optimizer/paths.h"
#include "optimizer/plancat.h"
#include "optimizer/planner.h"
#include "parser/analyze.h"
#include "parser/parsetree.h"
#include "tcop/tcopprot.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::pg {

const char *elsewhere_hint() {
	return psprintf("Migrate into plain tables, distribute them or make them hypertables afterwards, and prove the "
					"result with %s.",
					function_name("alkconv_verify"));
}

namespace {

// What is being looked for, and what was found first, in words.
struct Search {
	const List *range_table;
	const List *expected; // relations that may be scanned; NIL: any
	const char *custom;	  // name of a custom node
	const char *other;	  // relation that was not expected, or a query sent elsewhere
};

void search_plan(Search *search, const Plan *plan);

void search_plans(Search *search, const List *plans) {
	const ListCell *cell;
	foreach (cell, plans)
		search_plan(search, static_cast<const Plan *>(lfirst(cell)));
}

void look_at_scan(Search *search, const Plan *plan) {
	const auto *scan = reinterpret_cast<const Scan *>(plan);
	if (search->expected == NIL || search->other != nullptr)
		return;
	if (scan->scanrelid == 0) {
		search->other = "a query that is sent to another server";
		return;
	}
	const RangeTblEntry *entry = rt_fetch(scan->scanrelid, search->range_table);
	if (entry->rtekind == RTE_RELATION && !list_member_oid(search->expected, entry->relid))
		search->other = psprintf("\"%s\"", get_rel_name(entry->relid));
}

void search_plan(Search *search, const Plan *plan) {
	if (plan == nullptr)
		return;
	check_stack_depth();
	switch (nodeTag(plan)) {
	case T_CustomScan: {
		const auto *scan = reinterpret_cast<const CustomScan *>(plan);
		if (search->custom == nullptr)
			search->custom = scan->methods->CustomName;
		search_plans(search, scan->custom_plans);
		break;
	}
	case T_SeqScan:
	case T_SampleScan:
	case T_IndexScan:
	case T_IndexOnlyScan:
	case T_BitmapHeapScan:
	case T_TidScan:
	case T_TidRangeScan:
	case T_ForeignScan: look_at_scan(search, plan); break;
	case T_SubqueryScan: search_plan(search, reinterpret_cast<const SubqueryScan *>(plan)->subplan); break;
	case T_Append: search_plans(search, reinterpret_cast<const Append *>(plan)->appendplans); break;
	case T_MergeAppend: search_plans(search, reinterpret_cast<const MergeAppend *>(plan)->mergeplans); break;
	default: break;
	}
	search_plan(search, plan->lefttree);
	search_plan(search, plan->righttree);
}

// Plans a statement of our own and looks through it.
void search_statement(Search *search, const char *sql) {
	const List *queries = pg_analyze_and_rewrite_fixedparams(single_statement(sql), sql, nullptr, 0, nullptr);
	const ListCell *cell;
	foreach (cell, queries) {
		const PlannedStmt *planned = pg_plan_query(lfirst_node(Query, cell), sql, 0, nullptr);
		if (planned == nullptr || planned->utilityStmt != nullptr)
			continue;
		search->range_table = planned->rtable;
		search_plan(search, planned->planTree);
		search_plans(search, planned->subplans);
	}
}

// INSERT INTO t (a, b) SELECT NULL, NULL FROM ...: a source that nobody takes for a table of theirs, of several rows.
const char *insert_statement(Oid relation) {
	StringInfoData names, nulls;
	initStringInfo(&names);
	initStringInfo(&nulls);
	HeapTuple tuple;
	for (AttrNumber number = 1;
		 HeapTupleIsValid(tuple = SearchSysCache2(ATTNUM, ObjectIdGetDatum(relation), Int16GetDatum(number)));
		 ++number) {
		const auto *column = reinterpret_cast<const FormData_pg_attribute *>(GETSTRUCT(tuple));
		if (!column->attisdropped && column->attgenerated == '\0') {
			appendStringInfo(&names, "%s%s", names.len == 0 ? "" : ", ", quote_identifier(NameStr(column->attname)));
			appendStringInfoString(&nulls, nulls.len == 0 ? "NULL" : ", NULL");
		}
		ReleaseSysCache(tuple);
	}
	if (names.len == 0)
		return psprintf("INSERT INTO %s DEFAULT VALUES", qualified_name(relation));
	return psprintf("INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM pg_catalog.generate_series(1, 2)",
					qualified_name(relation), names.data, nulls.data);
}

// Without any of these hooks the server plans alone, and its own nodes store rows here.
bool can_extensions_plan() {
	return planner_hook != nullptr || post_parse_analyze_hook != nullptr || create_upper_paths_hook != nullptr ||
		   set_rel_pathlist_hook != nullptr || set_join_pathlist_hook != nullptr || get_relation_info_hook != nullptr;
}

} // namespace

const char *inserting_node(Oid relation) {
	if (!can_extensions_plan())
		return nullptr;
	OwnerSwitch saved;
	Search search = {nullptr, NIL, nullptr, nullptr};
	become_reader(&saved, relation);
	search_statement(&search, insert_statement(relation));
	resume_user(&saved);
	return search.custom;
}

const char *elsewhere_stored(Oid relation) {
	if (!can_extensions_plan())
		return nullptr;
	const char *node = inserting_node(relation);
	if (node != nullptr)
		return psprintf("stores its rows elsewhere: an extension inserts them by the plan node \"%s\"", node);
	OwnerSwitch saved;
	List *own = get_rel_relkind(relation) == RELKIND_PARTITIONED_TABLE
					? find_all_inheritors(relation, AccessShareLock, nullptr)
					: list_make1_oid(relation);
	Search search = {nullptr, own, nullptr, nullptr};
	become_reader(&saved, relation);
	search_statement(&search, psprintf("SELECT * FROM %s", from_item(relation)));
	resume_user(&saved);
	if (search.other == nullptr)
		return nullptr;
	return psprintf("stores its rows elsewhere: they are read from %s", search.other);
}

} // namespace alkconv::pg
