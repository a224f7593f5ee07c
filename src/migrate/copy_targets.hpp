// Regime: Postgres (may longjmp, never throws)
//
// What targets that are loaded through COPY need beyond the loading itself: no rows twice, room where rows are
// replaced, parents before children.
#pragma once

#include "core/plan.hpp"
#include "load/target.hpp"

namespace alkconv::migrate {

// The way of each table of the plan, in its order; allocated in the current memory context.
load::LoadPath *choose_paths(const core::Plan *plan);

// Raises an ERROR when a target is a partition of another target: its rows would be there twice, or be taken for
// foreign ones.
void refuse_partitions_of_targets(const core::Plan *plan);

// Truncates every target of the plan when one of those loaded through COPY is to be replaced: with all of them in one
// statement, foreign keys among them are no obstacle, and the others are empty or about to be replaced. Raises the
// server's error when another table refers to one of them, and one of ours when it would fire a trigger of another
// role's. Precondition: all targets are locked, and empty unless the plan replaces them; SPI is connected, search_path
// pinned.
void empty_copy_targets(const core::Plan *plan, const load::LoadPath *paths);

// Fires what the constraint triggers of a loaded table have deferred to the COMMIT: what they change there would come after the proof. As its COPY fired
// the others; where the caller is not the owner, nothing can have been deferred.
void fire_deferred_triggers(Oid target, const char *search_path);

// The positions of the tables that are loaded through COPY, parents of foreign keys before their children, otherwise in
// the plan's order; `count` receives how many. A cycle is broken at its first table: the server checks foreign keys at
// the end of each COPY and refuses it.
size_t *copy_order(const core::Plan *plan, const load::LoadPath *paths, size_t *count);

} // namespace alkconv::migrate
