// Regime: C++ (may throw, never calls Postgres)
//
// What Postgres' catalogs say, from the rows of the audit's queries (verify/schema_audit.cpp).
#pragma once

#include "core/answer.hpp"
#include "core/audit.hpp"

namespace alkconv::core {

// The first column of each is the table's oid.
struct AuditTargetRows {
	const TextRows *tables = nullptr; // name, is it partitioned, comment, partition key
	const TextRows *columns =
		nullptr; // name, type, not null, identity, generated, comment, default, is it constant, collation; in their order
	const TextRows *labels = nullptr; // column, label
	const TextRows *keys =
		nullptr; // name, primary, unique, method, condition, column, expression, descending; a row a part
	const TextRows *foreign_keys =
		nullptr; // name, schema and name of the parent, on update, on delete, column, parent's column
	const TextRows *checks = nullptr;	  // name, condition, validated, enforced, column
	const TextRows *triggers = nullptr;	  // body, definition
	const TextRows *partitions = nullptr; // name, bound
};

using AuditTargets = std::map<uint32_t, AuditTarget>;

AuditTargets ReadAuditTargets(const AuditTargetRows &rows);

// SELECT list of the values of a table's constant defaults, and where its answer goes. Empty: there are none.
std::string AuditDefaultsQuery(const AuditTarget &target);
void SetAuditDefaults(AuditTarget &target, const TextRows &answer);

} // namespace alkconv::core
