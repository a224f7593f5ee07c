// Regime: Postgres (may longjmp, never throws)
//
// Opening a source: Postgres' catalog first, then the network, always through a thread that the backend can leave.
#include "migrate/source.hpp"

#include "fdw/options.hpp"
#include "mysql/catalog.hpp"
#include "pg/await.hpp"
#include "pg/compat.hpp"

extern "C" {
#include "foreign/foreign.h"
}

#include <optional>

#include <unistd.h>

namespace alkconv::migrate {
using SnapshotSlot = std::optional<mysql::Snapshot>; // filled by the connecting thread
} // namespace alkconv::migrate

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

void require_alkconv_server(const ForeignServer *server) {
	const ForeignDataWrapper *wrapper = GetForeignDataWrapper(server->fdwid);
	if (strcmp(wrapper->fdwname, "alkconv_fdw") != 0)
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
						errmsg("server \"%s\" belongs to the foreign-data wrapper \"%s\"", server->servername,
							   wrapper->fdwname),
						errhint("Create the source with CREATE SERVER ... FOREIGN DATA WRAPPER alkconv_fdw.")));
	const AclResult allowed = pg::foreign_server_aclcheck(server->serverid, GetUserId(), ACL_USAGE);
	if (allowed != ACLCHECK_OK)
		aclcheck_error(allowed, OBJECT_FOREIGN_SERVER, server->servername);
}

constexpr int kMostReaders = 64; // as the server option
constexpr long kMostReadersByDefault = 4;

struct ReaderCount {
	int count;
	bool asked; // by argument or option: fewer are an error
};

ReaderCount choose_readers(int argument, const char *option, core::VerifyLevel verify) {
	if (argument > kMostReaders)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("readers must be at most %d, not %d", kMostReaders, argument)));
	if (argument > 0)
		return {argument, true};
	if (option != nullptr)
		return {pg_strtoint32(option), true};
	// one processor's worth of MySQL is busy with digests as long as the readers are
	const long processors = sysconf(_SC_NPROCESSORS_ONLN);
	const long free = verify == core::VerifyLevel::full ? processors / 2 : processors;
	return {static_cast<int>(Max(1L, Min(free, kMostReadersByDefault))), false};
}

} // namespace

Source *open_source(MemoryContext context, const char *name, int readers, core::VerifyLevel verify) {
	const MemoryContext caller = MemoryContextSwitchTo(context);
	const ForeignServer *server = GetForeignServerByName(name, false);
	require_alkconv_server(server);

	auto *source = static_cast<Source *>(palloc0(sizeof(Source)));
	source->name = pstrdup(name);
	source->server = server->serverid;
	source->profile = fdw::get_server_option(server->serverid, "profile");
	source->target_schema = fdw::get_server_option(server->serverid, "target_schema");
	const ReaderCount wanted = choose_readers(readers, fdw::get_server_option(server->serverid, "readers"), verify);
	const mysql::ConnectOptions *options = fdw::get_connect_options(context, server->serverid, GetUserId());
	if (pg::edge([&] { return options->database.empty(); }))
		ereport(ERROR, (errcode(ERRCODE_FDW_OPTION_NAME_NOT_FOUND),
						errmsg("server \"%s\" does not say which database to read", name),
						errhint("ALTER SERVER %s OPTIONS (ADD dbname '...');", quote_identifier(name))));

	auto *interrupter = pg::own<mysql::Interrupter>(context);
	auto *slot = pg::own<SnapshotSlot>(context);
	const size_t connections = wanted.asked && wanted.count == 1 ? 1 : static_cast<size_t>(wanted.count) + 1;
	const bool required = wanted.asked;
	pg::await_interruptible(
		context, [=] { slot->emplace(*options, mysql::ConnectionCount{connections, required}, interrupter); },
		[interrupter] { interrupter->interrupt(); });
	source->snapshot = &**slot;
	source->readers_asked = wanted.asked;
	source->readers = static_cast<int>(Max(source->snapshot->size() - 1, size_t{1}));

	source->schema = pg::own<core::SourceSchema>(context);
	mysql::Connection *connection = source->connection();
	core::SourceSchema *schema = source->schema;
	pg::await(context, connection,
			  [schema, connection, options] { *schema = mysql::ReadCatalog(*connection, options->database); });
	MemoryContextSwitchTo(caller);
	return source;
}

} // namespace alkconv::migrate
