// Regime: Postgres (may longjmp, never throws)
//
// The statements of the plan, one after another.
#include "migrate/create.hpp"

#include "load/load.hpp"
#include "load/refused_entry.hpp"
#include "pg/guarded.hpp"
#include "pg/report.hpp"
#include "pg/secret_error.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "access/xact.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "tcop/dest.h"
#include "tcop/utility.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

struct StatementRun {
	const Planning *planning;
	const core::DdlStatement *statement;
};

const core::TablePlan *planned_table(const core::Plan *plan, const char *target);

// Rows that the source tells apart and the target does not.
void hint_duplicates(const StatementRun *run) {
	if (geterrcode() != ERRCODE_UNIQUE_VIOLATION || run->statement->index.source_name.empty())
		return;
	const MemoryContext caller = MemoryContextSwitchTo(CurTransactionContext);
	const core::TablePlan *table = planned_table(run->planning->plan, run->statement->table.c_str());
	pg::add_hint(psprintf(
		"The source's rows are equal under this key of the target, for instance by rules that make one value of several. Mend "
		"them in the source, or %s. Or leave the key out: action skip_index.",
		load::keep_one_advice(table->source_name.c_str(), run->statement->index.source_name.c_str())));
	MemoryContextSwitchTo(caller);
}

void statement_error_context(void *argument) {
	const auto *run = static_cast<const StatementRun *>(argument);
	const core::DdlStatement *statement = run->statement;
	hint_duplicates(run);
	errcontext("while making %s%s%s%s of table \"%s\"", statement->kind.c_str(), statement->object.empty() ? "" : " \"",
			   statement->object.c_str(), statement->object.empty() ? "" : "\"", statement->table.c_str());
}

const core::TablePlan *planned_table(const core::Plan *plan, const char *target) {
	for (size_t i = 0; i < plan->tables.size(); ++i)
		if (strcmp(plan->tables[i].target_name.c_str(), target) == 0)
			return &plan->tables[i];
	elog(ERROR, "no planned table is called \"%s\"", target);
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

// Where an entry may be too long the error is to name the row.
void make_long_index(const Planning *planning, const core::DdlStatement *statement) {
	const ErrorData *error = pg::run_up_to_limits(run_statement, const_cast<core::DdlStatement *>(statement));
	if (error == nullptr)
		return;
	const core::TablePlan *table = planned_table(planning->plan, statement->table.c_str());
	StringInfoData parts;
	initStringInfo(&parts);
	for (size_t i = 0; i < statement->index.parts.size(); ++i)
		appendStringInfo(&parts, "%s%s", i == 0 ? "" : ", ", statement->index.parts[i].c_str());
	const load::RefusedIndex index = {
		table, statement->object.c_str(), pg::from_item(table->target_oid), parts.data, statement->index.of_words,
		psprintf("Leave the index out with a rule: table_pattern %s, action skip_index, argument %s; afterwards make one "
				 "that can hold the row, over a digest or a prefix of the value. Or shorten the value in the source.",
				 quote_literal_cstr(table->source_name.c_str()), quote_literal_cstr(statement->index.source_name.c_str()))};
	load::raise_refused_entry(&index, error);
}

void run_or_refuse(void *argument) {
	const auto *run = static_cast<const StatementRun *>(argument);
	if (run->statement->index.parts.empty())
		run_statement(const_cast<core::DdlStatement *>(run->statement));
	else
		make_long_index(run->planning, run->statement);
}

void run_statements(const Planning *planning, bool after_load) {
	for (const core::DdlStatement &statement : planning->ddl->statements) {
		if (statement.after_load != after_load)
			continue;
		CHECK_FOR_INTERRUPTS();
		StatementRun run = {planning, &statement};
		ErrorContextCallback context;
		context.callback = statement_error_context;
		context.arg = &run;
		context.previous = error_context_stack;
		error_context_stack = &context;
		const pg::SecretScope scope = {statement.table.c_str(), nullptr};
		after_load && has_secrets(planning->plan) ? pg::run_withholding(&scope, run_or_refuse, &run) : run_or_refuse(&run);
		error_context_stack = context.previous;
	}
	CommandCounterIncrement();
}

} // namespace

void create_tables(const Planning *planning) { run_statements(planning, false); }

void finish_created_tables(const Planning *planning) { run_statements(planning, true); }

} // namespace alkconv::migrate
