// Regime: Postgres (may longjmp, never throws)
//
// What would happen: problems first, then each table with its columns, then what stays behind.
#include "sql/plan_rows.hpp"

#include "core/ddl_notes.hpp"
#include "pg/extension.hpp"
#include "pg/owned.hpp"

extern "C" {
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "utils/tuplestore.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::sql {

namespace {

// A row of alkconv_plan. Texts that are null or empty are NULL.
struct PlanRow {
	const char *step, *table, *column, *source_type, *target_type, *conversion, *rule, *note;
	const core::SourceTable *estimates; // of a table that is to be loaded: what the source's statistics say; else null
};

void put(FunctionCallInfo fcinfo, const PlanRow &row) {
	const auto *result = reinterpret_cast<ReturnSetInfo *>(fcinfo->resultinfo);
	const char *texts[] = {row.step,		row.table,		row.column, row.source_type,
						   row.target_type, row.conversion, row.rule,	row.note};
	constexpr size_t kRows = lengthof(texts), kBytes = kRows + 1;
	Datum values[kBytes + 1] = {};
	bool nulls[lengthof(values)] = {};
	for (size_t i = 0; i < lengthof(texts); ++i) {
		nulls[i] = texts[i] == nullptr || texts[i][0] == '\0';
		if (!nulls[i])
			values[i] = CStringGetTextDatum(texts[i]);
	}
	nulls[kRows] = nulls[kBytes] = row.estimates == nullptr;
	if (row.estimates != nullptr) {
		values[kRows] = Int64GetDatum(static_cast<int64>(row.estimates->row_estimate));
		values[kBytes] = Int64GetDatum(static_cast<int64>(row.estimates->data_bytes));
	}
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

const char *joined_notes(const core::TablePlan *table) {
	const char *text = "";
	for (size_t i = 0; i < table->notes.size(); ++i)
		text = psprintf("%s%s%s", text, i == 0 ? "" : "; ", table->notes[i].c_str());
	return text;
}

// "uuid syntax (3), checked text": which conversions the columns take, and how many of them; of a new table, which types.
const char *conversion_counts(const core::TablePlan *table) {
	const auto name_of = [table](const core::ColumnPlan &column) {
		return table->create ? column.target_type.text.c_str() : column.conversion.name;
	};
	StringInfoData text;
	initStringInfo(&text);
	for (size_t i = 0; i < table->columns.size(); ++i) {
		const char *name = name_of(table->columns[i]);
		size_t first = 0, count = 0;
		while (strcmp(name_of(table->columns[first]), name) != 0)
			++first;
		for (size_t n = first; first == i && n < table->columns.size(); ++n)
			count += strcmp(name_of(table->columns[n]), name) == 0 ? 1 : 0;
		if (first == i)
			appendStringInfo(&text, "%s%s%s", i == 0 ? "" : ", ", name, count > 1 ? psprintf(" (%zu)", count) : "");
	}
	return text.data;
}

PlanRow row_of_column(const core::TablePlan *table, const core::ColumnPlan *column) {
	PlanRow row = {};
	row.step = "column";
	row.table = table->source_name.c_str();
	row.column = column->source_name.c_str();
	row.source_type = column->source_type.text.c_str();
	row.target_type = column->target_type.text.c_str();
	row.conversion = column->conversion.name;
	row.rule = column->rule.c_str();
	row.note = column->note.c_str();
	return row;
}

void put_generated(FunctionCallInfo fcinfo, const core::TablePlan *table, const core::ColumnPlan *column) {
	PlanRow row = row_of_column(table, column);
	row.conversion = "generated";
	row.rule = nullptr;
	put(fcinfo, row);
}

void put_omitted(FunctionCallInfo fcinfo, const core::TablePlan *table, const core::OmittedColumn *omitted) {
	PlanRow row = {};
	row.step = omitted->in_target ? "target column" : "source column";
	row.table = table->source_name.c_str();
	row.column = omitted->name.c_str();
	row.conversion = "left out";
	row.note = omitted->reason.c_str();
	put(fcinfo, row);
}

void put_table(FunctionCallInfo fcinfo, const core::SourceSchema *source, const core::TablePlan *table) {
	PlanRow row = {};
	row.step = table->create ? "create" : (table->replace ? "replace" : "load");
	row.table = table->source_name.c_str();
	row.conversion = conversion_counts(table);
	row.rule = table->rule.c_str();
	row.note = joined_notes(table);
	row.estimates = &source->tables[table->source];
	put(fcinfo, row);
	for (const core::ColumnPlan &column : table->columns)
		put(fcinfo, row_of_column(table, &column));
	for (const core::GeneratedColumn &generated : table->generated)
		put_generated(fcinfo, table, &generated.column);
	for (const core::OmittedColumn &omitted : table->omitted)
		put_omitted(fcinfo, table, &omitted);
}

void put_problem(FunctionCallInfo fcinfo, const core::PlanProblem *problem) {
	PlanRow row = {};
	row.step = "problem";
	row.table = problem->table.c_str();
	row.column = problem->column.c_str();
	row.note = psprintf("%s%s%s", problem->message.c_str(), problem->hint.empty() ? "" : " - ", problem->hint.c_str());
	put(fcinfo, row);
}

void put_unused(FunctionCallInfo fcinfo, const core::UnusedRule *unused) {
	PlanRow row = {};
	row.step = "unused rule";
	row.table = unused->table_pattern.c_str();
	row.column = unused->column_pattern.c_str();
	row.rule = unused->rule.c_str();
	row.note = "the patterns match nothing in the source";
	put(fcinfo, row);
}

void put_foreign(FunctionCallInfo fcinfo, const migrate::ForeignRule *foreign) {
	PlanRow row = {};
	row.step = "unused rule";
	row.table = foreign->table_pattern.c_str();
	row.column = foreign->column_pattern.c_str();
	row.rule = foreign->text.c_str();
	row.note =
		psprintf("it is of role \"%s\", for runs of its members and servers of its own", foreign->author.c_str());
	put(fcinfo, row);
}

void put_excluded(FunctionCallInfo fcinfo, const core::ExcludedTable *excluded) {
	PlanRow row = {};
	row.step = "exclude";
	row.table = excluded->name.c_str();
	row.note = excluded->reason.c_str();
	put(fcinfo, row);
}

// What mode `create` does not carry over. Notes of tables and columns stand in their own rows.
void put_note(FunctionCallInfo fcinfo, const core::DdlNote *note) {
	if (note->kind == "table" || note->kind == "column")
		return;
	PlanRow row = {};
	row.step = "note";
	row.table = note->table.c_str();
	const char *source = note->source.empty() ? "" : psprintf(": %s", note->source.c_str());
	if (core::IsRename(*note) && note->source[0] != '\0') // a list of them
		source = psprintf("; %s lists them", pg::function_name("alkconv_baseline"));
	row.note = psprintf("%s \"%s\": %s%s", note->kind.c_str(), note->object.c_str(), note->text.c_str(), source);
	put(fcinfo, row);
}

} // namespace

void put_plan(FunctionCallInfo fcinfo, const migrate::Planning *planning) {
	const core::Plan *plan = planning->plan;
	for (const core::PlanProblem &problem : plan->problems)
		put_problem(fcinfo, &problem);
	for (const core::TablePlan &table : plan->tables)
		put_table(fcinfo, planning->source->schema, &table);
	for (const core::UnusedRule &unused : plan->unused)
		put_unused(fcinfo, &unused);
	for (const migrate::ForeignRule &foreign : *planning->foreign_rules)
		put_foreign(fcinfo, &foreign);
	for (const core::ExcludedTable &excluded : plan->excluded)
		put_excluded(fcinfo, &excluded);
	const auto *notes = pg::own_from<std::vector<core::DdlNote>>(CurrentMemoryContext, [planning] {
		return core::SummarizedNotes(*planning->ddl, planning->source->schema->database);
	});
	for (const core::DdlNote &note : *notes)
		put_note(fcinfo, &note);
}

} // namespace alkconv::sql
