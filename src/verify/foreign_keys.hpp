// Regime: Postgres (may longjmp, never throws)
//
// Foreign keys of the target, examined by set: a heap swap does not fire the triggers that would check them.
#pragma once

#include "verify/check_list.hpp"

namespace alkconv::verify {

// Adds a check for every foreign key in which one of `tables` takes part, as child or as parent: counts all orphans by an anti-join and shows
// up to 3 of them with their keys. The rule is that of RI_Initial_Check (ri_triggers.c, 17), MATCH FULL and differing collations included.
// Precondition: SPI is connected, search_path pinned.
void check_foreign_keys(CheckList *list, int count, const Oid *tables);

} // namespace alkconv::verify
