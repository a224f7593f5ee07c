// Regime: Postgres (may longjmp, never throws)
//
// The options of servers, user mappings, foreign tables and columns: what the validator accepts, and what the rest of
// the extension reads from them.
#pragma once

#include "mysql/options.hpp"
#include "pg/postgres.hpp"

extern "C" {
#include "access/attnum.h"
}

namespace alkconv::fdw {

// How to reach a server as a role: the server's options and those of the role's user mapping (or the public one). Owned
// by `context`. `mapping`, when given, receives the user mapping's OID. Raises 42704 without a user mapping, 2F003 for
// a role that is no superuser and whose mapping has no password.
mysql::ConnectOptions *get_connect_options(MemoryContext context, Oid server, Oid role, Oid *mapping = nullptr);

// The value of one option of a server in the current memory context, or null when it is not set.
const char *get_server_option(Oid server, const char *name);

// The MySQL table behind a foreign table.
struct RemoteTable {
	Oid server;
	const char *database;
	const char *table;
};

// Raises HV00J when neither the table nor its server names the database.
RemoteTable get_remote_table(Oid relation);

// The MySQL column behind a column of a foreign table: option column_name, else the column's own name.
const char *get_remote_column(Oid relation, AttrNumber attribute);

} // namespace alkconv::fdw
