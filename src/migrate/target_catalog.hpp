// Regime: Postgres (may longjmp, never throws)
//
// Reads a target schema from pg_catalog into core's plain structures.
#pragma once

#include "core/catalog.hpp"
#include "pg/postgres.hpp"

namespace alkconv::migrate {

// Every table-like relation of the schema, by name; the result is owned by `context`. Raises 3F000 when the schema does not exist.
// Precondition: SPI is connected and search_path pinned.
core::TargetSchema *read_target_catalog(MemoryContext context, const char *schema);

// The same for a schema of that name without relations, whether or not there is one.
core::TargetSchema *empty_target_catalog(MemoryContext context, const char *schema);

} // namespace alkconv::migrate
