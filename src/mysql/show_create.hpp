// Regime: C++ (may throw, never calls Postgres)
//
// SHOW CREATE TABLE, read by the lexer of expressions: what information_schema shows less than whole, or not to everybody. Words in comments,
// names and literals are not taken for the statement's own.
#pragma once

#include "core/expression_lexer.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alkconv::mysql {

class CreateStatement {
public:
	// A text that cannot be read has no definitions.
	explicit CreateStatement(std::string text);

	// The expression of a generated column, as the server spells it.
	std::optional<std::string> GenerationExpression(std::string_view column) const;
	// A DEFAULT that is no single literal.
	std::optional<std::string> DefaultExpression(std::string_view column) const;
	// A DEFAULT that is one quoted or hexadecimal literal.
	std::optional<core::expression::Token> DefaultLiteral(std::string_view column) const;
	// The condition of a CHECK, of the table's own or of the column that it is named after.
	std::optional<std::string> Check(std::string_view name) const;
	// MariaDB: the key compares a period of time.
	bool IsWithoutOverlaps(std::string_view key) const;

	struct Actions {
		std::string on_update, on_delete; // empty where the statement names none
	};
	std::optional<Actions> ForeignKeyActions(std::string_view name) const;

private:
	// One definition between commas: its words, none of those in parentheses left out.
	struct Item {
		size_t begin = 0, end = 0; // positions in tokens_
	};
	std::string text_;
	std::vector<core::expression::Token> tokens_;
	std::vector<Item> items_;

	void FindItems();
	bool Is(size_t token, std::string_view word) const;
	bool IsSymbol(size_t token, char symbol) const;
	bool IsIdentifier(size_t token, std::string_view name) const;
	size_t Closing(size_t open, size_t end) const;
	size_t Find(const Item &item, std::string_view word) const;
	const Item *Column(std::string_view name) const;
	const Item *Constraint(std::string_view name) const;
	std::string Text(size_t begin, size_t end) const;
	std::optional<std::string> InParentheses(size_t open, size_t end) const;
	std::string Action(const Item &item, std::string_view event) const;
};

} // namespace alkconv::mysql
