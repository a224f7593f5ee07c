// Regime: Postgres (may longjmp, never throws)
//
// One condition a column, made by the server from its own catalog: nothing of the plan is asked. Where a cheap question
// says the same it is
// asked; else the value is written, read again and compared as a record image, byte for byte (`*<>`, record_image_ne).
#include "verify/stored_form.hpp"

#include "core/reread.hpp"
#include "pg/owned.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "access/table.h"
#include "lib/stringinfo.h"
#include "optimizer/optimizer.h"
#include "rewrite/rewriteHandler.h"
#include "utils/rel.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::verify {

namespace {

// (name, condition, whether it is one of $2) of each column that has a condition. `x` is the column as the type below
// its domain, which changes no value.
const char *const kConditions =
	"WITH RECURSIVE below AS ("
	"SELECT a.attnum, a.atttypid AS type, a.atttypmod AS typmod, false AS known, false AS unvalidated FROM "
	"pg_catalog.pg_attribute a"
	" WHERE a.attrelid = $1::pg_catalog.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated <> 'v'"
	" UNION ALL SELECT b.attnum, t.typbasetype, CASE WHEN b.typmod = -1 THEN t.typtypmod ELSE b.typmod END, true,"
	" b.unvalidated OR EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.contypid = b.type AND NOT k.convalidated)"
	" FROM below b JOIN pg_catalog.pg_type t ON t.oid = b.type AND t.typtype = 'd'),"
	" columns AS (SELECT a.attnum, pg_catalog.quote_ident(a.attname) AS c, a.atttypid, b.type, b.typmod, b.unvalidated,"
	" pg_catalog.format_type(b.type, b.typmod) AS full_type,"
	// FirstNormalObjectId (transam.h): nobody defines input functions of types below
	" t.typcategory = 'A' AND b.type < 16384 AS is_array,"
	" CASE WHEN b.known THEN pg_catalog.quote_ident(a.attname) || '::' || pg_catalog.format_type(b.type, -1)"
	" ELSE pg_catalog.quote_ident(a.attname) END AS x,"
	// numeric_typmod_precision and numeric_typmod_scale (numeric.c)
	" (b.typmod - 4) >> 16 & 65535 AS digits, (((b.typmod - 4) & 2047) # 1024) - 1024 AS decimals,"
	// what the table computes by itself: stored generated columns, where its partitions say the same, and of $2 the
	// defaults
	" CASE WHEN a.attgenerated = 's' AND NOT EXISTS (SELECT FROM pg_catalog.pg_partition_tree(a.attrelid) p"
	" JOIN pg_catalog.pg_attribute pa ON pa.attrelid = p.relid AND pa.attname = a.attname"
	" JOIN pg_catalog.pg_attrdef pd ON pd.adrelid = pa.attrelid AND pd.adnum = pa.attnum"
	" WHERE pg_catalog.pg_get_expr(pd.adbin, pd.adrelid) <> pg_catalog.pg_get_expr(d.adbin, d.adrelid))"
	" THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid)"
	" WHEN a.attnum = ANY ($2::pg_catalog.int2[]) THEN COALESCE(pg_catalog.pg_get_expr(d.adbin, d.adrelid), 'NULL')"
	" END AS given"
	" FROM below b JOIN pg_catalog.pg_type t ON t.oid = b.type AND t.typtype <> 'd'"
	" JOIN pg_catalog.pg_attribute a ON a.attrelid = $1::pg_catalog.oid AND a.attnum = b.attnum"
	" LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum),"
	" conditions AS (SELECT attnum, c, pg_catalog.unnest(ARRAY["
	// padding, flags, structure: all that the text leaves out; ROW as such would be compared column by column, by other
	// operators
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
	// (by arithmetic: a cast to as many digits as the column claims to have is none to the planner), INTERVAL_PRECISION
	// (timestamp.h)
	" CASE WHEN type IN ('pg_catalog.time'::pg_catalog.regtype, 'pg_catalog.timestamp'::pg_catalog.regtype,"
	" 'pg_catalog.timestamptz'::pg_catalog.regtype, 'pg_catalog.interval'::pg_catalog.regtype)"
	" AND typmod <> -1 AND typmod & 65535 <= 5 THEN"
	" pg_catalog.format('EXTRACT(microseconds FROM %s) %% 1e%s <> 0', x, 6 - (typmod & 65535)) END,"
	// the constraints of a domain, but for one that existing values may violate; before Postgres 16 (1939d2628) the
	// violation is an ERROR
	" CASE WHEN type <> atttypid AND NOT unvalidated THEN CASE"
	" WHEN pg_catalog.current_setting('server_version_num')::pg_catalog.int4 >= 160000 THEN"
	" pg_catalog.format('%s IS NOT NULL AND NOT pg_catalog.pg_input_is_valid(pg_catalog.concat(%s), %L)', c, x,"
	" pg_catalog.format_type(atttypid, -1))"
	" ELSE pg_catalog.format('ROW(%s)::pg_catalog.record OPERATOR(pg_catalog.*<>) ROW((%s)::%s)::pg_catalog.record', "
	"c, "
	"x, pg_catalog.format_type(atttypid, -1)) END END,"
	// what the table says of a column: the cast is the assignment's
	" CASE WHEN given IS NOT NULL THEN"
	" pg_catalog.format('ROW(%s)::pg_catalog.record OPERATOR(pg_catalog.*<>) ROW((%s)::%s)::pg_catalog.record', c, "
	"given, CASE WHEN type <> atttypid"
	" THEN pg_catalog.format_type(atttypid, -1) ELSE full_type END) END"
	"]) AS condition FROM columns)"
	" SELECT c, pg_catalog.string_agg('(' || condition || ')', ' OR '), attnum = ANY ($2::pg_catalog.int2[])"
	" FROM conditions WHERE condition IS NOT NULL GROUP BY attnum, c ORDER BY attnum";

// A trigger may give any column another value.
const char *const kFilledByTriggers =
	"SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE (t.tgrelid = $1::pg_catalog.oid OR t.tgrelid IN"
	" (SELECT relid FROM pg_catalog.pg_partition_tree($1::pg_catalog.oid::pg_catalog.regclass)))"
	// TRIGGER_TYPE_ROW, _BEFORE, _INSERT (pg_trigger.h)
	" AND t.tgenabled <> 'D' AND t.tgtype & 7 = 7)";

struct Conditions {
	uint64 count;
	uint64 copied; // of columns whose values are the source's
	char **columns;
	char **conditions;
};

bool is_copied(const core::TablePlan *plan, AttrNumber attnum) {
	for (size_t i = 0; i < plan->columns.size(); ++i)
		if (plan->columns[i].attnum == attnum)
			return true;
	return false;
}

// A value that each row must have: the default, which is the same whenever it is computed, or NULL without one.
bool has_one_value(Relation relation, AttrNumber attnum) {
	const Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(relation), attnum - 1);
	if (attribute->attisdropped || attribute->attgenerated != '\0' || attribute->attidentity != '\0')
		return false;
	Node *value = build_column_default(relation, attnum);
	return value == nullptr || !contain_mutable_functions(value);
}

