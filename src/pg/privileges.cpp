// Regime: Postgres (may longjmp, never throws)
//
// The server's own checks, in the order of a query.
#include "pg/privileges.hpp"

#include "pg/compat.hpp"
#include "pg/owner.hpp"

extern "C" {
#include "access/relation.h"
#include "utils/lsyscache.h"
#include "utils/rls.h"
#include "utils/syscache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::pg {

namespace {

bool may_select(Oid relation, Oid role) {
	return pg_class_aclcheck(relation, role, ACL_SELECT) == ACLCHECK_OK ||
		   pg_attribute_aclcheck_all(relation, role, ACL_SELECT, ACLMASK_ALL) == ACLCHECK_OK;
}

bool policies_apply(Oid relation, Oid role) { return check_enable_rls(relation, role, true) == RLS_ENABLED; }

} // namespace

bool may_read_all(Oid relation, Oid role) {
	return may_use_schema(get_rel_namespace(relation), role) && may_select(relation, role) &&
		   !policies_apply(relation, role);
}

void require_readable(Oid relation) {
	const Oid role = GetUserId();
	if (!may_use_schema(get_rel_namespace(relation), role))
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_SCHEMA, get_namespace_name(get_rel_namespace(relation)));
	if (!may_select(relation, role))
		aclcheck_error(ACLCHECK_NO_PRIV, get_relkind_objtype(get_rel_relkind(relation)), get_rel_name(relation));
	if (policies_apply(relation, role))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("row-level security of table \"%s\" applies to you", get_rel_name(relation)),
						errdetail("All rows are compared, and some of them may be hidden from you."),
						errhint("Run as a role that bypasses row-level security."),
						err_generic_string(PG_DIAG_TABLE_NAME, get_rel_name(relation))));
}

void require_usable_by_owner(Oid relation) {
	const Oid schema = get_rel_namespace(relation), owner = owner_of(relation);
	if (may_use_schema(schema, owner))
		return;
	const char *schema_name = quote_identifier(get_namespace_name(schema));
	const char *owner_name = quote_identifier(GetUserNameFromId(owner, false));
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("owner %s of table \"%s\" may not use schema %s", owner_name, get_rel_name(relation), schema_name),
			 errdetail("The rows of a table are read as its owner, so that nobody's code runs with the rights of "
					   "others."),
			 errhint("GRANT USAGE ON SCHEMA %s TO %s.", schema_name, owner_name),
			 err_generic_string(PG_DIAG_TABLE_NAME, get_rel_name(relation))));
}

bool is_own(Oid relation) {
	return SearchSysCacheExists1(RELOID, ObjectIdGetDatum(relation)) && owns_relation(relation, GetUserId());
}

bool is_own_or_readable(Oid relation) {
	if (is_own(relation))
		return true;
	return SearchSysCacheExists1(RELOID, ObjectIdGetDatum(relation)) && may_select(relation, GetUserId());
}

Relation open_if(Oid relation, bool (*may)(Oid relation)) {
	if (!may(relation))
		return nullptr;
	Relation opened = try_relation_open(relation, AccessShareLock);
	if (opened == nullptr || may(relation))
		return opened;
	relation_close(opened, AccessShareLock);
	return nullptr;
}

} // namespace alkconv::pg
