// Regime: C++ (may throw, never calls Postgres)
//
// Translates expressions described on standard input, so that a test can evaluate them on real servers. Fields are separated
// by tabs and are hex, so that they may hold anything; the first is a word:
//
//   dialect    mysql|mariadb                                                    not in hex; forgets the columns
//   column     NAME TARGET COLUMN_TYPE CHARSET COLLATION TARGET_TYPE            all that follow are in hex
//   expression EXPRESSION
//   condition  EXPRESSION
//   generated  EXPRESSION COLUMN_TYPE CHARSET COLLATION TARGET_TYPE
//   default    DEFAULT IS_EXPRESSION COLUMN_TYPE CHARSET COLLATION TARGET_TYPE
//   queries    EXPRESSION COLUMN_TYPE CHARSET COLLATION TARGET_TYPE TARGET_SQL DATABASE TABLE
//
// Each of the four before the last gives a line: SQL, a tab and the refusal, both in hex. The last one gives the two queries by which
// a generated column of that expression in MySQL and of that SQL in Postgres would be proved over synthetic rows.
#include "core/default_type.hpp"
#include "core/expression_proof.hpp"
#include "core/hex.hpp"

#include <iostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace alkconv::core;

std::vector<std::string> Split(const std::string &line) {
	std::vector<std::string> fields(1);
	for (const char c : line)
		if (c == '\t')
			fields.emplace_back();
		else
			fields.back() += c;
	return fields;
}

std::string FromHex(const std::string &hex) {
	std::string text;
	for (size_t i = 0; i + 1 < hex.size(); i += 2)
		text += static_cast<char>(HexValue(hex[i]) << 4 | HexValue(hex[i + 1]));
	return text;
}

std::string ToHex(const std::string &text) {
	std::string hex;
	for (const char c : text) {
		char digits[2];
		PutHex(static_cast<unsigned char>(c), digits);
		hex.append(digits, 2);
	}
	return hex;
}

Translation Translate(const std::vector<std::string> &fields, const ExpressionScope &scope) {
	const std::string &word = fields[0];
	if (word == "expression")
		return TranslateExpression(fields.at(1), scope);
	if (word == "condition")
		return TranslateCondition(fields.at(1), scope);
	SourceColumn column;
	if (word == "generated") {
		column.generation_expression = fields.at(1);
		column.type = ParseSourceType(fields.at(2), fields.at(3), fields.at(4));
		return TranslateGenerated(column, fields.at(5), scope);
	}
	if (word != "default")
		throw std::runtime_error("unknown line " + word);
	column.default_text = fields.at(1);
	column.default_is_expression = fields.at(2) == "1";
	column.type = ParseSourceType(fields.at(3), fields.at(4), fields.at(5));
	return TranslateDefault(column, fields.at(6), scope.mariadb);
}

std::pair<std::string, std::string> Queries(const std::vector<std::string> &fields, const ExpressionScope &scope) {
	SourceSchema schema;
	schema.mariadb = scope.mariadb;
	schema.database = fields.at(7);
	schema.tables.emplace_back().name = fields.at(8);
	TranslatedExpression expression;
	expression.source = fields.at(1);
	expression.column.source_type = ParseSourceType(fields.at(2), fields.at(3), fields.at(4));
	expression.column.target_type = NamedTarget(fields.at(5));
	expression.target = fields.at(6);
	expression.scope = scope;
	const std::vector<ExpressionQuestion> questions{MakeQuestion(schema, expression)};
	const Probes probes = MakeProbes(questions).at(0);
	return {MysqlSampleQuery(questions, schema, probes), PostgresSampleQuery(questions, NoAnswers(questions), probes)};
}

} // namespace

int main() {
	try {
		ExpressionScope scope;
		for (std::string line; std::getline(std::cin, line);) {
			std::vector<std::string> fields = Split(line);
			if (fields[0] == "dialect") {
				scope = {fields.at(1) == "mariadb", {}};
				continue;
			}
			for (size_t i = 1; i < fields.size(); ++i)
				fields[i] = FromHex(fields[i]);
			if (fields[0] == "column") {
				scope.columns.push_back({fields.at(1), fields.at(2), fields.at(6),
										 ParseSourceType(fields.at(3), fields.at(4), fields.at(5))});
			} else if (fields[0] == "queries") {
				const auto [mysql, postgres] = Queries(fields, scope);
				std::cout << ToHex(mysql) << '\t' << ToHex(postgres) << '\n';
			} else {
				const Translation translation = Translate(fields, scope);
				std::cout << ToHex(translation.sql) << '\t' << ToHex(translation.refusal) << '\n';
			}
		}
	} catch (const std::exception &error) {
		std::cerr << "translate_expressions: " << error.what() << '\n';
		return 1;
	}
	return 0;
}
