// Regime: Postgres (may longjmp, never throws)
//
// Switching to the owner of a table and back, with the settings a load wants in the same nest level.
#include "pg/owner.hpp"

#include "pg/compat.hpp"

extern "C" {
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::pg {

namespace {

void become_restricted(OwnerSwitch *saved, Oid relation, int further) {
	const Oid owner = owner_of(relation);
	GetUserIdAndSecContext(&saved->user, &saved->security_context);
	SetUserIdAndSecContext(owner, saved->security_context | SECURITY_RESTRICTED_OPERATION | further);
	saved->guc_nest_level = NewGUCNestLevel();
	restrict_search_path();
}

void compress_with_lz4() {
	// Half the time of pglz on wide rows. Servers built without lz4 refuse the value, silently: they keep what they have.
	(void) set_config_option("default_toast_compression", "lz4", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true,
							 DEBUG5, false);
}

} // namespace

void become_author(OwnerSwitch *saved, Oid author) {
	GetUserIdAndSecContext(&saved->user, &saved->security_context);
	SetUserIdAndSecContext(author, saved->security_context | SECURITY_RESTRICTED_OPERATION);
	saved->guc_nest_level = NewGUCNestLevel();
	restrict_search_path();
}

Oid owner_of(Oid relation) {
	HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", relation);
	const Oid owner = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}

Oid partition_of_others(Oid relation) {
	if (get_rel_relkind(relation) != RELKIND_PARTITIONED_TABLE)
		return InvalidOid;
	const Oid owner = owner_of(relation);
	const ListCell *cell;
	foreach (cell, find_all_inheritors(relation, NoLock, nullptr)) {
		const Oid partition = lfirst_oid(cell);
		if (SearchSysCacheExists1(RELOID, ObjectIdGetDatum(partition)) &&
			!has_privs_of_role(owner_of(partition), owner))
			return partition;
	}
	return InvalidOid;
}

void become_owner(OwnerSwitch *saved, Oid relation) {
	become_restricted(saved, relation, 0);
	compress_with_lz4();
}

void become_reader(OwnerSwitch *saved, Oid relation) { become_restricted(saved, relation, SECURITY_NOFORCE_RLS); }

void become_owner_for_triggers(OwnerSwitch *saved, Oid relation, const char *search_path) {
	if (owner_of(relation) != GetUserId()) {
		become_owner(saved, relation);
		return;
	}
	GetUserIdAndSecContext(&saved->user, &saved->security_context);
	saved->guc_nest_level = NewGUCNestLevel();
	(void) set_config_option("search_path", search_path, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	compress_with_lz4();
}

void resume_user(const OwnerSwitch *saved) {
	AtEOXact_GUC(false, saved->guc_nest_level);
	SetUserIdAndSecContext(saved->user, saved->security_context);
}

} // namespace alkconv::pg
