// Regime: C++ (may throw, never calls Postgres)
//
// Expressions: whatever stands in the catalog gives SQL or a refusal, and the SQL is one expression: its quotes and parentheses
// are closed, and nothing outside quotes ends the statement or begins a comment.
#include "core/expression.hpp"
#include "fuzz.hpp"

#include <cstring>
#include <string>

using namespace alkconv::core;

static ExpressionScope MakeScope(bool mariadb) {
	ExpressionScope scope;
	scope.mariadb = mariadb;
	const auto add = [&](const char *name, const char *type, const char *collation, const char *target) {
		scope.columns.push_back(
			{name, name, target, ParseSourceType(type, *collation ? "utf8mb4" : "", collation), ""});
	};
	add("i", "int", "", "integer");
	add("u", "bigint unsigned", "", "numeric(20,0)");
	add("d", "decimal(10,2)", "", "numeric(10,2)");
	add("f", "double", "", "double precision");
	add("s", "varchar(50)", "utf8mb4_bin", "character varying(50)");
	add("e", "enum('a','b')", "utf8mb4_0900_ai_ci", "text");
	add("t", "datetime(3)", "", "timestamp(3) without time zone");
	add("j", "json", "", "jsonb");
	return scope;
}

// The end of what is quoted from `at` on.
static size_t EndOfQuote(const std::string &sql, size_t at, bool escapes) {
	const char quote = sql[at];
	for (++at; at < sql.size(); ++at) {
		if (escapes && sql[at] == '\\')
			++at;
		else if (sql[at] == quote && (at + 1 == sql.size() || sql[at + 1] != quote))
			return at;
		else if (sql[at] == quote)
			++at;
	}
	std::abort();
}

static void CheckSql(const std::string &sql) {
	size_t open = 0;
	for (size_t at = 0; at < sql.size(); ++at) {
		const char c = sql[at];
		if (c == '\'' || c == '"') {
			at = EndOfQuote(sql, at, c == '\'' && at > 0 && sql[at - 1] == 'E');
			continue;
		}
		Require(c != ';' && c != '\\' && c != '$' && static_cast<unsigned char>(c) < 0x80 && c != '\0');
		Require(!(c == '-' && sql.compare(at, 2, "--") == 0) && !(c == '/' && sql.compare(at, 2, "/*") == 0));
		Require(c != ')' || open > 0);
		open += c == '(' ? 1 : 0;
		open -= c == ')' ? 1 : 0;
	}
	Require(open == 0);
}

static void Check(const Translation &translation, bool may_be_empty) {
	Require(translation.sql.empty() || translation.refusal.empty());
	Require(may_be_empty || !translation.sql.empty() || !translation.refusal.empty());
	CheckSql(translation.sql);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	static const ExpressionScope scopes[] = {MakeScope(false), MakeScope(true)};
	if (size == 0)
		return 0;
	const bool mariadb = (data[0] & 1) != 0;
	const std::string text(reinterpret_cast<const char *>(data) + 1, size - 1);
	Check(TranslateExpression(text, scopes[mariadb]), false);
	Check(TranslateCondition(text, scopes[mariadb]), false);
	SourceColumn column;
	column.type = scopes[0].columns[(data[0] >> 1) % scopes[0].columns.size()].source_type;
	const std::string &target = scopes[0].columns[(data[0] >> 1) % scopes[0].columns.size()].target_type;
	column.generation_expression = text;
	Check(TranslateGenerated(column, target, scopes[mariadb]), false);
	column.default_text = text;
	column.default_is_expression = (data[0] & 0x80) != 0;
	Check(TranslateDefault(column, target, mariadb), true);
	return 0;
}
