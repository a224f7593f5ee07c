// Regime: C++ (may throw, never calls Postgres)
//
// Words of an expression as information_schema spells it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace alkconv::core::expression {

enum class TokenKind : unsigned char {
	name,		// a word without quotes; text in lower case
	identifier, // `...`
	string,		// '...'; text without quotes and escapes
	number,
	bytes, // X'..', 0x..
	bits,  // b'..', 0b..
	symbol,
	end,
};

struct Token {
	TokenKind kind;
	std::string text;
	size_t begin = 0, end = 0; // where it stands
};

// Takes away what information_schema puts around the expression itself: MySQL's shows every ' and \ with a backslash, and the UTF-8 of
// what is not ASCII byte for byte as U+0080 to U+00FF. Text that is not so spelled stays as it is.
std::string PlainSpelling(std::string_view expression, bool mariadb);

// Always ends in a token `end`. Throws Refusal for what is no word, and for text that is not UTF-8.
std::vector<Token> Tokenize(std::string_view plain);

} // namespace alkconv::core::expression
