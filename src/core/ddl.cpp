// Regime: C++ (may throw, never calls Postgres)
//
// MakeDdl: all tables first, then what is made when their rows are there, foreign keys last.
#include "core/ddl.hpp"

#include "core/ddl_table.hpp"
#include "core/ddl_text.hpp"
#include "core/plan_table.hpp"
#include "core/sight.hpp"

#include <algorithm>

namespace alkconv::core {

namespace {

// What the plan says of a table that is created, for the report.
void AddPlanNotes(const DdlTable &table) {
	for (const std::string &note : table.plan.notes)
		table.Note("table", table.source.name, note);
	for (const ColumnPlan &column : table.plan.columns)
		if (!column.note.empty())
			table.Note("column", column.source_name, column.note);
	for (const GeneratedColumn &generated : table.plan.generated)
		if (!generated.column.note.empty())
			table.Note("column", generated.column.source_name, generated.column.note);
}

bool IsCreated(const std::vector<DdlTable> &tables, const std::string &source_table) {
	return std::any_of(tables.begin(), tables.end(),
					   [&](const DdlTable &table) { return table.source.name == source_table; });
}

void AddRenames(const std::vector<DdlTable> &tables, const TargetNames &names, Ddl &ddl) {
	for (const TargetNames::Rename &rename : names.renames())
		if (IsCreated(tables, rename.table))
			ddl.notes.push_back({"renamed " + rename.kind, rename.table, rename.source,
								 "is called " + Quoted(rename.target), "", rename.target});
}

bool IsTextHidden(const SourceSchema &source, const SourceObject &object) {
	return object.source.empty() &&
		   ((object.kind == "view" && !source.sight.view_texts) ||
			(object.kind == "trigger" && !source.sight.triggers) || (object.kind == "event" && !source.sight.events) ||
			object.kind == "procedure" || object.kind == "function");
}

// A sequence stands where the source hands out its next numbers: those that it keeps at hand already count as used.
std::string Fate(const SourceSchema &source, const SourceObject &object, const DdlOptions &options) {
	if (object.clause.empty())
		return IsTextHidden(source, object) ? "not carried over; the account may not see its text" : "not carried over";
	return "not carried over; to make it at its place: " +
		   WithPlainNames("CREATE SEQUENCE " + Quoted(options.schema) + "." + Quoted(object.name) + " " +
						  object.clause);
}

void AddObjects(const SourceSchema &source, const DdlOptions &options, Ddl &ddl) {
	for (const SourceObject &object : source.objects)
		ddl.notes.push_back({object.kind, object.table, object.name, Fate(source, object, options), object.source});
	if (const std::string hidden = HiddenObjects(source); !hidden.empty())
		ddl.notes.push_back({"privileges", "", source.database, hidden, ""});
}

} // namespace

std::string DdlTable::Qualified(const std::string &name) const { return Quoted(options.schema) + "." + Quoted(name); }

const ColumnPlan *DdlTable::Column(size_t source_column) const {
	for (const ColumnPlan &column : plan.columns)
		if (column.source == source_column)
			return &column;
	for (const GeneratedColumn &generated : plan.generated)
		if (generated.column.source == source_column)
			return &generated.column;
	return nullptr;
}

const std::string *DdlTable::Expression(size_t source_column) const {
	for (const GeneratedColumn &generated : plan.generated)
		if (generated.column.source == source_column)
			return &generated.expression;
	return nullptr;
}

ExpressionScope DdlTable::Scope() const {
	std::vector<ColumnPlan> columns = plan.columns;
	for (const GeneratedColumn &generated : plan.generated)
		columns.push_back(generated.column);
	return ScopeOf(schema, columns);
}

std::optional<std::string> DdlTable::ColumnList(const std::vector<size_t> &source_columns) const {
	std::string list;
	for (const size_t source_column : source_columns) {
		const ColumnPlan *column = Column(source_column);
		if (column == nullptr)
			return std::nullopt;
		list += (list.empty() ? "" : ", ") + Quoted(column->target_name);
	}
	return list;
}

void DdlTable::Before(const char *kind, const std::string &object, const std::string &sql) const {
	ddl.statements.push_back({false, kind, names.name, object, WithPlainNames(sql)});
}

void DdlTable::After(const char *kind, const std::string &object, const std::string &sql, DdlIndex index) const {
	ddl.statements.push_back({true, kind, names.name, object, WithPlainNames(sql), false, std::move(index)});
}

void DdlTable::Note(const char *kind, const std::string &object, std::string text, std::string source_text) const {
	ddl.notes.push_back({kind, source.name, object, std::move(text), std::move(source_text)});
}

void DdlTable::Translated(ExpressionPlace place, size_t object, const std::string &name, const std::string &source_text,
						  const Translation &translation, const ColumnPlan &column) const {
	TranslatedExpression expression;
	expression.place = place;
	expression.table = plan.source;
	expression.object = object;
	expression.target_table = names.name;
	expression.name = name;
	expression.source = source_text;
	expression.target = translation.sql;
	expression.column = column;
	if (place != ExpressionPlace::literal_default &&
		place != ExpressionPlace::expression_default) // no default names a column
		expression.scope = Scope();
	expression.scope.mariadb = schema.mariadb;
	expression.moment = translation.moment;
	ddl.expressions.push_back(std::move(expression));
}

Ddl MakeDdl(const SourceSchema &source, const Plan &plan, const RuleSet &rules, const DdlOptions &options) {
	Ddl ddl;
	const TargetNames names(source, rules);
	std::vector<DdlTable> tables;
	for (const TablePlan &table : plan.tables)
		if (table.create)
			tables.push_back({source, source.tables[table.source], table, names[table.source], rules, options, ddl});
	if (tables.empty())
		return ddl;
	for (const DdlTable &table : tables) {
		AddPlanNotes(table);
		AddTable(table);
	}
	for (const DdlTable &table : tables)
		AddKeys(table);
	for (const DdlTable &table : tables)
		AddChecks(table);
	for (const DdlTable &table : tables)
		AddForeignKeys(table, plan, names);
	AddMissingForeignKeys(tables, names);
	for (const DdlTable &table : tables)
		AddOnUpdate(table);
	for (const DdlTable &table : tables)
		AddComments(table);
	AddRenames(tables, names, ddl);
	AddObjects(source, options, ddl);
	return ddl;
}

} // namespace alkconv::core
