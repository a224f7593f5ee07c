// Regime: Postgres (may longjmp, never throws)
//
// What the target's catalog adds to a preflight: its keys, and whether the caller may load at all.
#pragma once

#include "core/preflight_keys.hpp"
#include "migrate/planning.hpp"

namespace alkconv::migrate {

// The targets that exist, as an array's text.
char *target_oids(const core::Plan *plan);

// Unique and btree indexes and enforced foreign keys of the planned tables; owned by `context`. Precondition: SPI is connected, search_path pinned.
const core::TargetFacts *read_target_facts(MemoryContext context, const Planning *planning);

// What a run would refuse of the target before it reads a row, and what is worth knowing of both servers. Same precondition.
void add_target_findings(const Planning *planning, std::vector<core::Finding> *findings);

} // namespace alkconv::migrate
