// Regime: Postgres (may longjmp, never throws)
//
// Mode `create`: runs the statements that core::MakeDdl wrote, as the caller.
#pragma once

#include "migrate/planning.hpp"

namespace alkconv::migrate {

// Makes the types and tables that the plan says are to be created. Precondition: SPI is connected, search_path pinned.
void create_tables(const Planning *planning);

// When their rows are there: keys, indexes, checks, foreign keys, triggers, comments. An error says which of them, of which table.
// Foreign keys are added unchecked: the caller must look for orphans (verify::check_foreign_keys) before it returns.
void finish_created_tables(const Planning *planning);

} // namespace alkconv::migrate
