// Regime: Postgres (may longjmp, never throws)
//
// What makes a table a target, which way it is loaded, and the refusals, by name, of what neither way can load rightly.
#pragma once

#include "core/plan.hpp"
#include "pg/postgres.hpp"

extern "C" {
#include "storage/lockdefs.h"
}

namespace alkconv::load {

// heap: into a transient heap that becomes the table's storage. copy: through COPY's machinery, where inserting a row does more than storing it.
enum class LoadPath : uint8 { heap, copy };

// Why a table is loaded through COPY: what comes after "it" ("is partitioned"), or nullptr where the heap path can load it rightly, or where
// it does not exist. Needs no lock to be held.
const char *copy_reason(Oid relation);
LoadPath path_of(Oid relation);

// Why a table's rows are not this server's to store: what comes after "it" ("has the foreign table ... as a partition"), and what to do; or
// nullptr. For plans, of tables that the caller owns. Needs no lock to be held.
const char *refusal_of(Oid relation, const char **hint);

// Takes AccessExclusiveLock on a target and its partitions (lock_timeout applies) and raises an ERROR unless: the
// caller owns it, which is examined before anybody has to wait for the lock, and again under it; its owner may use its
// schema; it is a permanent or unlogged table without foreign partitions, row security and INSERT rules, whose rows this
// server stores; it is not in use by this session.
void lock_target(Oid relation);

// Takes AccessShareLock on a table that is only compared. Raises an ERROR unless the caller may read all of it
// (pg::require_readable), examined likewise.
void lock_to_compare(Oid relation);

// Raises an ERROR when truncating the target would fire a trigger of another role's. The target and its partitions are locked.
void refuse_foreign_truncate_triggers(Oid relation);

// Raises an ERROR when inserting into the target would fire a trigger that somebody attached. The target and its partitions are locked.
void refuse_insert_triggers(Oid relation);

// Whether the target or a partition of it holds a row. They are locked.
bool holds_rows(Oid target);

// Raises an ERROR when the target holds rows and the plan does not replace them.
void require_empty_or_replaced(const core::TablePlan *plan);

} // namespace alkconv::load
