// Regime: Postgres (may longjmp, never throws)
//
// Rules about foreign keys: what they took away or made null is exactly what has no parent.
#pragma once

#include "verify/rows.hpp"

namespace alkconv::verify {

// Asks the source how much each rule is about and adds the checks "orphans ...": the source's rows less its orphans are the target's rows, and its
// nulls and orphans are the target's nulls. With the foreign key's own check, which finds no orphan in the target, those that went are the orphans and no
// others. Sets `touched` of the rules. `counts` are the table's. Precondition: SPI is connected, search_path pinned.
void check_key_rules(CheckList *list, MemoryContext context, const TablePair *pair, SourceAnswers *answers,
					 const RowCounts *counts, core::TablePlan *plan);

} // namespace alkconv::verify
