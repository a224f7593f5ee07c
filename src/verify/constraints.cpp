// Regime: Postgres (may longjmp, never throws)
//
// NOT NULL is counted while the rows are being compared; one scan more counts the rows that violate each CHECK.
#include "verify/constraints.hpp"

#include "pg/compat.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "lib/stringinfo.h"
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

void check_unique(CheckList *list, Oid table, const char *parameter) {
	pg::sql_run_with(kUniqueQuery, 1, &parameter);
	const int64 all = pg::sql_int(0, 0);
	const int64 valid = pg::sql_int(0, 1);
	if (all > 0)
		add_check(list, get_rel_name(table), "unique", nullptr,
				  psprintf(INT64_FORMAT " of " INT64_FORMAT " indexes valid", valid, all),
				  valid == all ? Verdict::ok : Verdict::mismatch, pg::sql_text(0, 2));
}

} // namespace

const char *not_null_violation(Oid table) {
	const char *parameter = psprintf("%u", table);
	return pg::sql_run_with(kNotNullQuery, 1, &parameter) == 0 ? "" : pg::sql_text(0, 1);
}

void check_constraints(CheckList *list, Oid table, uint64 nulls) {
	const char *parameter = psprintf("%u", table);
	check_not_null(list, table, parameter, nulls);
	check_checks(list, table, parameter);
	check_unique(list, table, parameter);
}

} // namespace alkconv::verify
