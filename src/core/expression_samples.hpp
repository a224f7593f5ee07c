// Regime: C++ (may throw, never calls Postgres)
//
// Synthetic rows for an expression: what its columns could hold, whether or not a row of the table holds it. NULL, both sides of every
// literal that the expression names, the limits of the types, empty texts, blanks, letters in both cases. The same expression gives the same
// rows.
#pragma once

#include "core/expression.hpp"

#include <optional>
#include <string>
#include <vector>

namespace alkconv::core {

// A value as text, as the source's type writes it: digits, 'YYYY-MM-DD hh:mm:ss', characters, bytes, JSON. Nothing: NULL.
using Sample = std::optional<std::string>;

struct SampleRows {
	std::vector<ExpressionColumn> columns; // those that the expression names; none: it is a constant
	std::vector<std::vector<Sample>> rows; // at most kMostSampleRows; one empty row of a constant
};

constexpr size_t kMostSampleRows = 256;

// `plain` is spelled as PlainSpelling gives it; `length` is that of the column which gets the value, 0 for none. Precondition: the
// expression is translated in this scope.
SampleRows MakeSampleRows(const std::string &plain, const ExpressionScope &scope, uint64_t length);

// The columns of the scope that an expression names, each once. Precondition: as above.
std::vector<ExpressionColumn> NamedColumns(const std::string &plain, const ExpressionScope &scope);

// Whether the source compares values of the type by a collation, which only a column can hand on as its own.
bool HasCollation(const SourceType &type) noexcept;

// The value as an operand of either server's SQL, of the column's type; a text is a literal, without a collation.
std::string MysqlSample(const ExpressionColumn &column, const Sample &sample, bool mariadb);
std::string PostgresSample(const ExpressionColumn &column, const Sample &sample);

} // namespace alkconv::core
