// Regime: Postgres (may longjmp, never throws)
//
// The handler: FdwRoutine in its order. What is missing is missing on purpose: the source is only read, so there are no
// callbacks for modification (INSERT, UPDATE, DELETE, TRUNCATE and COPY FROM are refused by the server); joins,
// aggregates and WHERE are evaluated here, because MySQL compares text by other rules; there is no ANALYZE, which the
// server answers with a warning.
#include "fdw/callbacks.hpp"

#include "pg/regime_pg.hpp"

extern "C" {

PG_FUNCTION_INFO_V1(alkconv_fdw_handler);

// alkconv_fdw_handler() returns fdw_handler
Datum alkconv_fdw_handler(PG_FUNCTION_ARGS) {
	using namespace alkconv::fdw;
	FdwRoutine *routine = makeNode(FdwRoutine);

	// scanning
	routine->GetForeignRelSize = get_foreign_rel_size;
	routine->GetForeignPaths = get_foreign_paths;
	routine->GetForeignPlan = get_foreign_plan;
	routine->BeginForeignScan = begin_foreign_scan;
	routine->IterateForeignScan = iterate_foreign_scan;
	routine->ReScanForeignScan = rescan_foreign_scan;
	routine->EndForeignScan = end_foreign_scan;

	// EXPLAIN
	routine->ExplainForeignScan = explain_foreign_scan;

	// IMPORT FOREIGN SCHEMA
	routine->ImportForeignSchema = import_foreign_schema;

	PG_RETURN_POINTER(routine);
}

} // extern "C"
