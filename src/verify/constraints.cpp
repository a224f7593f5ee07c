// Regime: Postgres (may longjmp, never throws)
//
// NOT NULL is counted while the rows are being compared; one scan more counts the rows that violate each CHECK, and one
// for each unique index
// the keys that rows share.
#include "verify/constraints.hpp"

#include "core/source_unique.hpp"
#include "pg/compat.hpp"
#include "pg/owned.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::verify {

namespace {

const char *const kNotNullQuery =
	"SELECT pg_catalog.count(*) || ' column' || CASE WHEN pg_catalog.count(*) = 1 THEN '' ELSE 's' END,"
	" pg_catalog.string_agg(pg_catalog.quote_ident(a.attname) || ' IS NULL', ' OR ' ORDER BY a.attnum)"
	" FROM pg_catalog.pg_attribute a WHERE a.attrelid = $1::pg_catalog.oid AND a.attnum > 0 AND a.attnotnull AND NOT "
	"a.attisdropped"
	" HAVING pg_catalog.count(*) > 0";

const char *const kChecksQuery =
	"SELECT 'check ' || k.conname, pg_catalog.pg_get_expr(k.conbin, k.conrelid), k.convalidated"
	" FROM pg_catalog.pg_constraint k WHERE k.conrelid = $1::pg_catalog.oid AND k.contype = 'c' AND %s ORDER BY "
	"k.conname COLLATE \"C\"";

const char *const kUniqueQuery =
	"SELECT pg_catalog.count(*), pg_catalog.count(*) FILTER (WHERE i.indisvalid AND i.indisready),"
	" pg_catalog.string_agg(c.relname, ', ' ORDER BY c.relname) FILTER (WHERE NOT (i.indisvalid AND i.indisready))"
	" FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
	" WHERE i.indrelid = $1::pg_catalog.oid AND (i.indisunique OR i.indisexclusion)";

// (index, a query that counts its keys of more than one row, its columns where nothing but their values decides). Keys
// are the index's expressions under
// its collations; NULLs differ from each other unless it says otherwise. An operator class whose equality is not the
// type's own is left to the index.
const char *const kDuplicatesQuery =
	"SELECT c.relname, 'SELECT pg_catalog.count(*) FROM (SELECT FROM ' || $2 || ' WHERE true' ||"
	" COALESCE(' AND (' || pg_catalog.pg_get_expr(i.indpred, i.indrelid) || ')', '') ||"
	" CASE WHEN i.indnullsnotdistinct THEN '' ELSE k.not_null END || ' GROUP BY ' || k.keys ||"
	" ' HAVING pg_catalog.count(*) > 1) AS d', CASE WHEN k.plain AND NOT i.indnullsnotdistinct THEN"
	" (SELECT pg_catalog.string_agg(i.indkey[n - 1]::pg_catalog.text, ' ') FROM pg_catalog.generate_series(1, "
	"i.indnkeyatts) AS n) END"
	" FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid,"
	" LATERAL (SELECT pg_catalog.string_agg(e.key, ', ' ORDER BY e.n) AS keys,"
	" pg_catalog.string_agg(' AND ' || e.key || ' IS NOT NULL', '' ORDER BY e.n) AS not_null,"
	" pg_catalog.bool_and(e.usual) AS usual, pg_catalog.bool_and(e.plain) AS plain FROM (SELECT n, '(' || "
	"pg_catalog.pg_get_indexdef(i.indexrelid, n, true) "
	"|| ')' ||"
	" COALESCE(' COLLATE ' || pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(l.collname), '') AS "
	"key,"
	" o.opcdefault OR (o.opcfamily, o.opcintype) IN (SELECT d.opcfamily, d.opcintype FROM pg_catalog.pg_opclass d "
	"WHERE d.opcdefault AND d.opcmethod = o.opcmethod) AS usual,"
	" i.indkey[n - 1] <> 0 AND COALESCE(l.collisdeterministic, true) AS plain"
	" FROM pg_catalog.generate_series(1, i.indnkeyatts) AS n"
	" JOIN pg_catalog.pg_opclass o ON o.oid = i.indclass[n - 1]"
	" LEFT JOIN pg_catalog.pg_collation l ON l.oid = i.indcollation[n - 1]"
	" LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = l.collnamespace) AS e) AS k"
	" WHERE i.indrelid = $1::pg_catalog.oid AND i.indisunique AND i.indisvalid AND i.indisready AND k.usual"
	" ORDER BY c.relname COLLATE \"C\"";

const char *violated_by(const char *rows) {
	return psprintf("%s row%s it", rows, strcmp(rows, "1") == 0 ? " violates" : "s violate");
}

void add_violations(CheckList *list, Oid table, const char *check, const char *what, const char *violations) {
	const bool ok = strcmp(violations, "0") == 0;
	add_check(list, get_rel_name(table), check, nullptr, ok ? what : violated_by(violations),
			  ok ? Verdict::ok : Verdict::mismatch, ok ? nullptr : what);
}

// The rows that were there when a NOT VALID constraint was made may violate it.
void add_unvalidated(CheckList *list, Oid table, const char *check, const char *what, const char *violations) {
	const bool none = strcmp(violations, "0") == 0;
	add_check(list, get_rel_name(table), check, nullptr,
			  none ? what : psprintf("NOT VALID: %s", violated_by(violations)), none ? Verdict::ok : Verdict::note,
			  none ? nullptr : what);
}

void check_not_null(CheckList *list, Oid table, const char *parameter, uint64 nulls) {
	if (pg::sql_run_with(kNotNullQuery, 1, &parameter) == 0)
		return;
	char *columns = pg::sql_text(0, 0);
	char *condition = pg::sql_text(0, 1);
	add_violations(list, table, "not null", nulls == 0 ? columns : condition, psprintf(UINT64_FORMAT, nulls));
}

void check_checks(CheckList *list, Oid table, const char *parameter) {
	const uint64 count = pg::sql_run_with(psprintf(kChecksQuery, pg::kIsEnforced), 1, &parameter);
	if (count == 0)
		return;
	auto **names = static_cast<char **>(palloc(sizeof(char *) * count));
	auto **what = static_cast<char **>(palloc(sizeof(char *) * count));
	auto *validated = static_cast<bool *>(palloc(sizeof(bool) * count));
	StringInfoData sql;
	initStringInfo(&sql);
	for (uint64 i = 0; i < count; ++i) {
		names[i] = pg::sql_text(i, 0);
		what[i] = pg::sql_text(i, 1);
		validated[i] = pg::sql_bool(i, 2);
		appendStringInfo(&sql, "%s pg_catalog.count(*) FILTER (WHERE NOT (%s))", i == 0 ? "SELECT" : ",", what[i]);
	}
	appendStringInfo(&sql, " FROM %s", pg::from_item(table));

	pg::sql_run_as_owner(table, sql.data);
	for (uint64 i = 0; i < count; ++i)
		(validated[i] ? add_violations : add_unvalidated)(list, table, names[i], what[i],
														  pg::sql_text(0, static_cast<int>(i)));
}

// The index is what is to be proved, so its rows are not read through it, but sorted, with as much memory as to build
// one.
void read_rows_alone() {
	for (const char *name : {"enable_indexscan", "enable_indexonlyscan", "enable_bitmapscan", "enable_hashagg"})
		(void) set_config_option(name, "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	(void) set_config_option("work_mem", GetConfigOption("maintenance_work_mem", false, false), PGC_USERSET,
							 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

// Unique indexes, and the queries that count what rows share by them.
struct UniqueIndexes {
	uint64 count;
	char **names;
	char **queries;
};

// Those that the digest and the source's own keys do not prove.
UniqueIndexes indexes_to_examine(Oid table, const core::TablePlan *plan, const core::SourceTable *source) {
	const char *parameters[] = {psprintf("%u", table), pg::from_item(table)};
	const uint64 count = pg::sql_run_with(kDuplicatesQuery, lengthof(parameters), parameters);
	UniqueIndexes indexes = {0, static_cast<char **>(palloc(sizeof(char *) * (count + 1))),
							 static_cast<char **>(palloc(sizeof(char *) * (count + 1)))};
	for (uint64 i = 0; i < count; ++i) {
		const char *columns = pg::sql_text(i, 2);
		auto *attnums = pg::own<std::vector<int16_t>>(CurrentMemoryContext);
		if (columns != nullptr)
			pg::read_numbers(columns, attnums);
		if (source != nullptr && columns != nullptr &&
			pg::edge([=] { return core::IsUniqueInSource(*source, *plan, *attnums); }))
			continue;
		indexes.names[indexes.count] = pg::sql_text(i, 0);
		indexes.queries[indexes.count++] = pg::sql_text(i, 1);
	}
	return indexes;
}

// Of each of them by which rows share keys; nullptr where none do.
const char *duplicates(Oid table, const UniqueIndexes *indexes) {
	const char *text = nullptr;
	const int nest_level = NewGUCNestLevel();
	read_rows_alone();
	for (uint64 i = 0; i < indexes->count; ++i) {
		CHECK_FOR_INTERRUPTS();
		pg::sql_run_as_owner(table, indexes->queries[i]);
		const int64 keys = pg::sql_int(0, 0);
		if (keys > 0)
			text = psprintf("%s%s%s: " INT64_FORMAT " key%s of more than one row", text == nullptr ? "" : text,
							text == nullptr ? "" : ", ", indexes->names[i], keys, keys == 1 ? "" : "s");
	}
	AtEOXact_GUC(false, nest_level);
	return text;
}

// `indexes`: those to examine.
void check_unique(CheckList *list, Oid table, const char *parameter, const UniqueIndexes *indexes) {
	pg::sql_run_with(kUniqueQuery, 1, &parameter);
	const int64 all = pg::sql_int(0, 0);
	const int64 valid = pg::sql_int(0, 1);
	const char *note = pg::sql_text(0, 2);
	if (all == 0)
		return;
	const char *shared = duplicates(table, indexes);
	add_check(list, get_rel_name(table), "unique", nullptr,
			  shared != nullptr ? "rows share keys"
								: psprintf(INT64_FORMAT " of " INT64_FORMAT " indexes valid", valid, all),
			  valid == all && shared == nullptr ? Verdict::ok : Verdict::mismatch, shared != nullptr ? shared : note);
}

} // namespace

const char *not_null_violation(Oid table) {
	const char *parameter = psprintf("%u", table);
	return pg::sql_run_with(kNotNullQuery, 1, &parameter) == 0 ? "" : pg::sql_text(0, 1);
}

void check_constraints(CheckList *list, const core::TablePlan *plan, const core::SourceTable *source, uint64 nulls,
					   core::VerifyLevel level) {
	const Oid table = plan->target_oid;
	const char *parameter = psprintf("%u", table);
	check_not_null(list, table, parameter, nulls);
	check_checks(list, table, parameter);
	UniqueIndexes indexes = {};
	if (level == core::VerifyLevel::full)
		indexes = indexes_to_examine(table, plan, source);
	check_unique(list, table, parameter, &indexes);
}

} // namespace alkconv::verify
