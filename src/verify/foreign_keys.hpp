// Regime: Postgres (may longjmp, never throws)
//
// Foreign keys of the target, examined by set: a heap swap does not fire the triggers that would check them.
#pragma once

#include "core/plan.hpp"
#include "verify/check_list.hpp"

namespace alkconv::verify {

struct KeyColumn {
	char *child, *parent; // quoted
	Oid child_type, parent_type;
	Oid equal;	   // operator of the constraint, parent on the left
	char *collate; // COLLATE clause for the child's side, or ""
	char *excerpt; // expression over the child, aliased c
};

struct ForeignKey {
	char *name;
	char *child_name;
	Oid child, parent;
	bool match_full;
	List *columns;		  // of KeyColumn *
	char *row_key_names;  // of the child's primary key, or nullptr
	char *row_key_values; // expressions over the child, aliased c
};

// The foreign keys that are enforced and in which one of the plan's tables takes part, as child or as parent, as ForeignKey * in a fixed order.
// Precondition: SPI is connected, search_path pinned.
List *read_foreign_keys(const core::Plan *plan);

// Adds a check for every foreign key in which one of the plan's tables takes part, as child or as parent: counts all orphans and
// shows up to 3 of them with their keys, where the caller may read the child; of secret columns, and of those that refer to one, hashes.
// Precondition: SPI is connected, search_path pinned.
void check_foreign_keys(CheckList *list, const core::Plan *plan);

} // namespace alkconv::verify
