// Regime: Postgres (may longjmp, never throws)
//
// Which tables the audit of the schema is about, and what was noted of them.
#pragma once

#include "load/rejects.hpp"
#include "migrate/planning.hpp"
#include "verify/check_list.hpp"

namespace alkconv::migrate {

// Compares the tables that this run has made, which `created` marks by their position in the plan, with the source's.
// `rejects` may be null. The source's connection is free.
void audit_created_tables(MemoryContext context, const Planning *planning, const bool *created,
						  const load::RejectLog *rejects, verify::CheckList *checks);

// The same when only comparing: tables that their last run has made, by that run's notes; and what others lack.
void audit_tables(MemoryContext context, const Planning *planning, verify::CheckList *checks);

} // namespace alkconv::migrate
