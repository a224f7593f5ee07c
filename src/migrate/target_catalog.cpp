// Regime: Postgres (may longjmp, never throws)
//
// Two catalog queries: primary keys, and one row per column with the sequence it owns.
#include "migrate/target_catalog.hpp"

#include "pg/datum.hpp"
#include "pg/owned.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "catalog/namespace.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

// one row per column, tables without columns included; 7: the trigger fires BEFORE INSERT FOR EACH ROW
const char *const kColumnsQuery =
	"SELECT c.oid, c.relname, c.relkind, a.attname, a.attnum, a.atttypid, a.atttypmod, a.attnotnull,"
	" a.atthasdef AND a.attgenerated = '', a.attgenerated <> '', a.attidentity <> '', owned.sequence,"
	" pg_catalog.array_position(i.indkey::pg_catalog.int2[], a.attnum), filled.oid IS NOT NULL"
	" FROM pg_catalog.pg_class c"
	" LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
	" LEFT JOIN (SELECT d.refobjid, d.refobjsubid, pg_catalog.min(d.objid) AS sequence"
	"  FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'"
	"  WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refclassid = "
	"'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype IN ('a', 'i') GROUP BY d.refobjid, d.refobjsubid) owned"
	"  ON owned.refobjid = c.oid AND owned.refobjsubid = a.attnum"
	" LEFT JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisprimary"
	" LEFT JOIN (SELECT DISTINCT t.tgrelid AS oid FROM pg_catalog.pg_trigger t WHERE NOT t.tgisinternal AND t.tgtype & "
	"7 = 7"
	"  AND (t.tgenabled = 'A' OR t.tgenabled = CASE WHEN pg_catalog.current_setting('session_replication_role') = "
	"'replica' THEN 'R' ELSE 'O' END)) filled ON filled.oid = c.oid"
	" WHERE c.relnamespace = $1::pg_catalog.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
	" ORDER BY c.relname COLLATE \"C\", a.attnum";

// where the types of PostGIS are, if anywhere
const char *const kPostgisQuery =
	"SELECT pg_catalog.quote_ident(n.nspname) FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid ="
	" e.extnamespace WHERE e.extname = 'postgis'";

core::TargetTable *add_table(core::TargetSchema *schema, uint64 row) {
	const auto oid = static_cast<Oid>(strtoul(pg::sql_text(row, 0), nullptr, 10));
	const char *name = pg::sql_text(row, 1);
	const char kind = pg::sql_text(row, 2)[0];
	const bool filled_by_trigger = pg::sql_bool(row, 13);
	return pg::edge([&] {
		core::TargetTable &table = schema->tables.emplace_back();
		table.oid = oid;
		table.schema = schema->name;
		table.name = name;
		table.relkind = kind;
		table.filled_by_trigger = filled_by_trigger;
		return &table;
	});
}

void add_column(core::TargetTable *table, uint64 row) {
	const char *name = pg::sql_text(row, 3);
	const auto type = static_cast<Oid>(strtoul(pg::sql_text(row, 5), nullptr, 10));
	const auto typmod = static_cast<int32>(pg::sql_int(row, 6));
	core::TargetColumn *column = pg::edge([&] {
		core::TargetColumn &added = table->columns.emplace_back();
		added.name = name;
		return &added;
	});
	column->attnum = static_cast<int16>(pg::sql_int(row, 4));
	column->not_null = pg::sql_bool(row, 7);
	column->identity = pg::sql_bool(row, 10);
	column->has_default = pg::sql_bool(row, 8) || column->identity;
	column->generated = pg::sql_bool(row, 9);
	const char *sequence = pg::sql_text(row, 11);
	column->sequence_oid = sequence == nullptr ? InvalidOid : static_cast<Oid>(strtoul(sequence, nullptr, 10));
	pg::describe_type(type, typmod, &column->type);

	const char *position = pg::sql_text(row, 12); // int2vectors count from 0
	if (position != nullptr) {
		const auto index = static_cast<size_t>(strtoul(position, nullptr, 10));
		const int16 attnum = column->attnum;
		pg::edge([&] {
			if (table->primary_key.size() <= index)
				table->primary_key.resize(index + 1);
			table->primary_key[index] = attnum;
		});
	}
}

} // namespace

core::TargetSchema *empty_target_catalog(MemoryContext context, const char *schema_name) {
	auto *schema = pg::own<core::TargetSchema>(context);
	const char *postgis = pg::sql_run(kPostgisQuery) == 0 ? "" : pg::sql_text(0, 0);
	pg::edge([&] {
		schema->name = schema_name;
		schema->postgis = postgis;
	});
	return schema;
}

core::TargetSchema *read_target_catalog(MemoryContext context, const char *schema_name) {
	const Oid oid = get_namespace_oid(schema_name, false);
	core::TargetSchema *schema = empty_target_catalog(context, schema_name);
	const char *parameter = psprintf("%u", oid);
	const uint64 rows = pg::sql_ask_catalog(kColumnsQuery, 1, &parameter);

	core::TargetTable *table = nullptr;
	Oid current = InvalidOid;
	for (uint64 row = 0; row < rows; ++row) {
		const auto relation = static_cast<Oid>(strtoul(pg::sql_text(row, 0), nullptr, 10));
		if (relation != current) {
			table = add_table(schema, row);
			current = relation;
		}
		if (pg::sql_text(row, 3) != nullptr)
			add_column(table, row);
	}
	return schema;
}

} // namespace alkconv::migrate
