// Regime: Postgres (may longjmp, never throws)
//
// The planner's statistics of loaded tables.
#pragma once

#include "core/plan.hpp"
#include "pg/postgres.hpp"

namespace alkconv::migrate {

// Gathers statistics of a table that was just loaded, as ANALYZE does. A run that proves every value gathers all of them, while the source is
// still digesting. A counted run gathers those of the columns of foreign keys, which its own joins need: what it would wait for otherwise
// autovacuum makes within its minute, since the table's counters tell of the new rows. Precondition: SPI is connected.
void gather_statistics(Oid table, core::VerifyLevel verify);

} // namespace alkconv::migrate
