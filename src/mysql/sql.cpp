// Regime: C++ (may throw, never calls Postgres)
//
// Writing MySQL's SQL.
#include "mysql/sql.hpp"

#include "core/status.hpp"

namespace alkconv::mysql {

std::string QuoteIdentifier(std::string_view name) {
	if (name.empty() || name.find('\0') != std::string_view::npos)
		throw core::Error(core::Code::invalid_option_value,
						  name.empty() ? "a MySQL name is empty" : "a MySQL name contains a NUL byte")
			.Hint("MySQL has no such name; check the options dbname, table_name and column_name.");
	std::string quoted = "`";
	for (const char c : name) {
		if (c == '`')
			quoted += '`';
		quoted += c;
	}
	quoted += '`';
	return quoted;
}

std::string QuoteLiteral(std::string_view text) {
	std::string quoted = "'";
	for (const char c : text) {
		if (c == '\0') {
			quoted += "\\0";
			continue;
		}
		if (c == '\'' || c == '\\')
			quoted += c;
		quoted += c;
	}
	quoted += '\'';
	return quoted;
}

std::string QualifiedTable(std::string_view database, std::string_view table) {
	return QuoteIdentifier(database) + '.' + QuoteIdentifier(table);
}

namespace {

std::string SelectList(std::string_view database, std::string_view table, const std::vector<std::string> &expressions) {
	std::string list;
	for (const std::string &expression : expressions)
		list += (list.empty() ? "" : ", ") + expression;
	return "SELECT " + (list.empty() ? std::string("1") : list) + " FROM " + QualifiedTable(database, table);
}

} // namespace

std::string SelectStatement(std::string_view database, std::string_view table,
							const std::vector<std::string> &columns) {
	std::vector<std::string> quoted;
	for (const std::string &column : columns)
		quoted.push_back(QuoteIdentifier(column));
	return SelectList(database, table, quoted);
}

std::string SelectExpressions(std::string_view database, std::string_view table,
							  const std::vector<std::string> &expressions, const std::string &filter) {
	return SelectList(database, table, expressions) + (filter.empty() ? "" : " WHERE " + filter);
}

std::vector<std::string> RangeStatements(std::string_view database, std::string_view table,
										 const std::vector<std::string> &expressions, const std::string &filter,
										 const KeyRanges &ranges) {
	const std::string select = SelectList(database, table, expressions);
	std::vector<std::string> statements;
	for (const std::string &condition : ranges.conditions)
		if (!condition.empty())
			statements.push_back(select + " FORCE INDEX (" + QuoteIdentifier(ranges.index) + ") WHERE " +
								 (filter.empty() ? condition : "(" + condition + ") AND " + filter) + " ORDER BY " +
								 ranges.order);
	if (statements.empty())
		statements.push_back(SelectExpressions(database, table, expressions, filter));
	return statements;
}

} // namespace alkconv::mysql
