// Regime: Postgres (may longjmp, never throws)
//
// The encoding of the database.
#pragma once

#include "pg/postgres.hpp"

namespace alkconv::pg {

// Raises an ERROR unless the database's encoding is UTF8: text arrives from the source as UTF-8, is checked as that and stored as it is.
void require_utf8_database();

} // namespace alkconv::pg
