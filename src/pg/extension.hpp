// Regime: Postgres (may longjmp, never throws)
//
// The extension as it is installed here.
#pragma once

#include "pg/postgres.hpp"

namespace alkconv::pg {

// How a function of the extension is called whatever the search_path: its schema (which CREATE EXTENSION named) and `name`, quoted as needed.
// For hints and messages that tell what to call next.
const char *function_name(const char *name);

} // namespace alkconv::pg
