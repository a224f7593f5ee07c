// Regime: Postgres (may longjmp, never throws)
//
// One condition a column, made by the server from its own catalog: nothing of the plan is asked. Where a cheap question says the same it is
// asked; else the value is written, read again and compared as a record image, byte for byte (`*<>`, record_image_ne).
#include "verify/stored_form.hpp"

#include "core/reread.hpp"
#include "pg/owned.hpp"
#include "pg/spi.hpp"

#include "pg/regime_pg.hpp"

namespace alkconv::verify {

namespace {

// (ordinal, name, condition) of each column that has one. `x` is the column as the type below its domain, which changes no value.
const char *const kConditions =
	"WITH RECURSIVE below AS ("
	"SELECT a.attnum, a.atttypid AS type, a.atttypmod AS typmod, false AS known FROM pg_catalog.pg_attribute a"
	" WHERE a.attrelid = $1::pg_catalog.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated <> 'v'"
	" UNION ALL SELECT b.attnum, t.typbasetype, CASE WHEN b.typmod = -1 THEN t.typtypmod ELSE b.typmod END, true"
	" FROM below b JOIN pg_catalog.pg_type t ON t.oid = b.type AND t.typtype = 'd'),"
	" columns AS (SELECT a.attnum, pg_catalog.quote_ident(a.attname) AS c, a.atttypid, b.type, b.typmod,"
	" pg_catalog.format_type(b.type, b.typmod) AS full_type,"
	// FirstNormalObjectId (transam.h): nobody defines input functions of types below
	" t.typcategory = 'A' AND b.type < 16384 AS is_array,"
	" CASE WHEN b.known THEN pg_catalog.quote_ident(a.attname) || '::' || pg_catalog.format_type(b.type, -1)"
	" ELSE pg_catalog.quote_ident(a.attname) END AS x,"
	// numeric_typmod_precision and numeric_typmod_scale (numeric.c)
	" (b.typmod - 4) >> 16 & 65535 AS digits, (((b.typmod - 4) & 2047) # 1024) - 1024 AS decimals,"
	" CASE WHEN a.attgenerated = 's' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END AS generated"
	" FROM below b JOIN pg_catalog.pg_type t ON t.oid = b.type AND t.typtype <> 'd'"
	" JOIN pg_catalog.pg_attribute a ON a.attrelid = $1::pg_catalog.oid AND a.attnum = b.attnum"
	" LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum),"
	" conditions AS (SELECT attnum, c, pg_catalog.unnest(ARRAY["
	// padding, flags, structure: all that the text leaves out; ROW as such would be compared column by column, by other operators
	" CASE WHEN type IN ('pg_catalog.bit'::pg_catalog.regtype, 'pg_catalog.varbit'::pg_catalog.regtype,"
	" 'pg_catalog.bpchar'::pg_catalog.regtype, 'pg_catalog.inet'::pg_catalog.regtype,"
	" 'pg_catalog.json'::pg_catalog.regtype, 'pg_catalog.jsonb'::pg_catalog.regtype) OR is_array THEN"
	" pg_catalog.format('ROW(%s)::pg_catalog.record OPERATOR(pg_catalog.*<>) "
	"ROW((%s::pg_catalog.text)::%s)::pg_catalog.record', x, x, full_type) END,"
	// a length beyond the column's
	" CASE WHEN type = 'pg_catalog.varchar'::pg_catalog.regtype AND typmod >= 4 THEN"
	" pg_catalog.format('pg_catalog.char_length(%s) > %s', x, typmod - 4) END,"
	// the size that a compressed value says it has
	" CASE WHEN type IN ('pg_catalog.text'::pg_catalog.regtype, 'pg_catalog.varchar'::pg_catalog.regtype,"
	" 'pg_catalog.bytea'::pg_catalog.regtype) THEN"
	" pg_catalog.format('pg_catalog.pg_column_compression(%s) IS NOT NULL"
	" AND pg_catalog.octet_length(%s) <> pg_catalog.octet_length(%s || %L)', c, x, x, '') END,"
	// digits beyond the column's; NaN is greater than all numbers
	" CASE WHEN type = 'pg_catalog.numeric'::pg_catalog.regtype AND typmod >= 4 THEN"
	" pg_catalog.format('pg_catalog.scale(%s) <> %s OR (pg_catalog.abs(%s) >= 1e%s AND %s <> %L)', x,"
	" GREATEST(decimals, 0), x, digits - decimals, x, 'NaN') END,"
	" CASE WHEN type IN ('pg_catalog.time'::pg_catalog.regtype, 'pg_catalog.timestamp'::pg_catalog.regtype,"
	" 'pg_catalog.timestamptz'::pg_catalog.regtype) AND typmod BETWEEN 0 AND 5 THEN"
	" pg_catalog.format('%s <> pg_catalog.%I(%s, %s)', x, CASE type WHEN 'pg_catalog.time'::pg_catalog.regtype THEN "
	"'time'"
	" WHEN 'pg_catalog.timestamp'::pg_catalog.regtype THEN 'timestamp' ELSE 'timestamptz' END, x, typmod) END,"
	" CASE WHEN type = 'pg_catalog.interval'::pg_catalog.regtype AND typmod <> -1 THEN"
	" pg_catalog.format('%s <> pg_catalog.interval(%s, %s)', x, x, typmod) END,"
	// the constraints of a domain: raises an ERROR, as at an INSERT
	" CASE WHEN type <> atttypid THEN"
	" pg_catalog.format('ROW(%s)::pg_catalog.record OPERATOR(pg_catalog.*<>) ROW((%s)::%s)::pg_catalog.record', c, x, "
	"pg_catalog.format_type(atttypid, -1)) END,"
	// what the table says of a column: the cast is the assignment's
	" CASE WHEN generated IS NOT NULL THEN"
	" pg_catalog.format('ROW(%s)::pg_catalog.record OPERATOR(pg_catalog.*<>) ROW((%s)::%s)::pg_catalog.record', c, "
	"generated, CASE WHEN type <> atttypid"
	" THEN pg_catalog.format_type(atttypid, -1) ELSE full_type END) END"
	"]) AS condition FROM columns)"
	" SELECT c, pg_catalog.string_agg('(' || condition || ')', ' OR ') FROM conditions WHERE condition IS NOT NULL"
	" GROUP BY attnum, c ORDER BY attnum";

struct Conditions {
	uint64 count;
	char **columns;
	char **conditions;
};

Conditions conditions_of(Oid table) {
	const char *parameter = psprintf("%u", table);
	Conditions result;
	result.count = pg::sql_run_with(kConditions, 1, &parameter);
	result.columns = static_cast<char **>(palloc(sizeof(char *) * (result.count + 1)));
	result.conditions = static_cast<char **>(palloc(sizeof(char *) * (result.count + 1)));
	for (uint64 i = 0; i < result.count; ++i) {
		result.columns[i] = pg::sql_text(i, 0);
		result.conditions[i] = pg::sql_text(i, 1);
	}
	return result;
}

bool has_secret_key(const core::TablePlan *plan) {
	for (size_t i = 0; i < plan->key.size(); ++i)
		if (!plan->columns[plan->key[i]].secret.empty())
			return true;
	return false;
}

// One column's part of the note: how many values, and the key of one; "" where none is malformed.
const char *described(const Comparison *comparison, const char *column, const char *condition) {
	auto *sql = pg::own<std::string>(comparison->context);
	pg::edge([&] {
		*sql = "SELECT pg_catalog.count(*), pg_catalog.min(" + comparison->proof->postgres_key + ") FROM " +
			   *comparison->target_from + " WHERE " + condition;
	});
	const core::TextRows *rows = target_rows(comparison, sql);
	const auto &row = rows->front();
	if (!row[0].has_value() || *row[0] == "0")
		return "";
	const char *rows_text = psprintf("%s: %s row%s", column, row[0]->c_str(), *row[0] == "1" ? "" : "s");
	if (has_secret_key(comparison->pair->plan))
		return rows_text;
	const auto *key = pg::own_from<std::string>(
		comparison->context, [&] { return core::KeyName(*comparison->pair->plan, *comparison->proof); });
	return psprintf("%s, such as (%s)=(%s)", rows_text, key->c_str(), row[1].has_value() ? row[1]->c_str() : "");
}

const char *located(const Comparison *comparison, const Conditions *conditions) {
	const char *text = "";
	for (uint64 i = 0; i < conditions->count; ++i) {
		const char *part = described(comparison, conditions->columns[i], conditions->conditions[i]);
		text = psprintf("%s%s%s", text, text[0] != '\0' && part[0] != '\0' ? "; " : "", part);
	}
	return text;
}

} // namespace

const char *malformed_condition(Oid table) {
	const Conditions conditions = conditions_of(table);
	const char *text = "";
	for (uint64 i = 0; i < conditions.count; ++i)
		text = psprintf("%s%s%s", text, i == 0 ? "" : " OR ", conditions.conditions[i]);
	return text;
}

void check_stored_form(CheckList *list, const Comparison *comparison, uint64 malformed) {
	const Conditions conditions = conditions_of(comparison->pair->target->oid);
	if (conditions.count == 0)
		return;
	const char *what = psprintf(UINT64_FORMAT " column%s", conditions.count, conditions.count == 1 ? "" : "s");
	add_check(list, comparison->pair->plan->target_name.c_str(), "stored form", nullptr,
			  malformed == 0 ? what : psprintf(UINT64_FORMAT " rows are not as the server stores them", malformed),
			  malformed == 0 ? Verdict::ok : Verdict::mismatch,
			  malformed == 0 ? nullptr : located(comparison, &conditions));
}

} // namespace alkconv::verify
