// Regime: Postgres (may longjmp, never throws)
//
// What makes a table a target that the heap path can load rightly, and the refusals, by name, of what it cannot.
#pragma once

#include "core/plan.hpp"
#include "pg/postgres.hpp"

extern "C" {
#include "storage/lockdefs.h"
}

namespace alkconv::load {

// Takes AccessExclusiveLock on a target (lock_timeout applies) and raises an ERROR unless: the caller owns it; it is a plain heap without
// row security, INSERT rules and enabled user triggers on INSERT; it is not in use by this session.
void lock_target(Oid relation);

// Raises an ERROR when the target holds rows and the plan does not replace them.
void require_empty_or_replaced(const core::TablePlan *plan);

} // namespace alkconv::load
