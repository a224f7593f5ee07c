// Regime: Postgres (may longjmp, never throws)
//
// Code that belongs to a table (CHECK and index expressions, defaults, casts and operators of its types) runs as the
// table's owner in a restricted operation with a pinned
// search_path, as REFRESH MATERIALIZED VIEW does (matview.c, 17), so that it can take no advantage of the caller's privileges.
#pragma once

#include "pg/postgres.hpp"

namespace alkconv::pg {

struct OwnerSwitch {
	Oid user;
	int security_context;
	int guc_nest_level;
};

Oid owner_of(Oid relation);

// A partition, at whatever level, of a role without the privileges of the table's owner; InvalidOid: there is none. The rows of partitions are
// read and stored with the table's, and the partition's code would run as the table's owner.
Oid partition_of_others(Oid relation);

// Becomes the owner of the relation. An error in between is undone by the transaction's abort.
void become_owner(OwnerSwitch *saved, Oid relation);
// To read the relation's rows: as become_owner, and no policy hides any of them, not even where row security is forced
// on the owner. The server's own checks of foreign keys read so (ri_PerformCheck, ri_triggers.c, 17).
void become_reader(OwnerSwitch *saved, Oid relation);
// For triggers and defaults that fire as the application wrote them. Where the caller is the owner, nothing is restricted and names are looked
// up along `search_path`, as in a COPY of the caller's own; for anybody else's table as become_owner.
void become_owner_for_triggers(OwnerSwitch *saved, Oid relation, const char *search_path);
// For code that a role wrote, whoever calls it.
void become_author(OwnerSwitch *saved, Oid author);
void resume_user(const OwnerSwitch *saved);

} // namespace alkconv::pg
