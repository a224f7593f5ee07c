// Regime: Postgres (may longjmp, never throws)
//
// The record of a run in alkconv.run, alkconv.run_table and alkconv.run_check, written in the run's own transaction: what is recorded
// happened.
#pragma once

#include "load/load.hpp"
#include "migrate/planning.hpp"
#include "verify/check_list.hpp"
#include "verify/rows.hpp"

namespace alkconv::migrate {

struct RunTotals {
	uint64 rows;
	uint64 bytes;
	double load_seconds;	// reading, converting, writing
	double publish_seconds; // indexes
	double verify_seconds;
};

// Writes the whole record and returns the run's id as text (uuid, random). `replaced`: rows of each target before the run, where the
// plan replaces them. Precondition: SPI is connected, search_path pinned.
const char *record_run(const Planning *planning, size_t tables, const uint64 *replaced, const load::LoadedTable *loaded,
					   const verify::RowCounts *counts, const verify::CheckList *checks, const RunTotals *totals);

} // namespace alkconv::migrate
