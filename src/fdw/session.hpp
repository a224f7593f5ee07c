// Regime: Postgres (may longjmp, never throws)
//
// The connections of foreign scans: one per user mapping and Postgres transaction, opened at first use, with ONE
// consistent read-only snapshot that lasts until the end of the transaction. It is closed there: no idle connection
// stays behind in MySQL, no state of one transaction reaches the next. A snapshot that is lost is never replaced by a
// newer one within the transaction.
#pragma once

#include "core/catalog.hpp"
#include "core/time_zone.hpp"
#include "mysql/connection.hpp"
#include "pg/postgres.hpp"

namespace alkconv::fdw {

struct Stream;

struct Session {
	Oid mapping;		// the user mapping it belongs to
	const char *server; // name of the foreign server
	// Owns the connection; everything that uses the connection lives in child contexts, which die before it.
	MemoryContext context;
	MemoryContext work; // a child: the tasks that wait for the connection
	mysql::Connection *connection;
	Stream *stream;					   // the SELECT whose rows are on the wire, or null
	bool doubtful;					   // a wait for the connection did not end as it should: see ensure_usable
	bool lost;						   // the snapshot is gone
	struct TableEntry *tables;		   // catalog entries read in this transaction
	const core::WallTimes *wall_times; // null: nobody has asked
	Session *next;
};

// The session of the current transaction for a server and a role; opens it when there is none yet. Raises what
// connecting raises, 55000 when the options of server or mapping have changed since it was opened, 08006 when its
// snapshot is lost.
Session *get_session(Oid server, Oid role);

// The catalog entry of a table or view as the session's snapshot sees it; lives as long as the session. Raises HV00R
// when it does not exist. Frees the wire.
const core::SourceTable *get_source_table(Session *session, const char *database, const char *table);

// What wall times of the server mean; lives as long as the session. Frees the wire.
const core::WallTimes *get_wall_times(Session *session, Oid server);

// The catalog of a whole database; lives as long as the session. Frees the wire.
const core::SourceSchema *read_source_schema(Session *session, const char *database);

// Raises 08006 when the snapshot is lost. After a broken-off wait it asks the connection.
void ensure_usable(Session *session);

// Notes that the snapshot is lost and says so (08006).
[[noreturn]] void raise_snapshot_lost(Session *session);

} // namespace alkconv::fdw
