// Regime: Postgres (may longjmp, never throws)
//
// The catalog's foreign keys, and a check for each.
#include "verify/foreign_keys.hpp"

#include "core/secret.hpp"
#include "pg/compat.hpp"
#include "pg/owned.hpp"
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
#define TEXT_OF(attribute)                                                                                           \
	"CASE WHEN " attribute                                                                                           \
	".atttypid < " CppAsString2(FirstNormalObjectId) " THEN 'c.' || pg_catalog.quote_ident(" attribute               \
													 ".attname) || '::pg_catalog.text' ELSE 'pg_catalog.concat(c.' " \
													 "|| pg_catalog.quote_ident(" attribute ".attname) || ')' END"

// What is shown of the value of a column of the child.
#define SHOWN(attribute)                      \
	"pg_catalog.replace(CASE WHEN " attribute \
	".attnum = ANY (h.columns) THEN $3 ELSE $2 END, '@', " TEXT_OF(attribute) ")"

// one row per constraint that is enforced and key column; $2 is kExcerpt, $3 the same of secret columns, which are those of $4 with the numbers $5;
// a column that refers to one is secret as well
const char *const kForeignKeysQuery =
	"WITH secret AS (SELECT * FROM ROWS FROM (pg_catalog.unnest($4::pg_catalog.oid[]), "
	"pg_catalog.unnest($5::pg_catalog.int2[]))"
	"  AS s(relation, number))"
	" SELECT k.oid, k.conname, k.conrelid, k.confrelid, k.confmatchtype = 'f',"
	" pg_catalog.quote_ident(ca.attname), pg_catalog.quote_ident(pa.attname),"
	" ca.atttypid, pa.atttypid, k.conpfeqop[s.i],"
	" CASE WHEN pa.attcollation NOT IN (0, ca.attcollation) THEN"
	"  (SELECT ' COLLATE ' || pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname)"
	"   FROM pg_catalog.pg_collation co JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = "
	"pa.attcollation) ELSE '' END,"
	" rk.names, rk.vals, " SHOWN(
		"ca") " FROM pg_catalog.pg_constraint k"
			  " CROSS JOIN LATERAL (SELECT ARRAY(SELECT s.number FROM secret s WHERE s.relation = k.conrelid UNION ALL"
			  "  SELECT k.conkey[g.i] FROM pg_catalog.generate_subscripts(k.conkey, 1) AS g(i), secret s"
			  "  WHERE s.relation = k.confrelid AND s.number = k.confkey[g.i]) AS columns) h"
			  " LEFT JOIN LATERAL (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(ka.attname), ', ' ORDER BY "
			  "ia.ord) AS "
			  "names,"
			  "   pg_catalog.string_agg(" SHOWN(
				  "ka") ", ', ' ORDER BY ia.ord) AS vals"
						"   FROM pg_catalog.pg_index i, pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY "
						"AS ia(attnum, ord),"
						"   pg_catalog.pg_attribute ka"
						"   WHERE i.indrelid = k.conrelid AND i.indisprimary AND ka.attrelid = i.indrelid AND "
						"ka.attnum = ia.attnum) rk ON "
						"true"
						" CROSS JOIN LATERAL pg_catalog.generate_subscripts(k.conkey, 1) AS s(i)"
						" JOIN pg_catalog.pg_attribute ca ON ca.attrelid = k.conrelid AND ca.attnum = k.conkey[s.i]"
						" JOIN pg_catalog.pg_attribute pa ON pa.attrelid = k.confrelid AND pa.attnum = k.confkey[s.i]"
						" JOIN pg_catalog.pg_class c ON c.oid = k.conrelid"
						" WHERE k.contype = 'f' AND %s AND k.conparentid = 0 AND (k.conrelid = ANY "
						"($1::pg_catalog.oid[]) OR k.confrelid = "
						"ANY "
						"($1::pg_catalog.oid[]))"
						" ORDER BY c.relname COLLATE \"C\", k.conname COLLATE \"C\", k.oid, s.i";

// The parameters of the query.
struct Parameters {
	StringInfoData tables, secret_tables, secret_columns;
	const char *mask;
};

void add_element(StringInfo array, unsigned element) {
	appendStringInfo(array, "%s%u", array->len == 0 ? "{" : ",", element);
}

void add_column(Parameters *parameters, const core::TablePlan *table, const core::ColumnPlan *column) {
	if (column->secret.empty())
		return;
	add_element(&parameters->secret_tables, table->target_oid);
	add_element(&parameters->secret_columns, static_cast<unsigned>(column->attnum));
	// one salt in all of a run
	parameters->mask = pg::own_from<std::string>(CurrentMemoryContext, [=] {
						   return core::PostgresMask(column->secret, "@");
					   })->c_str();
}

void end_array(StringInfo array) { appendStringInfoString(array, array->len == 0 ? "{}" : "}"); }

Parameters parameters_of(const core::Plan *plan) {
	Parameters parameters;
	initStringInfo(&parameters.tables);
	initStringInfo(&parameters.secret_tables);
	initStringInfo(&parameters.secret_columns);
	parameters.mask = kExcerpt;
	for (const core::TablePlan &table : plan->tables) {
		add_element(&parameters.tables, table.target_oid);
		for (const core::ColumnPlan &column : table.columns)
			add_column(&parameters, &table, &column);
		for (const core::GeneratedColumn &generated : table.generated)
			add_column(&parameters, &table, &generated.column);
	}
	end_array(&parameters.tables);
	end_array(&parameters.secret_tables);
	end_array(&parameters.secret_columns);
	return parameters;
}

Oid oid_field(uint64 row, int column) { return static_cast<Oid>(strtoul(pg::sql_text(row, column), nullptr, 10)); }

// With its schema where that is another one than the child's.
const char *parent_name(const ForeignKey *key) {
	const Oid schema = get_rel_namespace(key->parent);
	const char *name = get_rel_name(key->parent);
	return schema == get_rel_namespace(key->child) ? name : psprintf("%s.%s", get_namespace_name(schema), name);
}

} // namespace

List *read_foreign_keys(const core::Plan *plan) {
	const Parameters given = parameters_of(plan);
	const char *parameters[] = {given.tables.data, kExcerpt, given.mask, given.secret_tables.data,
								given.secret_columns.data};
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

void check_foreign_keys(CheckList *list, const core::Plan *plan) {
	List *keys = read_foreign_keys(plan);
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
