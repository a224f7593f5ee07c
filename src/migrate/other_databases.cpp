// Regime: Postgres (may longjmp, never throws)
//
// Run records, then the catalog.
#include "migrate/other_databases.hpp"

#include "migrate/target_catalog.hpp"
#include "pg/owned.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "catalog/namespace.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

// of a server: the socket, else host and port, as far as its options say them
#define ADDRESS_OF(server)                                                                                   \
	"(SELECT COALESCE(pg_catalog.max(o.option_value) FILTER (WHERE o.option_name = 'socket'),"               \
	" COALESCE(pg_catalog.max(o.option_value) FILTER (WHERE o.option_name = 'host'), '127.0.0.1') || ':' ||" \
	" COALESCE(pg_catalog.max(o.option_value) FILTER (WHERE o.option_name = 'port'), '3306'))"               \
	" FROM pg_catalog.pg_options_to_table(" server ".srvoptions) o)"

const char *const kSchemaQuery =
	"SELECT r.target_schema FROM alkconv.run r JOIN pg_catalog.pg_foreign_server s ON s.srvname = r.source"
	" JOIN pg_catalog.pg_foreign_server own ON own.oid = $2::pg_catalog.oid"
	" JOIN pg_catalog.pg_namespace n ON n.nspname = r.target_schema"
	" WHERE r.source_database = $1 AND " ADDRESS_OF("s") " = " ADDRESS_OF("own") " ORDER BY r.finished DESC LIMIT 1";

// unique keys that a foreign key can refer to (transformFkeyCheckAttrs in tablecmds.c)
const char *const kKeysQuery =
	"SELECT i.indrelid, (SELECT pg_catalog.string_agg(k.attnum::pg_catalog.text, ' ' ORDER BY k.n)"
	" FROM pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY AS k(attnum, n) WHERE k.n <= i.indnkeyatts)"
	" FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid"
	" WHERE c.relnamespace = $1::pg_catalog.oid AND i.indisunique AND i.indimmediate AND i.indisvalid"
	" AND NOT i.indisexclusion AND i.indpred IS NULL AND i.indexprs IS NULL ORDER BY i.indexrelid";

const char *const kUnfitQuery =
	"SELECT u.oid, u.why FROM (SELECT c.oid, CASE WHEN c.relkind NOT IN ('r', 'p') THEN 'is no table'"
	" WHEN c.relpersistence <> 'p' THEN 'is not permanent'"
	" WHEN NOT pg_catalog.pg_has_role(c.relowner, 'USAGE') THEN 'is not yours' END AS why"
	" FROM pg_catalog.pg_class c WHERE c.relnamespace = $1::pg_catalog.oid"
	" AND c.relkind IN ('r', 'p', 'v', 'm', 'f')) u WHERE u.why IS NOT NULL ORDER BY u.oid";

const char *schema_of(const Source *source, const char *database) {
	const char *parameters[] = {database, psprintf("%u", source->server)};
	return pg::sql_run_with(kSchemaQuery, lengthof(parameters), parameters) > 0 ? pg::sql_text(0, 0) : database;
}

Oid oid_of(uint64 row) { return static_cast<Oid>(strtoul(pg::sql_text(row, 0), nullptr, 10)); }

void read_keys(core::OtherDatabase *other, const char *schema) {
	const uint64 rows = pg::sql_run_with(kKeysQuery, 1, &schema);
	for (uint64 row = 0; row < rows; ++row) {
		core::OtherDatabase::Key *key = pg::edge([&] { return &other->keys.emplace_back(); });
		key->table = oid_of(row);
		pg::read_numbers(pg::sql_text(row, 1), &key->columns);
	}
}

void read_unfit(core::OtherDatabase *other, const char *schema) {
	const uint64 rows = pg::sql_run_with(kUnfitQuery, 1, &schema);
	for (uint64 row = 0; row < rows; ++row) {
		const Oid table = oid_of(row);
		const char *why = pg::sql_text(row, 1);
		pg::edge([&] { other->unfit.push_back({table, why}); });
	}
}

} // namespace

void read_tables_of(MemoryContext context, const char *schema, core::OtherDatabase *other) {
	const Oid oid = get_namespace_oid(schema, true);
	other->exists = OidIsValid(oid);
	if (!other->exists) {
		pg::edge([&] { other->target.name = schema; });
		return;
	}
	const core::TargetSchema *target = read_target_catalog(context, schema);
	pg::edge([&] { other->target = *target; });
	const char *parameter = psprintf("%u", oid);
	read_keys(other, parameter);
	read_unfit(other, parameter);
}

std::vector<core::OtherDatabase> *read_other_databases(MemoryContext context, const Source *source) {
	auto *others = pg::own_from<std::vector<core::OtherDatabase>>(context, [source] {
		std::vector<core::OtherDatabase> databases;
		for (std::string &name : core::OtherDatabaseNames(*source->schema))
			databases.emplace_back().name = std::move(name);
		return databases;
	});
	for (size_t i = 0; i < others->size(); ++i)
		read_tables_of(context, schema_of(source, (*others)[i].name.c_str()), &(*others)[i]);
	return others;
}

} // namespace alkconv::migrate
