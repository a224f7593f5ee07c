// Regime: Postgres (may longjmp, never throws)
//
// The catalog's foreign keys, and a check for each.
#include "verify/foreign_keys.hpp"

#include "pg/compat.hpp"
#include "pg/spi.hpp"
#include "verify/orphans.hpp"

extern "C" {
#include "access/transam.h"
#include "lib/stringinfo.h"
#include "utils/lsyscache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::verify {

namespace {

// What is shown of a value @: 80 bytes of UTF-8 at most.
const char *const kExcerpt =
	"CASE WHEN pg_catalog.octet_length(@) > 80 THEN pg_catalog.left(@, 19) || '...' ELSE @ END";

// The text of a column of c, without any cast that is not the server's own (digest::postgres::TextOf).
#define TEXT_OF(attribute)                                                                                        \
	"CASE WHEN " attribute ".atttypid < " CppAsString2(FirstNormalObjectId) " THEN 'c.' || pg_catalog.quote_ident(" \
	attribute ".attname) || '::pg_catalog.text' ELSE 'pg_catalog.concat(c.' || pg_catalog.quote_ident(" attribute   \
	".attname) || ')' END"

// one row per constraint that is enforced and key column; $2 is kExcerpt
const char *const kForeignKeysQuery =
	"SELECT k.oid, k.conname, k.conrelid, k.confrelid, k.confmatchtype = 'f',"
	" pg_catalog.quote_ident(ca.attname), pg_catalog.quote_ident(pa.attname),"
	" ca.atttypid, pa.atttypid, k.conpfeqop[s.i],"
	" CASE WHEN pa.attcollation NOT IN (0, ca.attcollation) THEN"
	"  (SELECT ' COLLATE ' || pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname)"
	"   FROM pg_catalog.pg_collation co JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = "
	"pa.attcollation) ELSE '' END,"
	" rk.names, rk.vals, pg_catalog.replace($2, '@', " TEXT_OF("ca") ")"
	" FROM pg_catalog.pg_constraint k"
	" LEFT JOIN LATERAL (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(ka.attname), ', ' ORDER BY ia.ord) AS "
	"names,"
	"   pg_catalog.string_agg(pg_catalog.replace($2, '@', " TEXT_OF("ka") "), ', ' ORDER BY ia.ord) AS vals"
	"   FROM pg_catalog.pg_index i, pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY AS ia(attnum, ord),"
	"   pg_catalog.pg_attribute ka"
	"   WHERE i.indrelid = k.conrelid AND i.indisprimary AND ka.attrelid = i.indrelid AND ka.attnum = ia.attnum) rk ON "
	"true"
	" CROSS JOIN LATERAL pg_catalog.generate_subscripts(k.conkey, 1) AS s(i)"
	" JOIN pg_catalog.pg_attribute ca ON ca.attrelid = k.conrelid AND ca.attnum = k.conkey[s.i]"
	" JOIN pg_catalog.pg_attribute pa ON pa.attrelid = k.confrelid AND pa.attnum = k.confkey[s.i]"
	" JOIN pg_catalog.pg_class c ON c.oid = k.conrelid"
	" WHERE k.contype = 'f' AND %s AND k.conparentid = 0 AND (k.conrelid = ANY ($1::pg_catalog.oid[]) OR k.confrelid = "
	"ANY "
	"($1::pg_catalog.oid[]))"
	" ORDER BY c.relname COLLATE \"C\", k.conname COLLATE \"C\", k.oid, s.i";

char *oid_array(int count, const Oid *oids) {
	StringInfoData text;
	initStringInfo(&text);
	appendStringInfoChar(&text, '{');
	for (int i = 0; i < count; ++i)
		appendStringInfo(&text, "%s%u", i == 0 ? "" : ",", oids[i]);
	appendStringInfoChar(&text, '}');
	return text.data;
}

Oid oid_field(uint64 row, int column) { return static_cast<Oid>(strtoul(pg::sql_text(row, column), nullptr, 10)); }

// With its schema where that is another one than the child's.
const char *parent_name(const ForeignKey *key) {
	const Oid schema = get_rel_namespace(key->parent);
	const char *name = get_rel_name(key->parent);
	return schema == get_rel_namespace(key->child) ? name : psprintf("%s.%s", get_namespace_name(schema), name);
}

} // namespace

List *read_foreign_keys(int count, const Oid *tables) {
	const char *parameters[] = {oid_array(count, tables), kExcerpt};
	const uint64 rows =
		pg::sql_run_with(psprintf(kForeignKeysQuery, pg::kIsEnforced), lengthof(parameters), parameters);
	List *keys = NIL;
	ForeignKey *key = nullptr;
	const char *current = "";
	for (uint64 row = 0; row < rows; ++row) {
		const char *oid = pg::sql_text(row, 0);
		if (strcmp(oid, current) != 0) {
			current = oid;
			key = static_cast<ForeignKey *>(palloc0(sizeof(ForeignKey)));
			key->name = pg::sql_text(row, 1);
			key->child = oid_field(row, 2);
			key->parent = oid_field(row, 3);
			key->child_name = get_rel_name(key->child);
			key->match_full = pg::sql_bool(row, 4);
			key->row_key_names = pg::sql_text(row, 11);
			key->row_key_values = pg::sql_text(row, 12);
			keys = lappend(keys, key);
		}
		auto *column = static_cast<KeyColumn *>(palloc0(sizeof(KeyColumn)));
		column->child = pg::sql_text(row, 5);
		column->parent = pg::sql_text(row, 6);
		column->child_type = oid_field(row, 7);
		column->parent_type = oid_field(row, 8);
		column->equal = oid_field(row, 9);
		column->collate = pg::sql_text(row, 10);
		column->excerpt = pg::sql_text(row, 13);
		key->columns = lappend(key->columns, column);
	}
	return keys;
}

void check_foreign_keys(CheckList *list, int count, const Oid *tables) {
	List *keys = read_foreign_keys(count, tables);
	ListCell *cell;
	foreach (cell, keys) {
		const auto *key = static_cast<const ForeignKey *>(lfirst(cell));
		CHECK_FOR_INTERRUPTS();
		const Orphans orphans = find_orphans(key);
		add_check(list, key->child_name, psprintf("foreign key %s", key->name), nullptr,
				  orphans.rows == 0 ? "no orphans"
									: psprintf(UINT64_FORMAT " orphan%s in \"%s\"", orphans.rows,
											   orphans.rows == 1 ? "" : "s", parent_name(key)),
				  orphans.rows == 0 ? Verdict::ok : Verdict::mismatch, orphans.samples);
	}
}

} // namespace alkconv::verify
