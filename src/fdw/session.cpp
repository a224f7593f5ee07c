// Regime: Postgres (may longjmp, never throws)
//
// Life of the sessions. Everything is owned by memory contexts below TopTransactionContext; the transaction callback
// only makes them go at once instead of when the user gets round to ROLLBACK.
#include "fdw/session.hpp"

#include "fdw/options.hpp"
#include "fdw/stream.hpp"
#include "fdw/wall_times.hpp"
#include "mysql/catalog.hpp"
#include "mysql/snapshot.hpp"
#include "pg/await.hpp"
#include "pg/encoding.hpp"

extern "C" {
#include "access/xact.h"
#include "foreign/foreign.h"
}

#include <optional>
#include <tuple>

namespace alkconv::fdw {
using TableSlot = std::optional<core::SourceTable>; // filled by the thread that reads the catalog
} // namespace alkconv::fdw

#include "pg/regime_pg.hpp"

namespace alkconv::fdw {

// A table's catalog entry, kept for the transaction.
struct TableEntry {
	const char *database;
	const char *table;
	TableSlot *slot;
	TableEntry *next;
};

namespace {

Session *sessions = nullptr; // of the current transaction

void end_sessions(XactEvent event, void *) {
	switch (event) {
	case XACT_EVENT_COMMIT:
	case XACT_EVENT_PARALLEL_COMMIT:
	case XACT_EVENT_ABORT:
	case XACT_EVENT_PARALLEL_ABORT:
	case XACT_EVENT_PREPARE: break;
	case XACT_EVENT_PRE_COMMIT:
	case XACT_EVENT_PARALLEL_PRE_COMMIT:
	case XACT_EVENT_PRE_PREPARE: return;
	}
	while (sessions != nullptr) {
		Session *session = sessions;
		sessions = session->next;
		MemoryContextDelete(session->context);
	}
}

auto Fields(const mysql::ConnectOptions &o) {
	return std::tie(o.host, o.port, o.socket, o.database, o.user, o.password, o.ssl_mode, o.ssl_ca, o.ssl_cert,
					o.ssl_key, o.connect_timeout, o.read_timeout);
}

bool same_options(const mysql::ConnectOptions &a, const mysql::ConnectOptions &b) noexcept {
	return Fields(a) == Fields(b);
}

Session *find_session(Oid mapping) {
	for (Session *session = sessions; session != nullptr; session = session->next)
		if (session->mapping == mapping)
			return session;
	return nullptr;
}

// `fresh` holds the options and becomes the session's context once the snapshot stands; until then an error leaves it
// to its parent.
Session *open_session(MemoryContext fresh, const mysql::ConnectOptions *options, Oid server, Oid mapping) {
	static bool registered = false;
	if (!registered) {
		RegisterXactCallback(end_sessions, nullptr);
		registered = true;
	}
	pg::require_utf8_database();

	auto *session = static_cast<Session *>(MemoryContextAllocZero(fresh, sizeof(Session)));
	session->mapping = mapping;
	session->server = MemoryContextStrdup(fresh, GetForeignServer(server)->servername);
	session->context = fresh;
	session->connection = pg::connect(fresh, options);
	mysql::Connection *connection = session->connection;
	pg::await(fresh, connection, [connection] { mysql::Snapshot::Begin(*connection); });
	session->work = AllocSetContextCreate(fresh, "alkconv session work", ALLOCSET_SMALL_SIZES);

	MemoryContextSetParent(fresh, TopTransactionContext);
	session->next = sessions;
	sessions = session;
	return session;
}

// Runs `work` on the session's connection, in a thread. If it does not return, the session stays doubtful.
template <class F>
void run(Session *session, F work) {
	session->doubtful = true;
	pg::await(session->work, session->connection, work);
	session->doubtful = false;
}

TableEntry *find_entry(const Session *session, const char *database, const char *table) {
	for (TableEntry *entry = session->tables; entry != nullptr; entry = entry->next)
		if (strcmp(entry->database, database) == 0 && strcmp(entry->table, table) == 0)
			return entry;
	return nullptr;
}

} // namespace

Session *get_session(Oid server, Oid role) {
	MemoryContext fresh = AllocSetContextCreate(CurrentMemoryContext, "alkconv session", ALLOCSET_SMALL_SIZES);
	Oid mapping;
	const mysql::ConnectOptions *options = get_connect_options(fresh, server, role, &mapping);
	Session *session = find_session(mapping);
	if (session == nullptr)
		return open_session(fresh, options, server, mapping);

	if (!same_options(session->connection->options(), *options))
		ereport(
			ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("the options of server \"%s\" or of its user mapping have changed within the transaction",
					session->server),
			 errdetail("The transaction has already taken its snapshot of the source with the options as they were."),
			 errhint("End the transaction and start another.")));
	MemoryContextDelete(fresh);
	ensure_usable(session);
	return session;
}

