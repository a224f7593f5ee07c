// Regime: Postgres (may longjmp, never throws)
//
// Tables whose rows somebody else stores: shards of Citus, chunks of TimescaleDB, partitions on other servers. The server's catalogs do not
// say so, its plans do: an extension that stores rows elsewhere has to put a node of its own into the plan of an INSERT. Statements are planned
// here, as the table's owner in a restricted operation, and never run.
#pragma once

#include "pg/postgres.hpp"

namespace alkconv::pg {

// The name of the foreign node in the plan of an INSERT into the table, or nullptr where the server itself stores what is inserted.
// Precondition: a table or a partitioned table; a snapshot is active.
const char *inserting_node(Oid relation);

// Who stores the table's rows: the node that inserts them, or what a SELECT of its rows reads beside the table and its partitions. In words for
// a message, after "it"; nullptr where that is the server. Precondition: as above.
const char *elsewhere_stored(Oid relation);

// What to do about it, as a hint.
const char *elsewhere_hint();

} // namespace alkconv::pg