// The columns, as an array's text, that the run left to the table; "{}" where the rows are not of the run or where
// triggers fill them.
const char *left_to_the_table(const TablePair *pair) {
	StringInfoData list;
	initStringInfo(&list);
	const char *parameter = psprintf("%u", pair->target->oid);
	if (pair->just_loaded && pg::sql_run_with(kFilledByTriggers, 1, &parameter) > 0 && !pg::sql_bool(0, 0)) {
		Relation relation = table_open(pair->target->oid, NoLock); // locked for the run
		for (AttrNumber attnum = 1; attnum <= RelationGetNumberOfAttributes(relation); ++attnum)
			if (!is_copied(pair->plan, attnum) && has_one_value(relation, attnum))
				appendStringInfo(&list, "%s%d", list.len == 0 ? "" : ",", attnum);
		table_close(relation, NoLock);
	}
	return psprintf("{%s}", list.data);
}

Conditions conditions_of(const TablePair *pair) {
	const char *parameters[] = {psprintf("%u", pair->target->oid), left_to_the_table(pair)};
	Conditions result;
	result.count = pg::sql_run_with(kConditions, lengthof(parameters), parameters);
	result.copied = 0;
	result.columns = static_cast<char **>(palloc(sizeof(char *) * (result.count + 1)));
	result.conditions = static_cast<char **>(palloc(sizeof(char *) * (result.count + 1)));
	for (uint64 i = 0; i < result.count; ++i) {
		result.columns[i] = pg::sql_text(i, 0);
		result.conditions[i] = pg::sql_text(i, 1);
		result.copied += pg::sql_bool(i, 2) ? 0 : 1;
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

const char *malformed_condition(const TablePair *pair) {
	const Conditions conditions = conditions_of(pair);
	const char *text = "";
	for (uint64 i = 0; i < conditions.count; ++i)
		text = psprintf("%s%s%s", text, i == 0 ? "" : " OR ", conditions.conditions[i]);
	return text;
}

void check_stored_form(CheckList *list, const Comparison *comparison, uint64 malformed) {
	const Conditions conditions = conditions_of(comparison->pair);
	if (conditions.copied == 0 && malformed == 0)
		return;
	const char *what = psprintf(UINT64_FORMAT " column%s", conditions.copied, conditions.copied == 1 ? "" : "s");
	add_check(list, comparison->pair->plan->target_name.c_str(), "stored form", nullptr,
			  malformed == 0 ? what : psprintf(UINT64_FORMAT " rows are not as the server stores them", malformed),
			  malformed == 0 ? Verdict::ok : Verdict::mismatch,
			  malformed == 0 ? nullptr : located(comparison, &conditions));
}

} // namespace alkconv::verify
