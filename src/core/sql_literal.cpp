// Regime: C++ (may throw, never calls Postgres)
//
// The plain spelling where it can be, else that of the proof's SQL.
#include "core/sql_literal.hpp"

#include "core/digest_postgres.hpp"

namespace alkconv::core {

std::string SqlLiteral(std::string_view text) {
	if (text.find_first_of("\\\n") != std::string_view::npos)
		return digest::postgres::Literal(text);
	std::string literal = "'";
	for (const char c : text) {
		if (c == '\'')
			literal += c;
		literal += c;
	}
	return literal + '\'';
}

} // namespace alkconv::core
