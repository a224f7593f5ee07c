// Regime: Postgres (may longjmp, never throws)
//
// The statements of the plan, one after another.
#include "migrate/create.hpp"

#include "pg/spi.hpp"

extern "C" {
#include "access/xact.h"
#include "miscadmin.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

void statement_error_context(void *argument) {
	const auto *statement = static_cast<const core::DdlStatement *>(argument);
	errcontext("while making %s%s%s%s of table \"%s\"", statement->kind.c_str(), statement->object.empty() ? "" : " \"",
			   statement->object.c_str(), statement->object.empty() ? "" : "\"", statement->table.c_str());
}

void run_statements(const Planning *planning, bool after_load) {
	for (const core::DdlStatement &statement : planning->ddl->statements) {
		if (statement.after_load != after_load)
			continue;
		CHECK_FOR_INTERRUPTS();
		ErrorContextCallback context;
		context.callback = statement_error_context;
		context.arg = const_cast<core::DdlStatement *>(&statement);
		context.previous = error_context_stack;
		error_context_stack = &context;
		pg::sql_run(statement.sql.c_str());
		error_context_stack = context.previous;
	}
	CommandCounterIncrement();
}

} // namespace

void create_tables(const Planning *planning) { run_statements(planning, false); }

void finish_created_tables(const Planning *planning) { run_statements(planning, true); }

} // namespace alkconv::migrate
