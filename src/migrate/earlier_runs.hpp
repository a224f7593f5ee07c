// Regime: Postgres (may longjmp, never throws)
//
// What runs before this one have made in the target schema: mode `create` takes tables in batches.
#pragma once

#include "core/ddl.hpp"
#include "migrate/source.hpp"

#include "pg/postgres.hpp"

namespace alkconv::migrate {

// Of the same database of the source. Precondition: the schema exists.
core::EarlierRuns *read_earlier_runs(MemoryContext context, const Source *source, const char *target_schema);

} // namespace alkconv::migrate
