// Regime: Postgres (may longjmp, never throws)
//
// The callbacks of FdwRoutine, in its order, by the file that holds them.
#pragma once

#include "pg/postgres.hpp"

extern "C" {
#include "commands/explain.h"
#include "foreign/fdwapi.h"
}

namespace alkconv::fdw {

// plan.cpp
void get_foreign_rel_size(PlannerInfo *root, RelOptInfo *rel, Oid relation);
void get_foreign_paths(PlannerInfo *root, RelOptInfo *rel, Oid relation);
ForeignScan *get_foreign_plan(PlannerInfo *root, RelOptInfo *rel, Oid relation, ForeignPath *best_path, List *tlist,
							  List *scan_clauses, Plan *outer_plan);

// scan.cpp
void begin_foreign_scan(ForeignScanState *node, int eflags);
TupleTableSlot *iterate_foreign_scan(ForeignScanState *node);
void rescan_foreign_scan(ForeignScanState *node);
void end_foreign_scan(ForeignScanState *node);
void explain_foreign_scan(ForeignScanState *node, ExplainState *es);

// import.cpp
List *import_foreign_schema(ImportForeignSchemaStmt *statement, Oid server);

} // namespace alkconv::fdw
