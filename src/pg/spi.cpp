// Regime: Postgres (may longjmp, never throws)
//
// Thin, checked wrappers of the server programming interface.
#include "pg/spi.hpp"

#include "pg/boundary.hpp"
#include "pg/compat.hpp"
#include "pg/owner.hpp"
#include "pg/row_storage.hpp"

extern "C" {
#include "access/xact.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "parser/parser.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::pg {

void spi_begin() {
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
}

void spi_end() {
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "SPI_finish failed");
}

int pin_search_path() {
	const int nest_level = NewGUCNestLevel();
	restrict_search_path();
	// floats must be written so that they can be told apart, whatever the session likes to see
	(void) set_config_option("extra_float_digits", "1", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	return nest_level;
}

void unpin_search_path(int nest_level) { AtEOXact_GUC(false, nest_level); }

RawStmt *single_statement(const char *sql) {
	List *statements = raw_parser(sql, RAW_PARSE_DEFAULT);
	if (list_length(statements) != 1)
		elog(ERROR, "not a single statement: %s", sql);
	return linitial_node(RawStmt, statements);
}

uint64 sql_run(const char *sql) {
	(void) single_statement(sql);
	if (SPI_tuptable != nullptr)
		SPI_freetuptable(SPI_tuptable);
	const int result = SPI_execute(sql, false, 0);
	if (result < 0)
		elog(ERROR, "SPI_execute failed (%s): %s", SPI_result_code_string(result), sql);
	return SPI_processed;
}

uint64 sql_run_now(const char *sql) {
	CommandCounterIncrement();
	PushActiveSnapshot(GetLatestSnapshot());
	if (SPI_tuptable != nullptr)
		SPI_freetuptable(SPI_tuptable);
	const int result = SPI_execute(sql, true, 0); // read only: with the snapshot that is active
	if (result != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute failed (%s): %s", SPI_result_code_string(result), sql);
	PopActiveSnapshot();
	return SPI_processed;
}

uint64 sql_run_as_owner(Oid table, const char *sql) {
	OwnerSwitch owner;
	become_reader(&owner, table);
	const uint64 rows = sql_run(sql);
	resume_user(&owner);
	return rows;
}

uint64 sql_run_now_as_owner(Oid table, const char *sql) {
	OwnerSwitch owner;
	become_reader(&owner, table);
	const uint64 rows = sql_run_now(sql);
	resume_user(&owner);
	return rows;
}

uint64 sql_run_with(const char *sql, int parameters, const char *const *values) {
	auto *types = static_cast<Oid *>(palloc(sizeof(Oid) * static_cast<Size>(parameters)));
	auto *datums = static_cast<Datum *>(palloc(sizeof(Datum) * static_cast<Size>(parameters)));
	auto *nulls = static_cast<char *>(palloc(static_cast<Size>(parameters)));
	for (int i = 0; i < parameters; ++i) {
		types[i] = TEXTOID;
		nulls[i] = values[i] == nullptr ? 'n' : ' ';
		datums[i] = values[i] == nullptr ? Datum{0} : CStringGetTextDatum(values[i]);
	}
	if (SPI_tuptable != nullptr)
		SPI_freetuptable(SPI_tuptable);
	const int result = SPI_execute_with_args(sql, parameters, types, datums, nulls, false, 0);
	if (result < 0)
		elog(ERROR, "SPI_execute_with_args failed (%s): %s", SPI_result_code_string(result), sql);
	return SPI_processed;
}

uint64 sql_ask_catalog(const char *sql, int parameters, const char *const *values) {
	const int nest_level = NewGUCNestLevel();
	(void) set_config_option("jit", "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	const uint64 rows = sql_run_with(sql, parameters, values);
	AtEOXact_GUC(false, nest_level);
	return rows;
}

char *sql_text(uint64 row, int column) {
	return SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column + 1);
}

int64 sql_int(uint64 row, int column) {
	char *text = sql_text(row, column);
	return text == nullptr ? 0 : strtoll(text, nullptr, 10);
}

bool sql_bool(uint64 row, int column) {
	const char *text = sql_text(row, column);
	return text != nullptr && text[0] == 't';
}

void read_numbers(const char *text, std::vector<int16_t> *numbers) {
	char *end;
	for (; *text != '\0'; text = end) {
		const auto number = static_cast<int16_t>(strtol(text, &end, 10));
		edge([&] { numbers->push_back(number); });
	}
}

char *qualified_name(Oid relation) {
	char *name = get_rel_name(relation);
	char *schema = get_namespace_name(get_rel_namespace(relation));
	if (name == nullptr || schema == nullptr)
		elog(ERROR, "relation %u does not exist", relation);
	return quote_qualified_identifier(schema, name);
}

char *from_item(Oid relation) {
	const bool has_tables_below =
		get_rel_relkind(relation) == RELKIND_RELATION && has_subclass(relation) && inserting_node(relation) == nullptr;
	return psprintf("%s%s", has_tables_below ? "ONLY " : "", qualified_name(relation));
}

} // namespace alkconv::pg
