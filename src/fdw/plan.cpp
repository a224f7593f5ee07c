// Regime: Postgres (may longjmp, never throws)
//
// Planning: one path, a sequential scan that fetches the columns the query needs. Planning never connects; the size of
// the source is not known and a fixed one is assumed, as postgres_fdw does for tables without statistics.
#include "fdw/plan.hpp"

#include "fdw/callbacks.hpp"
#include "fdw/options.hpp"
#include "mysql/sql.hpp"
#include "pg/compat.hpp"
#include "pg/owned.hpp"

extern "C" {
#include "access/sysattr.h"
#include "access/table.h"
#include "catalog/heap.h"
#include "catalog/pg_attribute.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "optimizer/planmain.h"
#include "optimizer/restrictinfo.h"
#include "utils/rel.h"
}

#include <string>
#include <vector>

namespace alkconv::fdw {
using Names = std::vector<std::string>;
} // namespace alkconv::fdw

#include "pg/regime_pg.hpp"

namespace alkconv::fdw {

namespace {

constexpr double kAssumedPages = 10;	// as postgres_fdw
constexpr Cost kStartupCost = 100.0;	// DEFAULT_FDW_STARTUP_COST of postgres_fdw
constexpr Cost kCostPerTuple = 0.2;		// DEFAULT_FDW_TUPLE_COST of postgres_fdw since 17
constexpr char kVirtualGenerated = 'v'; // ATTRIBUTE_GENERATED_VIRTUAL, 18: Postgres computes these itself

// Adds what an expression needs of relation `relid` to a set of attribute numbers, offset as pull_varattnos does.
Bitmapset *needed_attributes(RelOptInfo *rel, List *scan_clauses) {
	Bitmapset *needed = nullptr;
	pull_varattnos(reinterpret_cast<Node *>(rel->reltarget->exprs), rel->relid, &needed);
	pull_varattnos(reinterpret_cast<Node *>(scan_clauses), rel->relid, &needed);
	return needed;
}

// Rows of MySQL have no place and no transaction of Postgres. The executor itself refuses all but ctid, for which it has one value for every row.
void refuse_system_columns(Bitmapset *needed, const Relation relation) {
	for (AttrNumber number = SelfItemPointerAttributeNumber; number > FirstLowInvalidHeapAttributeNumber; --number)
		if (number != TableOidAttributeNumber && bms_is_member(number - FirstLowInvalidHeapAttributeNumber, needed))
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("cannot retrieve system column \"%s\" of foreign table \"%s\"",
							NameStr(SystemAttributeDefinition(number)->attname), RelationGetRelationName(relation)),
					 errhint("Use the columns of its key.")));
}

} // namespace

void get_foreign_rel_size(PlannerInfo *root, RelOptInfo *rel, Oid) {
	// without ANALYZE there are no statistics: pages and tuples as estimate_path_cost_size (postgres_fdw.c, 17) assumes
	// them
	rel->pages = static_cast<BlockNumber>(kAssumedPages);
	rel->tuples = kAssumedPages * BLCKSZ / (rel->reltarget->width + MAXALIGN(SizeofHeapTupleHeader));
	set_baserel_size_estimates(root, rel);
}

void get_foreign_paths(PlannerInfo *root, RelOptInfo *rel, Oid) {
	const Cost filter = rel->baserestrictcost.startup + rel->baserestrictcost.per_tuple * rel->tuples;
	const Cost total = kStartupCost + (cpu_tuple_cost + kCostPerTuple) * rel->tuples + filter;
	// All of it counts as start-up. A hash join looks at its outer side's first row before it builds the hash table
	// when that looks cheap; on one connection the outer scan would then have to be set aside in full for the inner
	// one.
	add_path(rel, reinterpret_cast<Path *>(pg::make_foreignscan_path(root, rel, rel->rows, total, total)));
}

ForeignScan *get_foreign_plan(PlannerInfo *, RelOptInfo *rel, Oid relation_oid, ForeignPath *, List *tlist,
							  List *scan_clauses, Plan *outer_plan) {
	scan_clauses = extract_actual_clauses(scan_clauses, false);
	Bitmapset *needed = needed_attributes(rel, scan_clauses);
	const Relation relation = table_open(relation_oid, NoLock); // locked by the planner's caller
	const TupleDesc descriptor = RelationGetDescr(relation);
	refuse_system_columns(needed, relation);
	const bool whole_row = bms_is_member(-FirstLowInvalidHeapAttributeNumber, needed);
	List *attributes = NIL;
	for (int i = 0; i < descriptor->natts; ++i) {
		const Form_pg_attribute attribute = TupleDescAttr(descriptor, i);
		if (attribute->attisdropped || attribute->attgenerated == kVirtualGenerated)
			continue;
		if (whole_row || bms_is_member(attribute->attnum - FirstLowInvalidHeapAttributeNumber, needed))
			attributes = lappend_int(attributes, attribute->attnum);
	}
	table_close(relation, NoLock);
	return make_foreignscan(tlist, scan_clauses, rel->relid, NIL, list_make1(attributes), NIL, NIL, outer_plan);
}

char *make_remote_sql(Oid relation, List *attributes, List *extra) {
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "alkconv remote sql", ALLOCSET_SMALL_SIZES);
	const RemoteTable table = get_remote_table(relation);
	auto *names = pg::own<Names>(scratch);
	ListCell *cell;
	foreach (cell, attributes) {
		const char *name = get_remote_column(relation, static_cast<AttrNumber>(lfirst_int(cell)));
		pg::edge([&] { names->emplace_back(name); });
	}
	foreach (cell, extra) {
		const char *name = static_cast<const char *>(lfirst(cell));
		pg::edge([&] { names->emplace_back(name); });
	}
	auto *sql = pg::own<std::string>(scratch);
	pg::edge([&] { *sql = mysql::SelectStatement(table.database, table.table, *names); });
	char *result = pstrdup(sql->c_str());
	MemoryContextDelete(scratch);
	return result;
}

} // namespace alkconv::fdw
