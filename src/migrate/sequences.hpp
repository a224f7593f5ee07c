// Regime: Postgres (may longjmp, never throws)
//
// Sequences owned by loaded columns continue behind the loaded values.
#pragma once

#include "migrate/planning.hpp"

namespace alkconv::migrate {

// Restarts each sequence owned by a column of the table beyond the column's maximum and the source's AUTO_INCREMENT, whichever is higher.
// By ALTER SEQUENCE ... RESTART, which a rollback undoes; setval would survive it. Precondition: SPI is connected, search_path pinned.
void advance_sequences(const Planning *planning, const core::TablePlan *table);

} // namespace alkconv::migrate
