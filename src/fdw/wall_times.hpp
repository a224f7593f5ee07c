// Regime: Postgres (may longjmp, never throws)
//
// What wall times of a source mean: the server's option time_zone, or what the source says of its own clock.
#pragma once

#include "core/time_zone.hpp"
#include "mysql/connection.hpp"
#include "pg/postgres.hpp"

namespace alkconv::fdw {

// The zone of TIMESTAMPs that become timestamp and DATETIMEs that become timestamptz, or why there is none; owned by `context`. Asks the source only
// where the option does not name a zone, in a thread of `work`; the connection's wire must be free. Raises 22023 when the option is `source` and the source names none.
core::WallTimes *read_wall_times(MemoryContext context, MemoryContext work, Oid server, mysql::Connection *connection);

// Raises 22023 for what the option does not take.
void check_time_zone_option(const char *value);

} // namespace alkconv::fdw
