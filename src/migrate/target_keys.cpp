// Regime: Postgres (may longjmp, never throws)
//
// One row for each index that is unique or a btree.
#include "migrate/target_keys.hpp"

#include "pg/boundary.hpp"
#include "pg/spi.hpp"

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

const char *const kKeysQuery =
	"SELECT i.indrelid, c.relname, i.indisunique, a.amname = 'btree', i.indpred IS NOT NULL, i.indexprs IS NOT NULL, "
	"i.indnullsnotdistinct,"
	" EXISTS (SELECT FROM pg_catalog.pg_collation o WHERE o.oid = ANY (i.indcollation::pg_catalog.oid[]) AND NOT "
	"o.collisdeterministic),"
	" EXISTS (SELECT FROM pg_catalog.pg_constraint s WHERE s.conindid = i.indexrelid AND s.conrelid = i.indrelid AND "
	"s.contype "
	"IN ('p', 'u', 'x')),"
	" (SELECT pg_catalog.string_agg(k.attnum::pg_catalog.text, ' ' ORDER BY k.n) FROM "
	"pg_catalog.unnest(i.indkey::pg_catalog.int2[])"
	"  WITH ORDINALITY AS k(attnum, n) WHERE k.n <= i.indnkeyatts)"
	" FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_am a ON a.oid = "
	"c.relam"
	" JOIN pg_catalog.pg_class t ON t.oid = i.indrelid"
	" WHERE i.indrelid = ANY ($1::pg_catalog.oid[]) AND (i.indisunique OR a.amname = 'btree') AND i.indislive"
	" ORDER BY t.relname COLLATE \"C\", c.relname COLLATE \"C\"";

} // namespace

void read_target_keys(std::vector<core::TargetKey> *keys, const char *oids) {
	const uint64 rows = pg::sql_run_with(kKeysQuery, 1, &oids);
	for (uint64 row = 0; row < rows; ++row) {
		const char *name = pg::sql_text(row, 1);
		core::TargetKey *key = pg::edge([&] {
			core::TargetKey &added = keys->emplace_back();
			added.name = name;
			return &added;
		});
		key->table = static_cast<Oid>(strtoul(pg::sql_text(row, 0), nullptr, 10));
		key->unique = pg::sql_bool(row, 2);
		key->btree = pg::sql_bool(row, 3);
		key->partial = pg::sql_bool(row, 4);
		key->with_expressions = pg::sql_bool(row, 5);
		key->nulls_not_distinct = pg::sql_bool(row, 6);
		key->case_insensitive = pg::sql_bool(row, 7);
		key->of_constraint = pg::sql_bool(row, 8);
		pg::read_numbers(pg::sql_text(row, 9), &key->columns);
	}
}

} // namespace alkconv::migrate
