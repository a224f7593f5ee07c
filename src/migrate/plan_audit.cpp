// Regime: Postgres (may longjmp, never throws)
//
// Both sides of the comparison as JSON, one query that lists the differences.
#include "migrate/plan_audit.hpp"

#include "core/transforms.hpp"
#include "migrate/plan_audit_sql.hpp"
#include "mysql/catalog.hpp"
#include "mysql/sql.hpp"
#include "pg/await.hpp"
#include "pg/owned.hpp"
#include "pg/spi.hpp"

#include <utility>

extern "C" {
#include "lib/stringinfo.h"
#include "utils/guc.h"
#include "utils/json.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

const char *const kPlanHint = "Nothing was changed. Where the source's tables or the rules were being changed just "
							  "now, try again. Otherwise please "
							  "report this: a plan that does not follow catalogs and rules is a defect of alkconv.";

namespace {

// ---- a list of objects ----------------------------------------------------------------------------------------------

void begin_list(StringInfo list) {
	initStringInfo(list);
	appendStringInfoChar(list, '[');
}

const char *end_list(StringInfo list) {
	appendStringInfoChar(list, ']');
	return list->data;
}

void begin_object(StringInfo list) { appendStringInfoString(list, list->len == 1 ? "{" : ",{"); }

void end_object(StringInfo list) { appendStringInfoChar(list, '}'); }

// `value`: JSON
void add_member(StringInfo list, const char *name, const char *value) {
	const char before = list->data[list->len - 1];
	appendStringInfo(list, "%s\"%s\":%s", before == '{' ? "" : ",", name, value);
}

void add_text(StringInfo list, const char *name, const std::string &text) {
	add_member(list, name, "");
	escape_json(list, text.c_str());
}

void add_bool(StringInfo list, const char *name, bool value) { add_member(list, name, value ? "true" : "false"); }

void add_number(StringInfo list, const char *name, uint64 value) {
	add_member(list, name, psprintf(UINT64_FORMAT, value));
}

const char *list_of_texts(const std::vector<std::string> *texts) {
	StringInfoData list;
	begin_list(&list);
	for (size_t i = 0; i < texts->size(); ++i) {
		if (i > 0)
			appendStringInfoChar(&list, ',');
		escape_json(&list, (*texts)[i].c_str());
	}
	return end_list(&list);
}

// ---- what the source lists now --------------------------------------------------------------------------------------

// What information_schema shows of the database's own tables.
const mysql::TextResult *ask(MemoryContext context, const Planning *planning, const char *sql,
							 mysql::AnswerShape shape) {
	const std::string *database = &planning->source->schema->database;
	const auto *literal = pg::own_from<std::string>(context, [database] { return mysql::QuoteLiteral(*database); });
	return pg::query(context, planning->source->connection(), psprintf("%s%s", sql, literal->c_str()), shape);
}

const std::string &text_of(const mysql::TextResult *answer, size_t row, size_t column) {
	return *pg::edge([=] { return &answer->Text(row, column); });
}

bool is_true(const mysql::TextResult *answer, size_t row, size_t column) {
	return strcmp(text_of(answer, row, column).c_str(), "1") == 0;
}

const mysql::TextResult *ask_tables(MemoryContext context, const Planning *planning) {
	return ask(context, planning,
			   "SELECT TABLE_NAME, COALESCE(AUTO_INCREMENT, 0) FROM information_schema.TABLES"
			   " WHERE TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') AND TABLE_SCHEMA = ",
			   {"the tables, asked once more", 2, mysql::AnswerRows::any});
}

const char *tables_of_source(const mysql::TextResult *tables) {
	StringInfoData list;
	begin_list(&list);
	for (size_t row = 0; row < tables->rows.size(); ++row) {
		begin_object(&list);
		add_text(&list, "n", text_of(tables, row, 0));
		add_number(&list, "counter", pg::number_of(tables, row, 1));
		end_object(&list);
	}
	return end_list(&list);
}

const char *columns_of_source(MemoryContext context, const Planning *planning) {
	constexpr size_t kMostBytes = 8 * core::kMostAnswerBytes;
	const mysql::TextResult *columns =
		ask(context, planning,
			"SELECT TABLE_NAME, COLUMN_NAME, LOWER(DATA_TYPE), COLUMN_TYPE,"
			" COALESCE(CHARACTER_SET_NAME, ''), EXTRA LIKE '% GENERATED%', EXTRA LIKE '%auto_increment%'"
			" FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ",
			{"the columns, asked once more", 7, mysql::AnswerRows::any, kMostBytes});
	StringInfoData list;
	begin_list(&list);
	for (size_t row = 0; row < columns->rows.size(); ++row) {
		CHECK_FOR_INTERRUPTS();
		begin_object(&list);
		add_text(&list, "t", text_of(columns, row, 0));
		add_text(&list, "n", text_of(columns, row, 1));
		add_text(&list, "type", text_of(columns, row, 2));
		add_text(&list, "declared", text_of(columns, row, 3));
		add_text(&list, "charset", text_of(columns, row, 4));
		add_bool(&list, "generated", is_true(columns, row, 5));
		add_bool(&list, "counts", is_true(columns, row, 6));
		end_object(&list);
	}
	return end_list(&list);
}

// ---- the plan -------------------------------------------------------------------------------------------------------

// Whether this run has made the table.
bool was_made(const Planning *planning, const core::TablePlan *table) {
	for (const core::DdlStatement &statement : planning->ddl->statements)
		if (statement.object.empty() && strcmp(statement.kind.c_str(), "table") == 0 &&
			strcmp(statement.table.c_str(), table->target_name.c_str()) == 0)
			return true;
	return false;
}

const char *planned_tables(const Planning *planning) {
	StringInfoData list;
	begin_list(&list);
	for (const core::TablePlan &table : planning->plan->tables) {
		begin_object(&list);
		add_text(&list, "s", table.source_name);
		add_text(&list, "target", table.target_name);
		add_number(&list, "id", table.target_oid);
		add_bool(&list, "made", was_made(planning, &table));
		add_bool(&list, "replace", table.replace);
		add_number(&list, "counter", planning->source->schema->tables[table.source].auto_increment);
		end_object(&list);
	}
	return end_list(&list);
}

void add_rules(StringInfo list, const core::ColumnPlan *column) {
	StringInfoData ids;
	begin_list(&ids);
	const auto add = [&ids](int64 id) {
		if (id != 0)
			appendStringInfo(&ids, "%s" INT64_FORMAT, ids.len == 1 ? "" : ",", id);
	};
	add(column->computed.id);
	for (const core::AppliedRule &rule : column->counted)
		add(rule.id);
	add_member(list, "ids", end_list(&ids));
}

const char *clock_name(core::ClockChange change) {
	switch (change) {
	case core::ClockChange::first: return "\"first\"";
	case core::ClockChange::second: return "\"second\"";
	case core::ClockChange::refuse: break;
	}
	return "\"refuse\"";
}

// What is made of the column's values. `unnamed`: the server's option says of which zone they are, not a rule.
void add_policy(StringInfo list, const core::ColumnPlan *column) {
	const core::ColumnPolicy *policy = &column->policy;
	StringInfoData transforms;
	begin_list(&transforms);
	for (const core::Transform &transform : policy->transforms) {
		const std::string *text =
			pg::own_from<std::string>(CurrentMemoryContext, [&] { return core::TransformText(transform); });
		if (transforms.len > 1)
			appendStringInfoChar(&transforms, ',');
		escape_json(&transforms, text->c_str());
	}
	bool unnamed = false;
	for (const core::AppliedRule &rule : column->counted)
		unnamed = unnamed || rule.id == 0;
	add_member(list, "transforms", end_list(&transforms));
	add_bool(list, "empty", policy->empty_to_null);
	add_text(list, "expression", policy->expression);
	add_number(list, "author", policy->author);
	if (policy->zone != nullptr)
		add_text(list, "zone", policy->zone->name());
	add_member(list, "clock", clock_name(policy->clock_change));
	add_bool(list, "unnamed", unnamed);
}

void add_column(StringInfo list, const Planning *planning, const core::TablePlan *table, const core::ColumnPlan *column,
				const char *how) {
	begin_object(list);
	add_text(list, "t", table->source_name);
	add_text(list, "s", column->source_name);
	add_text(list, "target", column->target_name);
	add_number(list, "id", table->target_oid);
	add_number(list, "num", static_cast<uint64>(column->attnum));
	add_member(list, "how", psprintf("\"%s\"", how));
	add_rules(list, column);
	add_bool(list, "secret", !column->secret.empty());
	add_text(list, "declared", column->source_type.text);
	add_text(list, "charset", column->source_type.charset);
	add_text(list, "stored", column->target_type.text);
	add_bool(list, "not_null", column->not_null);
	add_policy(list, column);
	add_bool(list, "json", column->source_type.kind == core::MySqlKind::json);
	add_bool(list, "counts", planning->source->schema->tables[table->source].columns[column->source].auto_increment);
	end_object(list);
}

void add_omitted(StringInfo list, const core::TablePlan *table, const core::OmittedColumn *column) {
	begin_object(list);
	add_text(list, "t", table->source_name);
	add_text(list, "s", column->name);
	add_member(list, "how", column->rule.empty() ? "\"omitted\"" : "\"ruled\"");
	add_member(list, "ids", "[]");
	end_object(list);
}

const char *planned_columns(const Planning *planning) {
	StringInfoData list;
	begin_list(&list);
	for (const core::TablePlan &table : planning->plan->tables) {
		CHECK_FOR_INTERRUPTS();
		for (const core::ColumnPlan &column : table.columns)
			add_column(&list, planning, &table, &column, "copied");
		for (const core::GeneratedColumn &generated : table.generated)
			add_column(&list, planning, &table, &generated.column, "generated");
		for (const core::OmittedColumn &column : table.omitted)
			if (!column.in_target)
				add_omitted(&list, &table, &column);
	}
	return end_list(&list);
}

const char *tables_left_out(const core::Plan *plan) {
	StringInfoData list;
	begin_list(&list);
	for (const core::ExcludedTable &table : plan->excluded) {
		begin_object(&list);
		add_text(&list, "n", table.name);
		end_object(&list);
	}
	return end_list(&list);
}

const char *target_columns_left_out(const core::Plan *plan) {
	StringInfoData list;
	begin_list(&list);
	for (const core::TablePlan &table : plan->tables)
		for (const core::OmittedColumn &column : table.omitted) {
			if (!column.in_target)
				continue;
			begin_object(&list);
			add_text(&list, "t", table.source_name);
			add_text(&list, "n", column.name);
			end_object(&list);
		}
	return end_list(&list);
}

const char *rules_about_keys(const core::Plan *plan) {
	StringInfoData list;
	begin_list(&list);
	for (const core::TablePlan &table : plan->tables)
		for (const core::KeyRule &rule : table.key_rules) {
			if (rule.kind == core::KeyRule::Kind::reference) // it bears the parent's
				continue;
			begin_object(&list);
			add_text(&list, "t", table.source_name);
			add_number(&list, "id", static_cast<uint64>(rule.rule.id));
			end_object(&list);
		}
	return end_list(&list);
}

// ---- the comparison -------------------------------------------------------------------------------------------------

// Of a table that is being written to, the counter goes on between two looks. It is read as for the plan, then asked
// for again: what was read
// must not be less than what had been asked for, nor more than what is.
struct Counters {
	const mysql::TextResult *before, *after;
	core::SourceSchema *read;
};

Counters look_again(MemoryContext context, const Planning *planning, const mysql::TextResult *before) {
	auto *read = pg::own<core::SourceSchema>(context);
	mysql::Connection *connection = planning->source->connection();
	const core::SourceSchema *schema = planning->source->schema;
	pg::await(context, connection, [=] { *read = mysql::ReadTables(*connection, schema->database); });
	return {before, ask_tables(context, planning), read};
}

uint64 counter_in(const mysql::TextResult *answer, const char *table) {
	for (size_t row = 0; row < answer->rows.size(); ++row)
		if (strcmp(text_of(answer, row, 0).c_str(), table) == 0)
			return pg::number_of(answer, row, 1);
	return 0;
}

bool has_gone_on(const Counters *counters, const char *table) {
	for (const core::SourceTable &read : counters->read->tables)
		if (strcmp(read.name.c_str(), table) == 0)
			return read.auto_increment >= counter_in(counters->before, table) &&
				   read.auto_increment <= counter_in(counters->after, table);
	return false;
}

// Of JSON the planner knows no sizes: what it takes for a few rows in nested loops are thousands. Patterns and their
// escapes hold backslashes.
uint64 run_audit(int count, const char *const *parameters) {
	const char *sql = psprintf("%s%s%s%s%s%s%s", kAuditGiven, kAuditRules, kAuditNames, kAuditFits, kAuditTables,
							   kAuditColumns, kAuditGoverning);
	const int nest_level = NewGUCNestLevel();
	for (const auto &[name, value] :
		 {std::pair{"enable_nestloop", "off"}, std::pair{"standard_conforming_strings", "on"}})
		(void) set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	const uint64 rows = pg::sql_ask_catalog(sql, count, parameters);
	AtEOXact_GUC(false, nest_level);
	return rows;
}

struct Difference {
	const char *table, *column, *source, *plan, *note;
	bool later;
};

Difference difference_of(uint64 row) {
	return {pg::sql_text(row, 0), pg::sql_text(row, 1), pg::sql_text(row, 2),
			pg::sql_text(row, 3), pg::sql_text(row, 4), pg::sql_bool(row, 5)};
}

} // namespace

void audit_plan(MemoryContext context, const Planning *planning, verify::CheckList *checks) {
	MemoryContext own = AllocSetContextCreate(context, "alkconv plan audit", ALLOCSET_DEFAULT_SIZES);
	const MemoryContext caller = MemoryContextSwitchTo(own);
	const core::Plan *plan = planning->plan;
	const Request *request = planning->request;
	const mysql::TextResult *tables = ask_tables(own, planning);
	const char *parameters[] = {tables_of_source(tables),
								columns_of_source(own, planning),
								planned_tables(planning),
								planned_columns(planning),
								tables_left_out(plan),
								target_columns_left_out(plan),
								rules_about_keys(plan),
								list_of_texts(&request->plan->include),
								list_of_texts(&request->plan->exclude),
								planning->source->profile,
								planning->source->name,
								planning->target_schema,
								request->plan->on_existing == core::OnExisting::replace ? "true" : "false"};
	const uint64 count = run_audit(lengthof(parameters), parameters);
	auto *found = static_cast<Difference *>(palloc(sizeof(Difference) * (count + 1)));
	for (uint64 row = 0; row < count; ++row)
		found[row] = difference_of(row);
	const bool any_later = count > 0 && found[count - 1].later;
	const Counters counters = any_later ? look_again(own, planning, tables) : Counters{};
	for (uint64 row = 0; row < count; ++row)
		if (!found[row].later || !has_gone_on(&counters, found[row].table))
			verify::add_check(checks, found[row].table,
							  found[row].column == nullptr ? "plan" : psprintf("plan of %s", found[row].column),
							  found[row].source, found[row].plan, verify::Verdict::mismatch, found[row].note);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(own);
}

} // namespace alkconv::migrate
