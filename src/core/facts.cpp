// Regime: C++ (may throw, never calls Postgres)
//
// Columns that foreign keys tie together share what is known of them.
#include "core/facts.hpp"

#include "core/key_groups.hpp"
#include "core/partition_bounds.hpp"

#include <limits>
#include <map>

namespace alkconv::core {

namespace {

constexpr FactKind kKinds[] = {FactKind::boolean, FactKind::bigint, FactKind::time_of_day, FactKind::uuid};

// The default that is a literal, or null; expressions are the servers' functions.
const std::string *LiteralDefault(const SourceColumn &column) {
	return column.default_text && !column.default_is_expression ? &*column.default_text : nullptr;
}

bool IsZeroOrOne(const std::string &text) {
	for (const char *one : {"0", "1", "'0'", "'1'", "b'0'", "b'1'"})
		if (text == one)
			return true;
	return false;
}

bool Fits(const SourceTable &table, const SourceColumn &column, FactKind kind) {
	const std::string *literal = LiteralDefault(column);
	switch (kind) {
	case FactKind::boolean:
		return !column.auto_increment && !IsPartitionColumn(table, column) &&
			   (literal == nullptr || IsZeroOrOne(*literal));
	case FactKind::bigint:
		return !HasBoundBeyondBigint(table, static_cast<size_t>(&column - table.columns.data())) &&
			   (!column.auto_increment ||
				table.auto_increment <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max()));
	case FactKind::time_of_day: return true;
	case FactKind::uuid: return !IsPartitionColumn(table, column) && literal == nullptr;
	}
	return false;
}

Evidence Together(Evidence a, Evidence b) noexcept {
	if (a == Evidence::not_all || b == Evidence::not_all)
		return Evidence::not_all;
	return a == Evidence::none ? b : a;
}

} // namespace

bool IsPartitionColumn(const SourceTable &table, const SourceColumn &column) {
	return table.partitioning.expression.find('`' + column.name + '`') != std::string::npos;
}

bool IsDeclaredBoolean(const SourceType &type) noexcept {
	return type.kind == MySqlKind::tinyint && type.display_width == 1 && !type.is_unsigned;
}

bool HasQuestion(const SourceTable &table, size_t column, FactKind &kind) {
	const SourceColumn &asked = table.columns[column];
	const SourceType &type = asked.type;
	if (IsDeclaredBoolean(type))
		kind = FactKind::boolean;
	else if (type.kind == MySqlKind::bigint && type.is_unsigned)
		kind = FactKind::bigint;
	else if (type.kind == MySqlKind::time)
		kind = FactKind::time_of_day;
	else if ((type.kind == MySqlKind::char_ && type.length == 36) ||
			 (type.kind == MySqlKind::binary && type.length == 16))
		kind = FactKind::uuid;
	else
		return false;
	return Fits(table, asked, kind);
}

Evidence &FactOf(ColumnFacts &facts, FactKind kind) noexcept {
	switch (kind) {
	case FactKind::boolean: return facts.boolean;
	case FactKind::bigint: return facts.bigint;
	case FactKind::time_of_day: return facts.time_of_day;
	case FactKind::uuid: break;
	}
	return facts.uuid;
}

void ShareFacts(SourceSchema &schema, const std::vector<FactAnswer> &answers, const std::vector<FactAnswer> &parents) {
	for (SourceTable &table : schema.tables)
		for (SourceColumn &column : table.columns)
			column.facts.asked = true;
	for (const FactAnswer &answer : answers)
		FactOf(schema.tables[answer.table].columns[answer.column].facts, answer.kind) = answer.evidence;
	for (const FactAnswer &parent : parents) {
		Evidence &fact = FactOf(schema.tables[parent.table].columns[parent.column].facts, parent.kind);
		fact = Together(fact, parent.evidence);
	}

	KeyGroups groups(schema, [](const SourceColumn &, const SourceColumn &) { return true; });
	for (const FactKind kind : kKinds) {
		std::map<size_t, Evidence> shared; // by group
		for (size_t t = 0; t < schema.tables.size(); t++)
			for (size_t c = 0; c < schema.tables[t].columns.size(); c++) {
				Evidence &group = shared.emplace(groups.Of(t, c), Evidence::none).first->second;
				group = Together(group, FactOf(schema.tables[t].columns[c].facts, kind));
			}
		for (size_t t = 0; t < schema.tables.size(); t++)
			for (size_t c = 0; c < schema.tables[t].columns.size(); c++)
				FactOf(schema.tables[t].columns[c].facts, kind) = shared[groups.Of(t, c)];
	}
}

} // namespace alkconv::core
