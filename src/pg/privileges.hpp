// Regime: Postgres (may longjmp, never throws)
//
// What a role could read by a query of its own. Rows are read as their table's owner (owner.hpp); whoever is to see
// them has to have the right to.
#pragma once

#include "pg/postgres.hpp"

extern "C" {
#include "utils/rel.h"
}

namespace alkconv::pg {

// USAGE of the schema, SELECT of the table or of each of its columns, and no row-level security that applies to the
// role.
bool may_read_all(Oid relation, Oid role);

// Raises an ERROR that says what the current role lacks of that.
void require_readable(Oid relation);

// Raises an ERROR unless the relation's owner has USAGE of its schema, without which no query that names it can run as
// him.
void require_usable_by_owner(Oid relation);

// Does the current user own the relation? Is he at least one who may read it, and so lock it AccessShare? False where it is gone.
bool is_own(Oid relation);
bool is_own_or_readable(Oid relation);

// Opens a relation under AccessShareLock for whom `may` allows it: nobody waits for the lock of a table that is none of his business. Examined
// once more under the lock. nullptr where it is not allowed or the relation is gone; close it with relation_close(..., AccessShareLock).
Relation open_if(Oid relation, bool (*may)(Oid relation));

} // namespace alkconv::pg
