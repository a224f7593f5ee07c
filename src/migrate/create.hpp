// Regime: Postgres (may longjmp, never throws)
//
// Mode `create`: tables, columns of the default types, primary keys.
#pragma once

#include "migrate/planning.hpp"

namespace alkconv::migrate {

// Creates the tables that the plan says are to be created, as the caller. Precondition: SPI is connected, search_path pinned.
void create_tables(const Planning *planning);

} // namespace alkconv::migrate
