// Regime: Postgres (may longjmp, never throws)
//
// CHECK, NOT NULL and uniqueness of a target table, examined by set.
#pragma once

#include "core/plan.hpp"
#include "verify/check_list.hpp"

namespace alkconv::verify {

// The condition that a row breaks NOT NULL, over the columns of the table; "" where it has none. To be counted while the rows are
// being read for another reason. Precondition: SPI is connected, search_path pinned.
const char *not_null_violation(Oid table);

// Adds the checks "not null", "check NAME" (one each) and "unique" of the planned table, as far as it has such
// constraints. `nulls` are the rows
// that satisfy not_null_violation. Of unique indexes an invalid one is a mismatch, and at level full keys that rows
// share: the rows are sorted without
// the index, unless equal rows and the own keys of `source` leave no such keys (null: not all rows were compared).
// Precondition: SPI is connected, search_path pinned.
void check_constraints(CheckList *list, const core::TablePlan *plan, const core::SourceTable *source, uint64 nulls,
					   core::VerifyLevel level);

} // namespace alkconv::verify
