// Regime: Postgres (may longjmp, never throws)
//
// What the server says of a value that is not to be shown: input functions, constraints, indexes, triggers and COPY quote what they refuse. Their
// SQLSTATE, and the names of constraint and columns, stay; their words go.
#pragma once

#include "pg/datum.hpp"

namespace alkconv::pg {

// Where an error comes from.
struct SecretScope {
	const char *table;
	const ConversionPosition *position; // of the value or row at work, where there is one; may be null
};

// Runs work(argument). An ERROR about a secret column's value, or about a row as a whole, is raised without any value. Only for tables with secret
// columns; errors about values of their other columns stay as they are.
void run_withholding(const SecretScope *scope, void (*work)(void *argument), void *argument);

// Takes the values out of such an error; the key of its row stays, of secret columns as hashes.
void withhold_values(ErrorData *error, const SecretScope *scope);

} // namespace alkconv::pg
