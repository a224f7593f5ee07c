// Regime: C++ (may throw, never calls Postgres)
//
// Small readers of SQL that this folder has written.
#include "core/ddl_text.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>

namespace alkconv::core {

namespace {

// Every keyword but the unreserved ones, of Postgres 15 to 18, sorted; a test asks the server for others.
constexpr std::string_view kKeywords[] = {
	"all",
	"analyse",
	"analyze",
	"and",
	"any",
	"array",
	"as",
	"asc",
	"asymmetric",
	"authorization",
	"between",
	"bigint",
	"binary",
	"bit",
	"boolean",
	"both",
	"case",
	"cast",
	"char",
	"character",
	"check",
	"coalesce",
	"collate",
	"collation",
	"column",
	"concurrently",
	"constraint",
	"create",
	"cross",
	"current_catalog",
	"current_date",
	"current_role",
	"current_schema",
	"current_time",
	"current_timestamp",
	"current_user",
	"dec",
	"decimal",
	"default",
	"deferrable",
	"desc",
	"distinct",
	"do",
	"else",
	"end",
	"except",
	"exists",
	"extract",
	"false",
	"fetch",
	"float",
	"for",
	"foreign",
	"freeze",
	"from",
	"full",
	"grant",
	"greatest",
	"group",
	"grouping",
	"having",
	"ilike",
	"in",
	"initially",
	"inner",
	"inout",
	"int",
	"integer",
	"intersect",
	"interval",
	"into",
	"is",
	"isnull",
	"join",
	"json",
	"json_array",
	"json_arrayagg",
	"json_exists",
	"json_object",
	"json_objectagg",
	"json_query",
	"json_scalar",
	"json_serialize",
	"json_table",
	"json_value",
	"lateral",
	"leading",
	"least",
	"left",
	"like",
	"limit",
	"localtime",
	"localtimestamp",
	"merge_action",
	"national",
	"natural",
	"nchar",
	"none",
	"normalize",
	"not",
	"notnull",
	"null",
	"nullif",
	"numeric",
	"offset",
	"on",
	"only",
	"or",
	"order",
	"out",
	"outer",
	"overlaps",
	"overlay",
	"placing",
	"position",
	"precision",
	"primary",
	"real",
	"references",
	"returning",
	"right",
	"row",
	"select",
	"session_user",
	"setof",
	"similar",
	"smallint",
	"some",
	"substring",
	"symmetric",
	"system_user",
	"table",
	"tablesample",
	"then",
	"time",
	"timestamp",
	"to",
	"trailing",
	"treat",
	"trim",
	"true",
	"union",
	"unique",
	"user",
	"using",
	"values",
	"varchar",
	"variadic",
	"verbose",
	"when",
	"where",
	"window",
	"with",
	"xmlattributes",
	"xmlconcat",
	"xmlelement",
	"xmlexists",
	"xmlforest",
	"xmlnamespaces",
	"xmlparse",
	"xmlpi",
	"xmlroot",
	"xmlserialize",
	"xmltable",
};

bool IsDigit(char c) noexcept { return c >= '0' && c <= '9'; }

bool IsNameStart(char c) noexcept { return (c >= 'a' && c <= 'z') || c == '_'; }

bool IsWord(char c) noexcept { return IsNameStart(c) || IsDigit(c) || c == '$' || (c >= 'A' && c <= 'Z'); }

bool IsPlainName(std::string_view name) noexcept {
	return !name.empty() && IsNameStart(name[0]) &&
		   std::all_of(name.begin(), name.end(), [](char c) { return IsNameStart(c) || IsDigit(c); }) &&
		   !std::binary_search(std::begin(kKeywords), std::end(kKeywords), name);
}

// The position after a quoted text or name that begins at `start`.
size_t EndOfQuoted(std::string_view sql, size_t start) noexcept {
	const char quote = sql[start];
	const bool escapes = quote == '\'' && start > 0 && sql[start - 1] == 'E' && (start == 1 || !IsWord(sql[start - 2]));
	for (size_t i = start + 1; i < sql.size(); ++i) {
		if (escapes && sql[i] == '\\')
			++i;
		else if (sql[i] == quote && (i + 1 == sql.size() || sql[i + 1] != quote))
			return i + 1;
		else if (sql[i] == quote)
			++i;
	}
	return sql.size();
}

// The position after the parenthesis that closes the one at `start`; the end when none does.
size_t EndOfParentheses(std::string_view sql, size_t start) noexcept {
	size_t depth = 0;
	for (size_t i = start; i < sql.size();) {
		if (sql[i] == '\'' || sql[i] == '"') {
			i = EndOfQuoted(sql, i);
			continue;
		}
		depth += sql[i] == '(' ? 1 : 0;
		if (sql[i++] == ')' && --depth == 0)
			return i;
	}
	return sql.size() + 1;
}

bool IsEnclosed(std::string_view sql) noexcept {
	return !sql.empty() && sql[0] == '(' && EndOfParentheses(sql, 0) == sql.size();
}

bool IsNumber(std::string_view sql) noexcept {
	const bool negative = !sql.empty() && sql[0] == '-';
	sql.remove_prefix(negative ? 1 : 0);
	return !sql.empty() && sql.find_first_not_of("0123456789.") == std::string_view::npos;
}

// "::" and the name of a type, qualified, with a modifier or in words.
bool IsCast(std::string_view sql) noexcept {
	if (sql.substr(0, 2) != "::")
		return sql.empty();
	for (size_t i = 2; i < sql.size();) {
		if (sql[i] == '"')
			i = EndOfQuoted(sql, i);
		else if (IsWord(sql[i]) || std::string_view(".,() []").find(sql[i]) != std::string_view::npos)
			++i;
		else
			return false;
	}
	return true;
}

bool IsLiteral(std::string_view sql) noexcept {
	const size_t start = !sql.empty() && (sql[0] == 'E' || sql[0] == 'B') ? 1 : 0;
	return sql.size() > start && sql[start] == '\'' && IsCast(sql.substr(EndOfQuoted(sql, start)));
}

// A function's name and one list of arguments, or a word alone.
bool IsCall(std::string_view sql) noexcept {
	size_t end = 0;
	while (end < sql.size() && (IsWord(sql[end]) || sql[end] == '.'))
		++end;
	return end > 0 && !IsDigit(sql[0]) &&
		   (end == sql.size() || (sql[end] == '(' && EndOfParentheses(sql, end) == sql.size()));
}

} // namespace

std::string WithPlainNames(const std::string &sql) {
	std::string plain;
	for (size_t i = 0; i < sql.size();) {
		if (sql[i] != '\'' && sql[i] != '"') {
			plain += sql[i++];
			continue;
		}
		const size_t end = EndOfQuoted(sql, i);
		const std::string_view quoted = std::string_view(sql).substr(i, end - i);
		const bool is_plain = sql[i] == '"' && quoted.size() > 2 && IsPlainName(quoted.substr(1, quoted.size() - 2));
		plain += is_plain ? quoted.substr(1, quoted.size() - 2) : quoted;
		i = end;
	}
	return plain;
}

std::string InParentheses(const std::string &expression) {
	return IsEnclosed(expression) ? expression : "(" + expression + ")";
}

std::string AsDefault(const std::string &expression) {
	if (IsEnclosed(expression) && IsNumber(std::string_view(expression).substr(1, expression.size() - 2)))
		return expression.substr(1, expression.size() - 2);
	return IsNumber(expression) || IsLiteral(expression) || IsCall(expression) ? expression : InParentheses(expression);
}

} // namespace alkconv::core
