// Regime: C++ (may throw, never calls Postgres)
//
// MySQL's catalog shows one "?" for a character beyond utf8mb3, MariaDB's in expressions one for each of its bytes.
#include "mysql/lossy_rows.hpp"

#include "core/conversion_table.hpp"
#include "core/hex.hpp"
#include "core/literal_default.hpp"
#include "mysql/sql.hpp"

#include <algorithm>

namespace alkconv::mysql {

namespace {

using core::Family;
using core::SourceColumn;
using core::SourceTable;

bool Contains(const std::string &text, std::string_view part) { return text.find(part) != std::string::npos; }

// An expression in which the catalog shows a character as question marks.
bool IsGarbled(const std::string &expression) { return Contains(expression, "????"); }

bool HasGarbledExpression(const SourceTable &table) {
	return std::any_of(table.columns.begin(), table.columns.end(),
					   [](const SourceColumn &column) {
						   return IsGarbled(column.generation_expression) ||
								  (column.default_is_expression && IsGarbled(column.default_text.value_or("")));
					   }) ||
		   std::any_of(table.checks.begin(), table.checks.end(),
					   [](const core::SourceCheck &check) { return IsGarbled(check.clause); });
}

// A period is two columns of one type of dates that are NOT NULL; its key ends in both.
bool MayHaveAPeriod(const SourceTable &table, const core::SourceKey &key) {
	const size_t parts = key.parts.size();
	if (!key.unique || parts < 3 || !key.parts[parts - 1].column || !key.parts[parts - 2].column)
		return false;
	const SourceColumn &start = table.columns[*key.parts[parts - 1].column];
	const SourceColumn &end = table.columns[*key.parts[parts - 2].column];
	const Family family = core::FamilyOf(start.type.kind);
	return start.type.kind == end.type.kind && !start.nullable && !end.nullable &&
		   (family == Family::date || family == Family::datetime || family == Family::timestamp);
}

std::string Unhex(std::string_view digits) {
	std::string bytes;
	for (size_t i = 0; i + 1 < digits.size(); i += 2)
		bytes += static_cast<char>(core::HexValue(digits[i]) << 4 | core::HexValue(digits[i + 1]));
	return bytes;
}

std::string ValueOf(const SourceColumn &column) {
	const std::string value = "DEFAULT(t." + QuoteIdentifier(column.name) + ")";
	switch (core::FamilyOf(column.type.kind)) {
	case Family::binary: return "HEX(" + value + ")";
	// a sum with a number of no declared digits has all of its digits
	case Family::float_:
	case Family::double_: return "HEX(CONVERT(" + value + " + 0e0 USING utf8mb4))";
	default: return "HEX(CONVERT(" + value + " USING utf8mb4))";
	}
}

// SHOW CREATE TABLE of MySQL spells what is no utf8mb3, and bytes that are no text, as 0x...
void ApplyLiteral(SourceColumn &column, const core::expression::Token &literal) {
	const bool bytes = literal.kind == core::expression::TokenKind::bytes;
	const Family family = core::FamilyOf(column.type.kind);
	if (family == Family::binary || family == Family::timestamp || (bytes && column.type.charset == "utf8mb4"))
		column.default_value = literal.text;
}

} // namespace

std::vector<size_t> DoubtfulDefaults(const SourceTable &table, bool mariadb) {
	std::vector<size_t> columns;
	for (size_t c = 0; c < table.columns.size(); ++c)
		if (core::DoubtAboutDefault(table.columns[c], mariadb) != nullptr)
			columns.push_back(c);
	return columns;
}

// Of a table without rows one row of NULLs is made, for which DEFAULT() answers only where the column can be NULL.
std::string DefaultsQuery(std::string_view database, const SourceTable &table, const std::vector<size_t> &columns) {
	std::string list;
	for (const size_t c : columns)
		list += (list.empty() ? "" : ", ") + ValueOf(table.columns[c]);
	return "SELECT " + list + " FROM (SELECT 1 AS one) AS o LEFT JOIN " + QualifiedTable(database, table.name) +
		   " AS t ON TRUE LIMIT 1";
}

void ApplyDefaults(SourceTable &table, const std::vector<size_t> &columns, const TextResult &answer) {
	for (size_t i = 0; i < columns.size(); ++i)
		if (const std::optional<std::string> &digits = answer.Get(0, i))
			table.columns[columns[i]].default_value = Unhex(*digits);
}

bool NeedsCreateStatement(const SourceTable &table, bool mariadb) {
	if (!mariadb)
		return !DoubtfulDefaults(table, mariadb).empty();
	return HasGarbledExpression(table) ||
		   std::any_of(table.keys.begin(), table.keys.end(),
					   [&](const core::SourceKey &key) { return MayHaveAPeriod(table, key); });
}

void ApplyCreateStatement(SourceTable &table, const CreateStatement &statement, bool mariadb) {
	if (!mariadb) {
		for (const size_t c : DoubtfulDefaults(table, mariadb))
			if (const auto literal = statement.DefaultLiteral(table.columns[c].name))
				ApplyLiteral(table.columns[c], *literal);
		return;
	}
	for (SourceColumn &column : table.columns) {
		if (IsGarbled(column.generation_expression))
			column.generation_expression =
				statement.GenerationExpression(column.name).value_or(column.generation_expression);
		if (column.default_is_expression && column.default_text && IsGarbled(*column.default_text))
			column.default_text = statement.DefaultExpression(column.name).value_or(*column.default_text);
	}
	for (core::SourceCheck &check : table.checks)
		if (IsGarbled(check.clause))
			check.clause = statement.Check(check.name).value_or(check.clause);
	for (core::SourceKey &key : table.keys)
		key.without_overlaps = statement.IsWithoutOverlaps(key.name);
}

} // namespace alkconv::mysql
