// Regime: Postgres (may longjmp, never throws)
//
// The key of a row of a target table, as messages show it.
#pragma once

#include "core/plan.hpp"
#include "pg/postgres.hpp"

extern "C" {
#include "access/htup.h"
#include "access/tupdesc.h"
}

namespace alkconv::load {

// How many columns the key has.
int count_of_key(const core::TablePlan *table);

// The key's columns, quoted and separated by commas.
const char *key_columns(const core::TablePlan *table);

// Expressions over the table for its key's columns, separated by commas, of secret columns hashes; "" for a table
// without a key.
const char *key_expressions(const core::TablePlan *table);

// "(id)=(7)" of a row that begins with them; null for a table without a key.
char *key_text(const core::TablePlan *table, HeapTuple row, TupleDesc descriptor);

} // namespace alkconv::load
