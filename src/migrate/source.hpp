// Regime: Postgres (may longjmp, never throws)
//
// The source of a run: a foreign server, its profile, and one consistent snapshot of its database.
#pragma once

#include "core/plan.hpp"
#include "mysql/snapshot.hpp"
#include "pg/postgres.hpp"

namespace alkconv::migrate {

struct Source {
	const char *name; // of the foreign server
	Oid server;
	const char *profile;	   // or null
	const char *target_schema; // the server's option, or null
	int readers;			   // threads that read tables, each over a connection
	bool readers_asked; // by argument or option: all of them read from the start; otherwise as many as the writer needs
	mysql::Snapshot *snapshot;
	core::SourceSchema *schema;

	mysql::Connection *connection() const { return &snapshot->connection(); }
};

// Connects as the caller's user mapping says, takes the snapshot and reads the catalog; everything is owned by `context`. `readers` are wanted
// (0: as the server's option says, else one for every two processors, without digests one for each, 4 at most). Each has a connection, beside the first, which answers
// everything else. Only who asks for a single reader gets a single connection, and nothing is locked for the snapshot. Raises an ERROR when the
// server does not exist, is no alkconv_fdw server, may not be used by the caller, or cannot be reached, and 22023 for more than 64 readers.
Source *open_source(MemoryContext context, const char *name, int readers, core::VerifyLevel verify);

} // namespace alkconv::migrate
