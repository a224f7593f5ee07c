// Regime: Postgres (may longjmp, never throws)
//
// CHECK, NOT NULL and uniqueness of a target table, examined by set.
#pragma once

#include "verify/check_list.hpp"

namespace alkconv::verify {

// Adds the checks "not null", "check NAME" (one each) and "unique" of the table, as far as it has such constraints. CHECK expressions run
// as the table's owner in a restricted operation. Uniqueness is what building the indexes has proved: invalid indexes are a mismatch.
// Precondition: SPI is connected, search_path pinned.
void check_constraints(CheckList *list, Oid table);

} // namespace alkconv::verify
