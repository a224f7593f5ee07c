// Regime: Postgres (may longjmp, never throws)
//
// The statements of the plan, one after another.
#include "migrate/create.hpp"

#include "load/load.hpp"
#include "load/refused_entry.hpp"
#include "load/row_key.hpp"
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
	pg::add_hint(
		psprintf("The source's rows are equal under this key of the target, for instance by rules that make one value "
				 "of several. Mend "
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

// The server's own words about rows are withheld where their values are not to be shown.
void run_discreetly(void *argument) {
	const auto *run = static_cast<const StatementRun *>(argument);
	auto *statement = const_cast<core::DdlStatement *>(run->statement);
	const pg::SecretScope scope = {statement->table.c_str(), nullptr};
	statement->after_load &&has_secrets(run->planning->plan) ? pg::run_withholding(&scope, run_statement, statement)
															 : run_statement(statement);
}

// Where an entry may be too long the error is to name the row.
void make_long_index(StatementRun *run) {
	const ErrorData *error = pg::run_up_to_limits(run_discreetly, run);
	if (error == nullptr)
		return;
	const Planning *planning = run->planning;
	const core::DdlStatement *statement = run->statement;
	const core::TablePlan *table = planned_table(planning->plan, statement->table.c_str());
	StringInfoData parts;
	initStringInfo(&parts);
	for (size_t i = 0; i < statement->index.parts.size(); ++i)
		appendStringInfo(&parts, "%s%s", i == 0 ? "" : ", ", statement->index.parts[i].c_str());
	const load::RefusedIndex index = {
		table,
		statement->object.c_str(),
		pg::from_item(table->target_oid),
		parts.data,
		statement->index.of_words,
		psprintf("%s with a rule: table_pattern %s, action skip_index, argument %s; afterwards make one that can hold "
				 "the row, %s. Or "
				 "shorten the value in the source.",
				 statement->index.unique ? "Leave the index out, which is unique and then keeps no equal values apart,"
										 : "Leave the index out",
				 quote_literal_cstr(table->source_name.c_str()),
				 quote_literal_cstr(statement->index.source_name.c_str()),
				 statement->index.unique ? "a unique one over a digest of the value"
										 : "over a digest or a prefix of the value")};
	load::raise_refused_entry(&index, error);
}

// How many rows violate the constraint, and the key of the first of them.
[[noreturn]] void raise_violation(const StatementRun *run) {
	const core::DdlStatement *statement = run->statement;
	const core::TablePlan *table = planned_table(run->planning->plan, statement->table.c_str());
	const char *keys = load::key_expressions(table), *from = pg::from_item(table->target_oid);
	const char *condition = statement->check.condition.c_str();
	pg::sql_run_as_owner(table->target_oid,
						 psprintf("SELECT pg_catalog.count(*) FROM %s WHERE NOT (%s)", from, condition));
	const int64 rows = pg::sql_int(0, 0);
	const char *key = nullptr;
	if (keys[0] != '\0') {
		pg::sql_run_as_owner(table->target_oid, psprintf("SELECT %s FROM %s WHERE NOT (%s) ORDER BY %s LIMIT 1", keys,
														 from, condition, load::key_columns(table)));
		key = load::key_text(table, SPI_tuptable->vals[0], SPI_tuptable->tupdesc);
	}
	ereport(
		ERROR,
		(errcode(ERRCODE_CHECK_VIOLATION),
		 errmsg("row %s of table \"%s\" violates check constraint \"%s\"", key == nullptr ? "without a key" : key,
				statement->table.c_str(), statement->object.c_str()),
		 errdetail_plural(INT64_FORMAT " row violates it: %s.", INT64_FORMAT " rows violate it: %s.",
						  static_cast<unsigned long>(rows), rows, condition),
		 errhint("Mend the rows in the source. Or let the constraint be NOT VALID by a rule: table_pattern %s, action "
				 "skip_validation, argument %s; then these rows stay as they are, and new ones that violate it are "
				 "refused.",
				 quote_literal_cstr(table->source_name.c_str()),
				 quote_literal_cstr(statement->check.source_name.c_str())),
		 err_generic_string(PG_DIAG_TABLE_NAME, statement->table.c_str()),
		 err_generic_string(PG_DIAG_CONSTRAINT_NAME, statement->object.c_str())));
}

// The server names the constraint, and neither a row nor what to do.
void make_check(StatementRun *run) {
	ErrorData *error = pg::run_guarded(run_discreetly, run);
	if (error == nullptr)
		return;
	if (error->sqlerrcode != ERRCODE_CHECK_VIOLATION)
		ReThrowError(error);
	raise_violation(run);
}

void run_or_refuse(StatementRun *run) {
	if (!run->statement->index.parts.empty())
		make_long_index(run);
	else if (!run->statement->check.condition.empty())
		make_check(run);
	else
		run_discreetly(run);
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
		run_or_refuse(&run);
		error_context_stack = context.previous;
	}
	CommandCounterIncrement();
}

} // namespace

void create_tables(const Planning *planning) { run_statements(planning, false); }

void finish_created_tables(const Planning *planning) { run_statements(planning, true); }

} // namespace alkconv::migrate