void raise_snapshot_lost(Session *session) {
	session->lost = true;
	ereport(ERROR, (errcode(ERRCODE_CONNECTION_FAILURE),
					errmsg("the transaction's snapshot of server \"%s\" is lost", session->server),
					errdetail("Its connection broke, or had to be broken off, earlier in this transaction."),
					errhint("Roll back the whole transaction and run it again; a new connection would see another "
							"state of the source.")));
	pg_unreachable();
}

void ensure_usable(Session *session) {
	if (session->lost)
		raise_snapshot_lost(session);
	if (!session->doubtful)
		return;
	// Tasks that are still running interrupt the connection as they go; those that merely failed leave it as it is.
	if (session->stream != nullptr)
		MemoryContextDelete(session->stream->context);
	MemoryContextReset(session->work);
	auto *alive = static_cast<bool *>(MemoryContextAllocZero(session->work, sizeof(bool)));
	mysql::Connection *connection = session->connection;
	run(session, [alive, connection] { *alive = connection->Ping(); });
	if (!*alive)
		raise_snapshot_lost(session);
}

const core::SourceTable *get_source_table(Session *session, const char *database, const char *table) {
	TableEntry *entry = find_entry(session, database, table);
	if (entry != nullptr)
		return &**entry->slot;
	free_wire(session);

	const MemoryContext caller = MemoryContextSwitchTo(session->context);
	entry = static_cast<TableEntry *>(palloc0(sizeof(TableEntry)));
	entry->database = pstrdup(database);
	entry->table = pstrdup(table);
	entry->slot = pg::own<TableSlot>(session->context);
	mysql::Connection *connection = session->connection;
	run(session, [entry, connection] { *entry->slot = mysql::ReadTable(*connection, entry->database, entry->table); });
	MemoryContextSwitchTo(caller);

	if (!entry->slot->has_value())
		ereport(
			ERROR,
			(errcode(ERRCODE_FDW_TABLE_NOT_FOUND),
			 errmsg("table \"%s\" does not exist in database \"%s\" of server \"%s\"", table, database,
					session->server),
			 errdetail("Or its account in MySQL may not see it."),
			 errhint("Check the options dbname and table_name of the foreign table, and the account's privileges.")));
	entry->next = session->tables;
	session->tables = entry;
	return &**entry->slot;
}

const core::WallTimes *get_wall_times(Session *session, Oid server) {
	if (session->wall_times != nullptr)
		return session->wall_times;
	free_wire(session);
	session->doubtful = true;
	session->wall_times = read_wall_times(session->context, session->work, server, session->connection);
	session->doubtful = false;
	return session->wall_times;
}

const core::SourceSchema *read_source_schema(Session *session, const char *database) {
	free_wire(session);
	auto *schema = pg::own<core::SourceSchema>(session->context);
	const char *name = MemoryContextStrdup(session->context, database);
	mysql::Connection *connection = session->connection;
	run(session, [schema, connection, name] { *schema = mysql::ReadCatalog(*connection, name); });
	return schema;
}

} // namespace alkconv::fdw
