// Regime: Postgres (may longjmp, never throws)
//
// Running our own set-based SQL. Callers have pinned search_path (pin_search_path); identifiers and literals are quoted by the
// server's functions.
#pragma once

#include "pg/postgres.hpp"

extern "C" {
#include "executor/spi.h"
}

#include <vector>

namespace alkconv::pg {

// Opens and closes the SPI connection of a SQL-callable function.
void spi_begin();
void spi_end();

// Sets search_path to pg_catalog, pg_temp, and extra_float_digits so that floats are written exactly, until unpin_search_path (or the end of
// an aborted transaction); returns the nest level.
int pin_search_path();
void unpin_search_path(int nest_level);

// One statement, parsed: parts of some come from the source's catalog, and nothing that a hostile one says may begin another.
RawStmt *single_statement(const char *sql);

// Runs a statement, one always; raises an ERROR unless it succeeds. Returns the number of rows processed; results are in sql_text etc. until the next call.
uint64 sql_run(const char *sql);
// A query as of now: under REPEATABLE READ, too, it sees what others have committed since the transaction's snapshot.
uint64 sql_run_now(const char *sql);
// The same as the owner of `table`, in a restricted operation and with all its rows (become_reader). For every query
// that reads rows of a table, since that may run code of others: planning and executing it computes what its indexes,
// constraints, types and policies consist of.
uint64 sql_run_as_owner(Oid table, const char *sql);
uint64 sql_run_now_as_owner(Oid table, const char *sql);
// As sql_run, with text parameters ($1::text ...); a null pointer is NULL.
uint64 sql_run_with(const char *sql, int parameters, const char *const *values);
// The same for queries of the catalogs: those of thousands of tables cost enough to be compiled, which takes longer than answering them.
uint64 sql_ask_catalog(const char *sql, int parameters, const char *const *values);

// A field of the last result as text, or nullptr for NULL. Row and column count from 0. Allocated in the current memory context.
char *sql_text(uint64 row, int column);
int64 sql_int(uint64 row, int column);
bool sql_bool(uint64 row, int column);
// Appends the attribute numbers of a text, separated by blanks.
void read_numbers(const char *text, std::vector<int16_t> *numbers);

// Quoted "schema"."name" of a relation.
char *qualified_name(Oid relation);
// The relation with all rows that are its own, for FROM and TRUNCATE: ONLY "schema"."name" where tables below it by INHERITS have their own.
char *from_item(Oid relation);

} // namespace alkconv::pg
