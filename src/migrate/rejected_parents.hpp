// Regime: Postgres (may longjmp, never throws)
//
// Rows whose parent was kept out: without it they would be orphans, so they are kept out as well, and their children after them.
#pragma once

#include "load/rejects.hpp"
#include "migrate/planning.hpp"

namespace alkconv::migrate {

// Takes them out of the targets, which all rows have reached, and writes them to the log with SQLSTATE 23503; returns how many. The foreign keys
// are those of the targets. What is an orphan in the source already stays: the proof finds it. Triggers do not fire. Precondition: nothing is being
// asked on the source's first connection, SPI is connected, search_path pinned.
uint64 reject_children(MemoryContext context, const Planning *planning, load::RejectLog *log);

} // namespace alkconv::migrate
