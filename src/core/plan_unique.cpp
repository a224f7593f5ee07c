// Regime: C++ (may throw, never calls Postgres)
//
// What unique keys of the source forbid and those of the target do not: texts that a collation takes for equal although their bytes differ.
// The data loads, the guarantee is lost.
#include "core/plan_table.hpp"

#include <algorithm>
#include <string_view>

namespace alkconv::core {

namespace {

bool Contains(std::string_view text, std::string_view part) noexcept {
	return text.find(part) != std::string_view::npos;
}

bool EndsWith(std::string_view text, std::string_view end) noexcept {
	return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// What a collation does to tell fewer texts apart than their bytes do; nullptr if nothing. Of the binary ones only those that do not
// pad compare byte by byte; all others have weights. A column of CHAR holds no blanks at the end in any collation.
const char *Looseness(std::string_view collation, bool is_char) noexcept {
	if (collation.empty() || collation == "binary")
		return nullptr;
	if (Contains(collation, "_ci"))
		return "ignores case";
	if (!EndsWith(collation, "_bin"))
		return "compares texts by weights";
	const bool pads = !EndsWith(collation, "_0900_bin") && !EndsWith(collation, "_nopad_bin");
	return pads || is_char ? "ignores blanks at the end" : nullptr;
}

std::string NoteText(const SourceKey &key, const char *looseness, const std::string &collation) {
	return "unique key " + Quoted(key.name) + " " + looseness + " in the source (" + collation + "), not in the target";
}

// Types that keep a text as it is spelled; of those that a rule names, all that are not known to have one spelling for each value.
bool KeepsSpelling(const TablePlan &table, PgKind kind) noexcept {
	switch (kind) {
	case PgKind::text:
	case PgKind::varchar:
	case PgKind::bpchar:
	case PgKind::name:
	case PgKind::bytea: return true;
	case PgKind::other: return table.create;
	default: return false;
	}
}

ColumnPlan *PlanOf(TablePlan &table, size_t source_column) {
	for (ColumnPlan &column : table.columns)
		if (column.source == source_column)
			return &column;
	for (GeneratedColumn &generated : table.generated)
		if (generated.column.source == source_column)
			return &generated.column;
	return nullptr;
}

// Both sides compute such a column of a table that existed: nothing of it is in the plan.
bool IsComputedByBoth(const SourceColumn &column, const TablePlan &table) {
	return column.generated &&
		   std::any_of(table.omitted.begin(), table.omitted.end(), [&](const OmittedColumn &omitted) {
			   return !omitted.in_target && omitted.rule.empty() && omitted.name == column.name;
		   });
}

void NoteColumn(const SourceKey &key, const SourceTable &source, size_t position, TablePlan &table) {
	const SourceColumn &column = source.columns[position];
	const char *looseness = Looseness(column.type.collation, column.type.kind == MySqlKind::char_);
	const bool labels = column.type.kind == MySqlKind::enum_ || column.type.kind == MySqlKind::set; // all different
	if (labels || looseness == nullptr)
		return;
	const std::string text = NoteText(key, looseness, column.type.collation);
	if (ColumnPlan *plan = PlanOf(table, position)) {
		if (KeepsSpelling(table, plan->target_type.kind))
			plan->note += (plan->note.empty() ? "" : "; ") + text;
	} else if (IsComputedByBoth(column, table)) {
		table.notes.push_back(text + ": its column " + Quoted(column.name) + " is computed by both");
	}
}

// An expression that is not translated may be anything; mode create makes no key of it, and says so.
void NoteExpression(const SourceKey &key, const std::string &expression, const ExpressionScope &scope,
					TablePlan &table) {
	const Translation translation = TranslateIndexPart(expression, scope);
	const char *looseness = Looseness(translation.collation, false);
	if (looseness != nullptr)
		table.notes.push_back(NoteText(key, looseness, translation.collation) + ": its part " + expression +
							  " is a text");
	else if (!translation.known() && !table.create)
		table.notes.push_back("unique key " + Quoted(key.name) + ": whether its part " + expression +
							  " tells fewer values apart in the source than in the target is not known");
}

} // namespace

void NoteUniqueCollations(const SourceSchema &schema, const SourceTable &source, TablePlan &table) {
	std::vector<ColumnPlan> columns = table.columns;
	for (const GeneratedColumn &generated : table.generated)
		columns.push_back(generated.column);
	const ExpressionScope scope = ScopeOf(schema, columns);
	for (const SourceKey &key : source.keys) {
		if (!key.unique)
			continue;
		for (const SourceKey::Part &part : key.parts)
			if (part.column)
				NoteColumn(key, source, *part.column, table);
			else
				NoteExpression(key, part.expression, scope, table);
	}
}

} // namespace alkconv::core
