// Regime: Postgres (may longjmp, never throws)
//
// Whether stored values have the form that the server itself gives them. The digest compares what a value says when it
// is written; some types
// do not say all (padding, the size of a compressed value, digits beyond the column's), and some promise something that
// the text alone
// does not show (a domain, valid JSON, a generated column). It is a matter of the target alone: the source is not
// asked.
#pragma once

#include "verify/comparison.hpp"

namespace alkconv::verify {

// A condition in SQL that holds for rows with a value that is not as the server would have stored it; "" where the
// types of the table's columns
// say all. Casts are between types of pg_catalog only; a domain of the table runs its constraints, as the table's
// owner. Columns that the run has
// left to the table have their default where that is always the same, or NULL.
const char *malformed_condition(const TablePair *pair);

// Adds the check "stored form"; `malformed` rows satisfied the condition. A mismatch names the columns, how many values
// of each, and a key.
// Precondition: SPI is connected, search_path pinned.
void check_stored_form(CheckList *list, const Comparison *comparison, uint64 malformed);

} // namespace alkconv::verify
