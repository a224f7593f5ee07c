// Regime: Postgres (may longjmp, never throws)
//
// Sequences owned by loaded columns must hand out values beyond the highest one.
#pragma once

#include "core/plan.hpp"
#include "verify/check_list.hpp"

namespace alkconv::verify {

// Adds a check per owned sequence of the table's columns: its next value against the column's maximum and the source's
// AUTO_INCREMENT:
// not below them, and of a table that this run has `made` no higher either. Precondition: SPI is connected, search_path
// pinned.
void check_sequences(CheckList *list, const core::TargetTable *target, const core::TablePlan *plan,
					 const core::SourceTable *source, bool made);

} // namespace alkconv::verify
