// Regime: C++ (may throw, never calls Postgres)
//
// Keys as literals of the source's SQL. Each is compared with the column as the column itself compares, so a unique key finds one row.
#include "core/rejects.hpp"

#include "core/conversion_table.hpp"
#include "core/digest_mysql.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <set>

namespace alkconv::core {

namespace {

using digest::mysql::BinaryLiteral;
using digest::mysql::Identifier;

// Of these every text that is read comes back to the same bytes; others (cp932) have two spellings of one character.
bool IsReversible(const std::string &charset) {
	static constexpr const char *kCharsets[] = {"",		  "utf8mb4", "utf8mb3", "utf8",	  "utf16",	"utf16le", "utf32",
												"ucs2",	  "ascii",	 "latin1",	"latin2", "latin5", "latin7",  "cp1250",
												"cp1251", "cp1256",	 "cp1257",	"koi8r",  "greek",	"hebrew"};
	return std::find(std::begin(kCharsets), std::end(kCharsets), charset) != std::end(kCharsets);
}

bool NamesRow(const ColumnPlan &column) {
	if (!IsReversible(column.source_type.charset))
		return false;
	switch (FamilyOf(column.source_type.kind)) {
	case Family::float_:
	case Family::double_:
	case Family::json:
	case Family::opaque:
	case Family::unknown: return false;
	default: return column.source_sql.empty();
	}
}

std::string Shown(const std::string &text) {
	SourceType type;
	type.kind = MySqlKind::text;
	Cell cell{};
	cell.kind = CellKind::bytes;
	cell.bytes = {text.data(), text.size()};
	return Excerpt(type, cell);
}

// The text, if it is made of these characters.
std::string Only(const char *characters, const ColumnPlan &column, const std::string &text) {
	if (text.empty() || text.find_first_not_of(characters) != std::string::npos)
		throw Error(Code::invalid_text, "\"" + Shown(text) + "\" is no key: column \"" + column.source_name +
											"\" has type " + column.source_type.text)
			.Hint("Correct column key of alkconv.reject: the texts of the key's columns, binary ones as \\x and hex "
				  "digits.")
			.At("reject", "key");
	return text;
}

std::string HexLiteral(const ColumnPlan &column, const std::string &text) {
	const bool marked = text.compare(0, 2, "\\x") == 0 && text.size() % 2 == 0;
	return "X'" + (text == "\\x" ? "" : Only("0123456789abcdefABCDEF", column, marked ? text.substr(2) : "")) + "'";
}

// A TIMESTAMP is shown with the zone, which is the session's.
std::string WithoutZone(const std::string &text) {
	const size_t zone = text.rfind("+00");
	return zone != std::string::npos && zone + 3 == text.size() ? text.substr(0, zone) : text;
}

// In the column's charset: in lists of rows MariaDB does not convert every one.
std::string TextLiteral(const SourceType &type, const std::string &text) {
	const std::string literal = "_utf8mb4 " + BinaryLiteral(text);
	return type.charset.empty() || type.charset == "utf8mb4"
			   ? literal
			   : "CONVERT(" + literal + " USING " + type.charset + ") COLLATE " + type.collation;
}

std::string KeyLiteral(const ColumnPlan &column, const std::string &text) {
	switch (FamilyOf(column.source_type.kind)) {
	case Family::integer:
	case Family::decimal:
	case Family::year: return Only("0123456789.-", column, text);
	case Family::bit: return "b'" + Only("01", column, text) + "'+0";
	case Family::date:
	case Family::datetime:
	case Family::timestamp:
	case Family::time: return "'" + Only("0123456789.:- ", column, WithoutZone(text)) + "'";
	case Family::binary: return HexLiteral(column, text);
	default: return TextLiteral(column.source_type, text);
	}
}

// The column's value as CanonicalText spells it.
std::string KeyText(const ColumnPlan &column, const std::string &name) {
	std::string value = name + "." + Identifier(column.source_name);
	switch (FamilyOf(column.source_type.kind)) {
	case Family::bit: return "LPAD(BIN(" + value + "+0)," + std::to_string(column.source_type.length) + ",'0')";
	case Family::timestamp: return "CONCAT(" + value + ",'+00')";
	case Family::binary: return "CONCAT('\\\\x',LOWER(HEX(" + value + ")))";
	default: return value;
	}
}

std::string Listed(const std::vector<std::string> &parts) {
	std::string list;
	for (const std::string &part : parts)
		list += (list.empty() ? "" : ",") + part;
	return parts.size() == 1 ? list : "(" + list + ")";
}

std::string TableName(const std::string &database, const TablePlan &table) {
	return Identifier(database) + "." + Identifier(table.source_name);
}

std::string KeyColumns(const TablePlan &table, const std::string &name) {
	std::string list;
	for (const size_t position : table.key)
		list += (list.empty() ? "" : ",") + KeyText(table.columns[position], name);
	return list;
}

std::string Both(const std::string &left, const std::string &right) {
	return left.empty() || right.empty() ? left + right : left + " AND " + right;
}

// What is read for the column: itself, or what rules about foreign keys make of it.
std::string SourceValue(const ColumnPlan &column, const std::string &name) {
	return column.source_sql.empty() ? name + "." + Identifier(column.source_name) : column.source_sql;
}

} // namespace

bool NamesRows(const TablePlan &table) {
	return !table.key.empty() && std::all_of(table.key.begin(), table.key.end(),
											 [&](size_t position) { return NamesRow(table.columns[position]); });
}

bool IsStorable(const std::vector<std::string> &key) noexcept {
	return std::all_of(key.begin(), key.end(), [](const std::string &text) { return ScanText(text).code == Code::ok; });
}

std::string RowsCondition(const TablePlan &table, const std::string &name, const RejectedKeys &keys) {
	std::vector<std::string> names;
	for (const size_t position : table.key)
		names.push_back(name + "." + Identifier(table.columns[position].source_name));
	std::string rows;
	for (const std::vector<std::string> &key : keys) {
		if (key.size() != table.key.size())
			throw Error(Code::invalid_text, "a key of " + std::to_string(key.size()) + " values is none of table \"" +
												table.source_name + "\": its key has " +
												std::to_string(table.key.size()))
				.Hint("Correct column key of alkconv.reject.")
				.At("reject", "key");
		std::vector<std::string> literals;
		for (size_t i = 0; i < key.size(); ++i)
			literals.push_back(KeyLiteral(table.columns[table.key[i]], key[i]));
		rows += (rows.empty() ? "" : ",") + Listed(literals);
	}
	return Listed(names) + " IN (" + rows + ")";
}

TablePlan WithoutRows(const TablePlan &table, const std::string &database, const RejectedKeys &keys) {
	TablePlan plan = table;
	plan.source_filter =
		Both(table.source_filter, "NOT (" + RowsCondition(table, TableName(database, table), keys) + ")");
	return plan;
}

TablePlan OnlyRows(const TablePlan &table, const std::string &database, const RejectedKeys &keys) {
	TablePlan plan = table;
	plan.source_filter = Both(table.source_filter, RowsCondition(table, TableName(database, table), keys));
	return plan;
}

std::string KeysQuery(const TablePlan &table, const std::string &database) {
	const std::string name = TableName(database, table);
	return "SELECT " + KeyColumns(table, name) + " FROM " + name +
		   (table.source_filter.empty() ? "" : " WHERE " + table.source_filter);
}

std::string RowCountQuery(const TablePlan &table, const std::string &database) {
	return "SELECT COUNT(*) FROM " + TableName(database, table) +
		   (table.source_filter.empty() ? "" : " WHERE " + table.source_filter);
}

std::string FirstMissing(const RejectedKeys &keys, const TextRows &found) {
	std::set<std::vector<std::string>> there;
	for (const std::vector<std::optional<std::string>> &row : found) {
		std::vector<std::string> key;
		for (const std::optional<std::string> &text : row)
			key.push_back(text.value_or(""));
		there.insert(std::move(key));
	}
	const auto missing = std::find_if(keys.begin(), keys.end(), [&](const auto &key) { return there.count(key) == 0; });
	std::string texts;
	if (missing != keys.end())
		for (const std::string &text : *missing)
			texts += (texts.empty() ? "" : ", ") + text;
	return texts;
}

std::string ReferringKeysQuery(const Plan &plan, const std::string &database, const RowReference &reference,
							   const RejectedKeys &child_keys, const RejectedKeys &parent_keys) {
	const TablePlan &child = plan.tables[reference.child], &parent = plan.tables[reference.parent];
	const std::string name = TableName(database, child), parent_name = "alkconv_r";
	std::string refers = RowsCondition(parent, parent_name, parent_keys);
	for (const auto &[from, to] : reference.columns)
		refers += " AND " + parent_name + "." + Identifier(parent.columns[to].source_name) + "=" +
				  SourceValue(child.columns[from], name);
	std::string condition = child.source_filter;
	if (!child_keys.empty())
		condition = Both(condition, "NOT (" + RowsCondition(child, name, child_keys) + ")");
	condition = Both(condition, "EXISTS (SELECT 1 FROM " + TableName(database, parent) + " AS " + parent_name +
									" WHERE " + refers + ")");
	std::string order;
	for (size_t i = 1; i <= child.key.size(); ++i)
		order += (order.empty() ? "" : ",") + std::to_string(i);
	return "SELECT " + KeyColumns(child, name) + " FROM " + name + " WHERE " + condition + " ORDER BY " + order;
}

} // namespace alkconv::core
