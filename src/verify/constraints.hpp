// Regime: Postgres (may longjmp, never throws)
//
// CHECK, NOT NULL and uniqueness of a target table, examined by set.
#pragma once

#include "verify/check_list.hpp"

namespace alkconv::verify {

// The condition that a row breaks NOT NULL, over the columns of the table; "" where it has none. To be counted while the rows are
// being read for another reason. Precondition: SPI is connected, search_path pinned.
const char *not_null_violation(Oid table);

// Adds the checks "not null", "check NAME" (one each) and "unique" of the table, as far as it has such constraints. `nulls` are the rows
// that satisfy not_null_violation. Uniqueness is what building the
// indexes has proved: invalid indexes are a mismatch. Precondition: SPI is connected, search_path pinned.
void check_constraints(CheckList *list, Oid table, uint64 nulls);

} // namespace alkconv::verify
