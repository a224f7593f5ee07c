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

std::string SelectStatement(std::string_view database, std::string_view table,
							const std::vector<std::string> &columns) {
	std::string list;
	for (const std::string &column : columns) {
		if (!list.empty())
			list += ", ";
		list += QuoteIdentifier(column);
	}
	return "SELECT " + (list.empty() ? std::string("1") : list) + " FROM " + QualifiedTable(database, table);
}

std::vector<std::string> RangeStatements(std::string_view database, std::string_view table,
										 const std::vector<std::string> &columns, const KeyRanges &ranges) {
	const std::string select = SelectStatement(database, table, columns);
	std::vector<std::string> statements;
	for (const std::string &condition : ranges.conditions)
		if (!condition.empty())
			statements.push_back(select + " FORCE INDEX (" + QuoteIdentifier(ranges.index) + ") WHERE " + condition +
								 " ORDER BY " + ranges.order);
	if (statements.empty())
		statements.push_back(select);
	return statements;
}

} // namespace alkconv::mysql
