// Regime: Postgres (may longjmp, never throws)
//
// What differs between Postgres 15 and 18, in one place. Each shim names the upstream commit that made the difference.
#pragma once

#include "pg/postgres.hpp"

extern "C" {
#include "catalog/pg_class.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "commands/explain.h"
#if PG_VERSION_NUM >= 180000 // 9173e8b60, c65bc2e1d
#include "commands/explain_format.h"
#include "commands/explain_state.h"
#endif
#include "executor/executor.h"
#include "nodes/execnodes.h"
#include "nodes/nodeFuncs.h"
#include "nodes/plannodes.h"
#include "optimizer/pathnode.h"
#include "parser/parse_type.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/rel.h"
}

#if PG_VERSION_NUM < 150000 || PG_VERSION_NUM >= 190000
#error "alkconv supports PostgreSQL 15 to 18"
#endif
// 16.5 and 17.1 changed the layout of ResultRelInfo within a major version (reverted by the next minor release)
#if PG_VERSION_NUM == 160005 || PG_VERSION_NUM == 170001
#error "PostgreSQL 16.5 and 17.1 broke the extension ABI; use any other minor release"
#endif

namespace alkconv::pg {

// Is the role the owner of the relation, or does it have the owner's privileges?
inline bool owns_relation(Oid relation, Oid role) {
#if PG_VERSION_NUM >= 160000 // afbfc02983f86c4d71825efa6befd547fe81a926
	return object_ownercheck(RelationRelationId, relation, role);
#else
	return pg_class_ownercheck(relation, role);
#endif
}

// May the role look names up in the schema?
inline bool may_use_schema(Oid schema, Oid role) {
#if PG_VERSION_NUM >= 160000 // c727f511bd7bf3c58063737bcf7a8f331346f253
	return object_aclcheck(NamespaceRelationId, schema, role, ACL_USAGE) == ACLCHECK_OK;
#else
	return pg_namespace_aclcheck(schema, role, ACL_USAGE) == ACLCHECK_OK;
#endif
}

// May the role use the foreign server?
inline AclResult foreign_server_aclcheck(Oid server, Oid role, AclMode mode) {
#if PG_VERSION_NUM >= 160000 // c727f511bd7bf3c58063737bcf7a8f331346f253
	return object_aclcheck(ForeignServerRelationId, server, role, mode);
#else
	return pg_foreign_server_aclcheck(server, role, mode);
#endif
}

// The type that a text names, an ERROR if it names none.
inline void parse_type(const char *text, Oid *type, int32 *typmod) {
#if PG_VERSION_NUM >= 160000 // 858e776c84f48841e7e16fba7b690b76e54f3675
	(void) parseTypeString(text, type, typmod, nullptr);
#else
	parseTypeString(text, type, typmod, false);
#endif
}

// Pins search_path for code that runs as another user until AtEOXact_GUC.
inline void restrict_search_path() {
#if PG_VERSION_NUM >= 170000 // 2af07e2f749a9208ca1ed84fa1d8fe0e75833288
	RestrictSearchPath();
#else
	set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0,
					  false);
#endif
}

// A path that scans a foreign table as a whole, unordered, with every clause evaluated here.
inline ForeignPath *make_foreignscan_path(PlannerInfo *root, RelOptInfo *rel, double rows, Cost startup, Cost total) {
	return create_foreignscan_path(root, rel, nullptr, rows,
#if PG_VERSION_NUM >= 180000 // e22253467
								   0,
#endif
								   startup, total, NIL, rel->lateral_relids, nullptr,
#if PG_VERSION_NUM >= 170000 // 9e9931d2b
								   NIL,
#endif
								   NIL);
}

// The role whose rights and user mapping a foreign scan uses.
inline Oid foreign_scan_role(ForeignScanState *node) {
#if PG_VERSION_NUM >= 160000 // 599b33b94
	const Oid role = reinterpret_cast<ForeignScan *>(node->ss.ps.plan)->checkAsUser;
#else
	const Oid role =
		exec_rt_fetch(reinterpret_cast<Scan *>(node->ss.ps.plan)->scanrelid, node->ss.ps.state)->checkAsUser;
#endif
	return OidIsValid(role) ? role : GetUserId();
}

// Condition on the catalog row k of a constraint: the server enforces it. NOT ENFORCED came in 18.
#if PG_VERSION_NUM >= 180000 // ca87c415e, eec0040c4
constexpr const char *kIsEnforced = "k.conenforced";
#else
constexpr const char *kIsEnforced = "true";
#endif

// Visits the children of an expression's node; the walker was a function without prototype until 16.
inline bool walk_expression(Node *node, bool (*walker)(Node *, void *), void *context) {
#if PG_VERSION_NUM >= 160000 // 1c27d16e6e5c1f463bbe1e9ece88dda811235165
	return expression_tree_walker(node, walker, context);
#else
	return expression_tree_walker(node, reinterpret_cast<bool (*)()>(reinterpret_cast<void (*)()>(walker)), context);
#endif
}

// The same of a table's CHECK.
inline bool is_enforced([[maybe_unused]] const ConstrCheck *check) {
#if PG_VERSION_NUM >= 180000 // ca87c415e
	return check->ccenforced;
#else
	return true;
#endif
}

// EXPLAIN's state and output moved to headers of their own in 18; see the includes above.
inline bool explain_verbose(const ExplainState *es) { return es->verbose; }
inline void explain_property(ExplainState *es, const char *label, const char *value) {
	ExplainPropertyText(label, value, es);
}

} // namespace alkconv::pg
