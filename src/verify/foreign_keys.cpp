// Regime: Postgres (may longjmp, never throws)
//
// One anti-join per foreign key.
#include "verify/foreign_keys.hpp"

#include "pg/compat.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "lib/stringinfo.h"
#include "utils/lsyscache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::verify {

namespace {

// What is shown of a value @: 80 bytes of UTF-8 at most.
const char *const kExcerpt =
	"CASE WHEN pg_catalog.octet_length(@) > 80 THEN pg_catalog.left(@, 19) || '...' ELSE @ END";

// one row per constraint that is enforced and key column; $2 is kExcerpt
const char *const kForeignKeysQuery =
	"SELECT k.oid, k.conname, k.conrelid, k.confrelid, k.confmatchtype = 'f',"
	" pg_catalog.quote_ident(ca.attname), pg_catalog.quote_ident(pa.attname),"
	" 'OPERATOR(' || pg_catalog.quote_ident(n.nspname) || '.' || o.oprname || ')',"
	" CASE WHEN pa.attcollation NOT IN (0, ca.attcollation) THEN"
	"  (SELECT ' COLLATE ' || pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname)"
	"   FROM pg_catalog.pg_collation co JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = "
	"pa.attcollation) ELSE '' END,"
	" rk.names, rk.vals, pg_catalog.replace($2, '@', 'c.' || pg_catalog.quote_ident(ca.attname) || '::pg_catalog.text')"
	" FROM pg_catalog.pg_constraint k"
	" LEFT JOIN LATERAL (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(ka.attname), ', ' ORDER BY ia.ord) AS "
	"names,"
	"   pg_catalog.string_agg(pg_catalog.replace($2, '@', 'c.' || pg_catalog.quote_ident(ka.attname) || "
	"'::pg_catalog.text'), ', ' ORDER BY ia.ord) AS vals"
	"   FROM pg_catalog.pg_index i, pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY AS ia(attnum, ord),"
	"   pg_catalog.pg_attribute ka"
	"   WHERE i.indrelid = k.conrelid AND i.indisprimary AND ka.attrelid = i.indrelid AND ka.attnum = ia.attnum) rk ON "
	"true"
	" CROSS JOIN LATERAL pg_catalog.generate_subscripts(k.conkey, 1) AS s(i)"
	" JOIN pg_catalog.pg_attribute ca ON ca.attrelid = k.conrelid AND ca.attnum = k.conkey[s.i]"
	" JOIN pg_catalog.pg_attribute pa ON pa.attrelid = k.confrelid AND pa.attnum = k.confkey[s.i]"
	" JOIN pg_catalog.pg_operator o ON o.oid = k.conpfeqop[s.i]"
	" JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace"
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

// Expression for one orphan: row (id)=(7) refers to (parentId)=(9)
void append_sample(StringInfo sql, const ForeignKey *key) {
	StringInfoData names, values;
	ListCell *cell;
	initStringInfo(&names);
	initStringInfo(&values);
	foreach (cell, key->columns) {
		const auto *column = static_cast<const KeyColumn *>(lfirst(cell));
		const char *comma = cell == list_head(key->columns) ? "" : ", ";
		appendStringInfo(&names, "%s%s", comma, column->child);
		appendStringInfo(&values, "%s%s", comma, column->excerpt);
	}
	appendStringInfoString(sql, "pg_catalog.concat(");
	if (key->row_key_names != nullptr)
		appendStringInfo(sql, "%s, pg_catalog.concat_ws(', ', %s), ') refers to ', ",
						 quote_literal_cstr(psprintf("row (%s)=(", key->row_key_names)), key->row_key_values);
	appendStringInfo(sql, "%s, pg_catalog.concat_ws(', ', %s), ')')",
					 quote_literal_cstr(psprintf("(%s)=(", names.data)), values.data);
}

char *orphan_query(const ForeignKey *key) {
	StringInfoData sql;
	initStringInfo(&sql);
	appendStringInfoString(&sql,
						   "SELECT pg_catalog.count(*), pg_catalog.array_to_string((pg_catalog.array_agg(o.sample "
						   "ORDER BY o.sample COLLATE \"C\"))[1:3], '; ')"
						   " FROM (SELECT ");
	append_sample(&sql, key);
	appendStringInfo(&sql, " AS sample FROM %s) o", orphans_of(key));
	return sql.data;
}

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
			key->child = static_cast<Oid>(strtoul(pg::sql_text(row, 2), nullptr, 10));
			key->parent = static_cast<Oid>(strtoul(pg::sql_text(row, 3), nullptr, 10));
			key->child_name = get_rel_name(key->child);
			key->match_full = pg::sql_bool(row, 4);
			key->row_key_names = pg::sql_text(row, 9);
			key->row_key_values = pg::sql_text(row, 10);
			keys = lappend(keys, key);
		}
		auto *column = static_cast<KeyColumn *>(palloc0(sizeof(KeyColumn)));
		column->child = pg::sql_text(row, 5);
		column->parent = pg::sql_text(row, 6);
		column->equal = pg::sql_text(row, 7);
		column->collate = pg::sql_text(row, 8);
		column->excerpt = pg::sql_text(row, 11);
		key->columns = lappend(key->columns, column);
	}
	return keys;
}

char *orphans_of(const ForeignKey *key) {
	StringInfoData match, present;
	ListCell *cell;
	initStringInfo(&match);
	initStringInfo(&present);
	foreach (cell, key->columns) {
		const auto *column = static_cast<const KeyColumn *>(lfirst(cell));
		const bool first = cell == list_head(key->columns);
		appendStringInfo(&match, "%sp.%s %s c.%s%s", first ? "" : " AND ", column->parent, column->equal, column->child,
						 column->collate);
		appendStringInfo(&present, "%sc.%s IS NOT NULL", first ? "" : (key->match_full ? " OR " : " AND "),
						 column->child);
	}
	return psprintf("%s c WHERE (%s) AND NOT EXISTS (SELECT 1 FROM %s p WHERE %s)", pg::from_item(key->child),
					present.data, pg::from_item(key->parent), match.data);
}

void check_foreign_keys(CheckList *list, int count, const Oid *tables) {
	List *keys = read_foreign_keys(count, tables);
	ListCell *cell;
	foreach (cell, keys) {
		const auto *key = static_cast<const ForeignKey *>(lfirst(cell));
		CHECK_FOR_INTERRUPTS();
		pg::sql_run_now(orphan_query(key)); // as the server's own check: a parent that is gone by now is none
		const char *orphans = pg::sql_text(0, 0);
		const bool ok = strcmp(orphans, "0") == 0;
		add_check(
			list, key->child_name, psprintf("foreign key %s", key->name), nullptr,
			ok ? "no orphans"
			   : psprintf("%s orphan%s in \"%s\"", orphans, strcmp(orphans, "1") == 0 ? "" : "s", parent_name(key)),
			ok ? Verdict::ok : Verdict::mismatch, pg::sql_text(0, 1));
	}
}

} // namespace alkconv::verify
