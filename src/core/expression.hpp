// Regime: C++ (may throw, never calls Postgres)
//
// Translates expressions of MySQL and MariaDB, as information_schema spells them, into Postgres' SQL: defaults, generated
// columns, CHECKs and index parts. What Postgres would compute otherwise, for any value, is refused with the reason;
// docs/expressions.md lists what is translated and what is not.
#pragma once

#include "core/catalog.hpp"
#include "core/types.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alkconv::core {

struct ExpressionColumn {
	std::string source_name, target_name;
	std::string target_type; // format_type()'s spelling
	SourceType source_type;
	std::string unfit; // why no expression may use it, after its name; empty: it may
};

// An expression that uses another column than these is refused. Postgres lets a generated column use none that is generated.
struct ExpressionScope {
	bool mariadb = false;
	std::vector<ExpressionColumn> columns;
};

// Either SQL or the reason why there is none.
struct Translation {
	std::string sql;	 // over the target's columns, quoted; functions and types qualified
	std::string refusal; // empty, or a sentence part in lower case that names the construct
	// of TranslateIndexPart: what a text is compared under in the source, a collation or some words about it; empty for anything else
	std::string collation;
	// its value is another at other times: a clock's, or random
	bool moment = false;
	// of TranslateIndexPart: types of the two servers whose values it is among
	SourceType source_type;
	std::string target_type;

	bool known() const noexcept { return refusal.empty(); }
};

// The expression with the type that Postgres gives it: comparisons and conditions are booleans, integers are integers.
Translation TranslateExpression(std::string_view expression, const ExpressionScope &scope);

// A CHECK's condition as a boolean. Refuses what Postgres calls volatile.
Translation TranslateCondition(std::string_view expression, const ExpressionScope &scope);

// A key part of an index: refuses what is not immutable.
Translation TranslateIndexPart(std::string_view expression, const ExpressionScope &scope);

// The expression of a generated column, converted as MySQL converts it to the column's type and so that Postgres assigns it to
// the target's type without another cast. Refuses what is not immutable.
Translation TranslateGenerated(const SourceColumn &column, std::string_view target_type, const ExpressionScope &scope);

// The expression of a DEFAULT clause, cast to the target's type. Empty SQL and no refusal: the column has no default, or NULL.
Translation TranslateDefault(const SourceColumn &column, std::string_view target_type, bool mariadb);

// The default's characters, bytes or digits, where it is a literal that is known whole.
std::optional<std::string> LiteralDefault(const SourceColumn &column, bool mariadb);

// A literal default as an expression of the source. Precondition: there is one, and it is translated.
std::string LiteralDefaultInSource(const SourceColumn &column, bool mariadb);

} // namespace alkconv::core
