// Regime: Postgres (may longjmp, never throws)
//
// The statements of the plan, one after another.
#include "migrate/create.hpp"

#include "pg/secret_error.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "access/xact.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "tcop/dest.h"
#include "tcop/utility.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

void statement_error_context(void *argument) {
	const auto *statement = static_cast<const core::DdlStatement *>(argument);
	errcontext("while making %s%s%s%s of table \"%s\"", statement->kind.c_str(), statement->object.empty() ? "" : " \"",
			   statement->object.c_str(), statement->object.empty() ? "" : "\"", statement->table.c_str());
}

// ALTER TABLE ... ADD FOREIGN KEY without the look at all rows, as the server itself adds one to a table that it is just making: it would name
// one orphan and no table's row. The run's proof looks for orphans before anybody sees the tables, as it does for tables that existed, and a
// key that may not be valid is never left behind. NOT VALID and VALIDATE would be the same, but partitioned tables take that from 18 on only.
void add_foreign_key(const char *sql) {
	const RawStmt *raw = pg::single_statement(sql);
	if (!IsA(raw->stmt, AlterTableStmt) || list_length(castNode(AlterTableStmt, raw->stmt)->cmds) != 1)
		elog(ERROR, "no foreign key: %s", sql);
	Node *definition = linitial_node(AlterTableCmd, castNode(AlterTableStmt, raw->stmt)->cmds)->def;
	if (definition == nullptr || !IsA(definition, Constraint))
		elog(ERROR, "no foreign key: %s", sql);
	castNode(Constraint, definition)->skip_validation = true;

	PlannedStmt *statement = makeNode(PlannedStmt);
	statement->commandType = CMD_UTILITY;
	statement->canSetTag = true;
	statement->utilityStmt = raw->stmt;
	statement->stmt_location = raw->stmt_location;
	statement->stmt_len = raw->stmt_len;
	ProcessUtility(statement, sql, false, PROCESS_UTILITY_QUERY, nullptr, nullptr, None_Receiver, nullptr);
	CommandCounterIncrement();
}

void run_statement(void *argument) {
	const auto *statement = static_cast<const core::DdlStatement *>(argument);
	if (statement->kind == core::kForeignKeyStatement)
		add_foreign_key(statement->sql.c_str());
	else
		pg::sql_run(statement->sql.c_str());
}

bool has_secrets(const core::Plan *plan) {
	for (const core::TablePlan &table : plan->tables)
		if (core::HasSecrets(table))
			return true;
	return false;
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
		const pg::SecretScope scope = {statement.table.c_str(), nullptr};
		after_load && has_secrets(planning->plan) ? pg::run_withholding(&scope, run_statement, context.arg)
												  : run_statement(context.arg);
		error_context_stack = context.previous;
	}
	CommandCounterIncrement();
}

} // namespace

void create_tables(const Planning *planning) { run_statements(planning, false); }

void finish_created_tables(const Planning *planning) { run_statements(planning, true); }

} // namespace alkconv::migrate
