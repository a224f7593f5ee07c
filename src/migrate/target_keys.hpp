// Regime: Postgres (may longjmp, never throws)
//
// The indexes of target tables, for questions about uniqueness.
#pragma once

#include "core/catalog.hpp"
#include "pg/postgres.hpp"

#include <vector>

namespace alkconv::migrate {

// Appends those of the tables in `oids`, "{1,2}", by the names of table and index. Precondition: SPI is connected and
// search_path pinned.
void read_target_keys(std::vector<core::TargetKey> *keys, const char *oids);

} // namespace alkconv::migrate
