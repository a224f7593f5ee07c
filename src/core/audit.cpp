// Regime: C++ (may throw, never calls Postgres)
//
// The kinds of properties one after the other, and the small ones themselves: comments, ON UPDATE CURRENT_TIMESTAMP.
#include "core/audit.hpp"

#include "core/audit_parts.hpp"

#include <algorithm>

namespace alkconv::core {

namespace audit {

const AuditSourceColumn *Table::SourceColumn(const std::string &name) const {
	for (const AuditSourceColumn &column : source.columns)
		if (column.name == name)
			return &column;
	return nullptr;
}

const AuditTargetColumn *Table::TargetColumn(const std::string &name) const {
	for (const AuditTargetColumn &column : target.columns)
		if (column.name == name)
			return &column;
	return nullptr;
}

const AuditColumnPair *Table::PairOf(const std::string &source_column) const {
	for (const AuditColumnPair &column : pair.columns)
		if (column.source == source_column)
			return &column;
	return nullptr;
}

std::vector<std::string> Table::TargetNames(const std::vector<std::string> &source_columns) const {
	std::vector<std::string> names;
	for (const std::string &name : source_columns) {
		const AuditColumnPair *column = PairOf(name);
		names.push_back(column == nullptr ? "" : column->target);
	}
	return names;
}

const std::string *Table::Note(const std::string &kind, const std::string &object) const {
	const auto found = pair.notes.find(kind + " " + object);
	return found == pair.notes.end() ? nullptr : &found->second;
}

bool Table::IsNoted(const std::string &kind, const std::string &object, std::string_view words) const {
	const std::string *note = Note(kind, object);
	return note != nullptr && Contains(*note, words);
}

std::string List(const std::vector<std::string> &names) {
	std::string list;
	for (const std::string &name : names)
		list += (list.empty() ? "" : ", ") + name;
	return list;
}

bool Contains(std::string_view text, std::string_view part) noexcept {
	return text.find(part) != std::string_view::npos;
}

bool StartsWith(std::string_view text, std::string_view part) noexcept { return text.substr(0, part.size()) == part; }

std::string Lower(std::string_view text) {
	std::string lower(text);
	for (char &c : lower)
		c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
	return lower;
}

std::vector<std::string> Literals(std::string_view text) {
	std::vector<std::string> literals;
	bool in_name = false;
	for (size_t i = 0; i < text.size(); ++i) {
		in_name = text[i] == '"' ? !in_name : in_name;
		if (in_name || text[i] != '\'')
			continue;
		std::string &literal = literals.emplace_back();
		for (++i; i < text.size(); ++i) {
			if (text[i] == '\'' && text.substr(i + 1, 1) != "'")
				break;
			i += text[i] == '\'' ? 1 : 0;
			literal += text[i];
		}
	}
	return literals;
}

namespace {

char Unescaped(char c) noexcept {
	switch (c) {
	case 'n': return '\n';
	case 'r': return '\r';
	case '0': return '\0';
	default: return c;
	}
}

} // namespace

// Both servers write them so, whatever sql_mode is: quotes doubled, backslashes before what they escape.
std::vector<std::string> Labels(std::string_view column_type) {
	std::vector<std::string> labels;
	for (size_t i = column_type.find('('); i < column_type.size(); ++i) {
		if (column_type[i] != '\'')
			continue;
		std::string &label = labels.emplace_back();
		for (++i; i < column_type.size(); ++i) {
			if (column_type[i] == '\'' && column_type.substr(i + 1, 1) != "'")
				break;
			const bool escape = column_type[i] == '\\';
			i += (escape || column_type[i] == '\'') && i + 1 < column_type.size() ? 1 : 0;
			label += escape ? Unescaped(column_type[i]) : column_type[i];
		}
	}
	return labels;
}

std::string PlainNumber(std::string_view text) {
	const bool negative = StartsWith(text, "-");
	text.remove_prefix(negative || StartsWith(text, "+") ? 1 : 0);
	const size_t point = std::min(text.find('.'), text.size());
	std::string whole(text.substr(0, point)), fraction(text.substr(std::min(point + 1, text.size())));
	whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
	while (!fraction.empty() && fraction.back() == '0')
		fraction.pop_back();
	if (whole.empty() && fraction.empty())
		return "0";
	return std::string(negative ? "-" : "") + (whole.empty() ? "0" : whole) + (fraction.empty() ? "" : "." + fraction);
}

AuditResult CompareComments(const Table &table) {
	AuditResult result = {"comments", 0, {}};
	const auto compare = [&](const std::string &object, const std::string &source, const std::string &target) {
		result.compared += source.empty() && target.empty() ? 0 : 1;
		if (source != target)
			result.differences.push_back({object, source, target, source.empty()});
	};
	compare("table", table.source.comment, table.target.comment);
	for (const AuditColumnPair &column : table.pair.columns) {
		const AuditSourceColumn *source = table.SourceColumn(column.source);
		const AuditTargetColumn *target = table.TargetColumn(column.target);
		if (source != nullptr && target != nullptr)
			compare("column " + column.target, source->comment, target->comment);
	}
	return result;
}

namespace {

// Both ways in which PL/pgSQL may spell the column: as it is, and in quotes.
std::vector<std::string> Spellings(const std::string &column) {
	std::string quoted = "\"";
	for (const char c : column)
		quoted += c == '"' ? "\"\"" : std::string(1, c);
	return {column, quoted + "\""};
}

bool Assigns(const std::string &body, const std::string &column) {
	const std::vector<std::string> names = Spellings(column);
	return std::any_of(names.begin(), names.end(),
					   [&](const std::string &name) { return Contains(body, "new." + name + " :="); });
}

// For a row of which another value changes, and where this one stays.
bool IsOfAnyChange(const AuditTrigger &trigger, const std::string &column) {
	const std::string &made = trigger.definition;
	const std::vector<std::string> names = Spellings(column);
	return Contains(made, " BEFORE UPDATE ON ") && (Contains(made, " *<> ") || Contains(made, "pg_catalog.*<>")) &&
		   (Contains(made, "old.* ") || Contains(made, "ROW(")) &&
		   std::any_of(names.begin(), names.end(), [&](const std::string &name) {
			   return Contains(trigger.body, "IF new." + name + " IS NOT DISTINCT FROM old." + name + " THEN");
		   });
}

// Digits are cut off, and all six need nothing for it.
bool HasDigits(const AuditTrigger &trigger, uint64_t digits) {
	static constexpr const char *kSteps[] = {"'1 second'",		"'100 milliseconds'", "'10 milliseconds'",
											 "'1 millisecond'", "'100 microseconds'", "'10 microseconds'"};
	const bool cuts = Contains(trigger.body, "date_bin(") || Contains(trigger.body, "date_trunc(");
	return digits > 5 ? !cuts : Contains(trigger.body, std::string("date_bin(") + kSteps[digits] + ",");
}

// A DATETIME is the wall time of whoever changes the row.
bool IsInUtc(const AuditTrigger &trigger, const AuditSourceColumn &source) {
	return source.kind == "datetime" && Contains(trigger.body, "AT TIME ZONE 'UTC'");
}

// What is otherwise with the trigger of a column; empty: nothing.
std::string OtherTrigger(const AuditTrigger &trigger, const AuditSourceColumn &source, const AuditColumnPair &pair) {
	if (!IsOfAnyChange(trigger, pair.target))
		return "a trigger of other changes: " + trigger.definition + ": " + trigger.body;
	if (!pair.changed_by_rule && pair.type_by_rule.empty() && IsInUtc(trigger, source))
		return "a trigger that writes the time in UTC: " + trigger.body;
	return HasDigits(trigger, source.fraction) ? "" : "a trigger of other digits: " + trigger.body;
}

} // namespace

AuditResult CompareOnUpdate(const Table &table) {
	AuditResult result = {"on update", 0, {}};
	for (const AuditColumnPair &column : table.pair.columns) {
		const AuditSourceColumn *source = table.SourceColumn(column.source);
		if (source == nullptr)
			continue;
		const auto &triggers = table.target.on_update;
		const auto made = std::find_if(triggers.begin(), triggers.end(), [&](const AuditTrigger &trigger) {
			return Assigns(trigger.body, column.target);
		});
		const bool is_made = made != triggers.end();
		const bool noted = table.Note("on update", column.source) != nullptr;
		result.compared += source->on_update ? 1 : 0;
		const std::string clause = source->on_update ? "ON UPDATE CURRENT_TIMESTAMP" : "none";
		if (is_made != source->on_update && !noted)
			result.differences.push_back({"column " + column.target, clause,
										  is_made ? "a trigger BEFORE UPDATE" : "no trigger BEFORE UPDATE", is_made});
		else if (is_made && source->on_update)
			if (const std::string other = OtherTrigger(*made, *source, column); !other.empty())
				result.differences.push_back({"column " + column.target, clause, other});
	}
	return result;
}

} // namespace audit

const AuditPair *AuditPairs::OfSource(const std::string &table) const {
	for (const AuditPair &pair : tables)
		if (pair.source == table)
			return &pair;
	return nullptr;
}

std::vector<AuditResult> AuditTable(const AuditSourceSchema &schema, const AuditSource &source,
									const AuditTarget &target, const AuditPair &pair, const AuditPairs &pairs) {
	const audit::Table table = {schema, source, target, pair, pairs};
	std::vector<AuditResult> results;
	for (const auto compare :
		 {audit::CompareColumns, audit::CompareDefaults, audit::CompareKeys, audit::CompareForeignKeys,
		  audit::CompareChecks, audit::CompareOnUpdate, audit::CompareComments, audit::ComparePartitions}) {
		AuditResult result = compare(table);
		if (result.compared > 0 || !result.differences.empty())
			results.push_back(std::move(result));
	}
	return results;
}

} // namespace alkconv::core
