// Regime: Postgres (may longjmp, never throws)
//
// The record of a run in alkconv.run, alkconv.run_table and alkconv.run_check, written in the run's own transaction: what is recorded
// happened.
#pragma once

#include "load/load.hpp"
#include "migrate/planning.hpp"
#include "pg/owner.hpp"
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

struct RunRecord {
	const char *id;
	const Planning *planning;
	size_t tables;			// of the plan
	const uint64 *replaced; // rows of each target before the run, where the plan replaces them; may be null
	const load::LoadedTable *loaded;
	const verify::RowCounts *counts;
	const load::RejectLog *rejects; // may be null
	const verify::CheckList *checks;
	const RunTotals *totals;
};

const char *mode_name(core::Mode mode);

// Begins the record, so that others may refer to it, and returns the run's id as text (uuid, random), allocated in `context`. `mode`: as the caller
// asked for, or "replay". Precondition: SPI is connected, search_path pinned.
const char *begin_record(MemoryContext context, const Planning *planning, const char *mode);
// Writes what the run did. Same precondition.
void finish_record(const RunRecord *record);

// Where the caller has no privilege on the extension's tables. `owner` is for resume_user.
void become_owner_of_records(pg::OwnerSwitch *owner);
// Did the last run that loaded this table compare its generated columns, which it does with tables that it creates?
// Same precondition.
bool compared_generated(const Planning *planning, const core::TablePlan *table);

// The id of the run that a report is about: `run` itself, or the last one where it is null. An ERROR where there is
// none that the caller may see. Precondition: SPI is connected, search_path pinned.
const char *reported_run(const char *run);

} // namespace alkconv::migrate
