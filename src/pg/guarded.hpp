// Regime: Postgres (may longjmp, never throws)
//
// Work whose failure is an answer: input functions, expressions of rules and constraints look at a value and say what is wrong with it.
#pragma once

#include "pg/postgres.hpp"

namespace alkconv::pg {

// Runs work(argument) in a subtransaction. Returns null when it ended well. When it raised an ERROR about data (SQLSTATE class 22 or 23, or P0001,
// which functions of the application raise), everything it did in the database is undone, what it left in memory is not, and the error is
// returned, allocated in the current memory context. Any other ERROR is raised again.
ErrorData *run_guarded(void (*work)(void *argument), void *argument);
// The same for SQL that may itself be wrong: errors of syntax, names and types, and exceeded limits, are answers as well.
ErrorData *run_guarded_sql(void (*work)(void *argument), void *argument);

// The same for work that meets the server's limits: an ERROR of class 54 (program_limit_exceeded) is returned, every other is raised again.
ErrorData *run_up_to_limits(void (*work)(void *argument), void *argument);

// Runs work(argument). An ERROR is raised again as amend(error, argument) leaves it: the copy lives in the current memory context, and what the
// callbacks of error contexts had to say is in it.
void run_amending(void (*work)(void *argument), void (*amend)(ErrorData *error, void *argument), void *argument);

} // namespace alkconv::pg
