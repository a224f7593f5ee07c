// Regime: Postgres (may longjmp, never throws)
//
// Each relation that a run loads or makes stays locked until the transaction ends, and the server's table of locks has an end.
#pragma once

#include "migrate/planning.hpp"

namespace alkconv::migrate {

// Adds a problem to the plan where the run needs more locks than max_locks_per_transaction gives, with the number that is enough. Call it when the
// statements that create tables are known.
void limit_locks(Planning *planning);

} // namespace alkconv::migrate
