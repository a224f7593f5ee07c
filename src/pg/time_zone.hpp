// Regime: Postgres (may longjmp, never throws)
//
// The server's time zones for core, whose threads must not call it.
#pragma once

#include "core/time_zone.hpp"
#include "pg/postgres.hpp"

namespace alkconv::pg {

// Reads a zone as core::ReadZone spells it into `zone`. Raises 22023 for what is no zone, for a name that the server does not know, and for one that SQL
// takes for an abbreviation of a fixed offset (EET).
void load_zone(const char *name, core::ZonePointer *zone);

} // namespace alkconv::pg
