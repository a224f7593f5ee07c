// Regime: Postgres (may longjmp, never throws)
//
// One query on each side.
#include "migrate/versions.hpp"

#include "core/maxima.hpp"
#include "pg/await.hpp"
#include "pg/owned.hpp"
#include "pg/owner.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "utils/acl.h"
#include "utils/builtins.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

void read_source_value(MemoryContext context, mysql::Connection *connection, core::Maximum *maximum) {
	const mysql::TextResult *answer = pg::query(context, connection, maximum->source_sql.c_str(),
												{"the version of a schema", 1, core::AnswerRows::one});
	pg::edge([&] { maximum->source_value = answer->Get(0, 0); });
}

// By the privileges of the caller, as the owner: who may have attached code to the table.
void read_target_value(core::Maximum *maximum) {
	const Oid table = maximum->target->oid;
	const AclResult allowed = pg_class_aclcheck(table, GetUserId(), ACL_SELECT);
	if (allowed != ACLCHECK_OK)
		aclcheck_error(allowed, OBJECT_TABLE, maximum->table.c_str());
	pg::OwnerSwitch owner;
	pg::become_reader(&owner, table);
	pg::sql_run(psprintf("SELECT pg_catalog.max(%s::pg_catalog.text COLLATE pg_catalog.\"C\") FROM %s",
						 quote_identifier(maximum->column.c_str()), pg::from_item(table)));
	pg::resume_user(&owner);
	const char *value = pg::sql_text(0, 0);
	if (value != nullptr)
		pg::edge([&] { maximum->target_value = value; });
}

} // namespace

void compare_versions(MemoryContext context, Planning *planning) {
	const core::SourceSchema *schema = planning->source->schema;
	auto *maxima = pg::own_from<std::vector<core::Maximum>>(
		context, [=] { return core::MaximaToCompare(*schema, *planning->target, *planning->rules); });
	for (size_t i = 0; i < maxima->size(); ++i) {
		read_source_value(context, planning->source->connection(), &(*maxima)[i]);
		read_target_value(&(*maxima)[i]);
	}
	pg::edge([&] {
		const std::vector<core::PlanProblem> problems = core::ProblemsOfMaxima(*maxima);
		planning->plan->problems.insert(planning->plan->problems.begin(), problems.begin(), problems.end());
	});
}

} // namespace alkconv::migrate
