// Regime: Postgres (may longjmp, never throws)
//
// Where the target has the other databases of the source's server to which foreign keys refer.
#pragma once

#include "core/other_databases.hpp"
#include "migrate/source.hpp"

namespace alkconv::migrate {

// The schema that the last run from the same MySQL server (address of the foreign server) and that database loaded, while it is there; else the
// schema that is called like the database. Tables that the caller does not own, or that do not last, are marked: a foreign key would tie
// the new tables to rows that somebody else may delete. Precondition: SPI is connected, search_path pinned.
std::vector<core::OtherDatabase> *read_other_databases(MemoryContext context, const Source *source);

// The tables of a schema, which need not exist, as parents of foreign keys. Same precondition.
void read_tables_of(MemoryContext context, const char *schema, core::OtherDatabase *other);

} // namespace alkconv::migrate
