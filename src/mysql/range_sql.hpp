// Regime: C++ (may throw, never calls Postgres)
//
// The SQL of ranges of a key. A bound is the values of the key's first columns, as they stand in the table, so that no
// comparison with it converts, rounds or truncates anything. Pure.
#pragma once

#include "core/types.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace alkconv::mysql {

struct KeyColumn {
	std::string name; // quoted
	core::SourceType type;
};

// Literals of the first columns of a key; the row it stands for is the first that is not before them. Empty: no bound.
using Bound = std::vector<std::string>;

// What a range can be cut by. Types whose literals are not exact (FLOAT), whose order is not that of their text (ENUM,
// SET, UUID) or that have few values (YEAR) are `none`.
enum class KeyClass : uint8_t { none, integer, decimal, date, datetime, text, binary };
KeyClass ClassOf(const core::SourceType &type) noexcept;

// A value of a column of class `none` or above as a literal of the column's own type and collation: `text` is the value
// as the server sends it, `hex` HEX() of it. Empty where there is no such literal: MySQL stores 31 February when
// ALLOW_INVALID_DATES is on and reads it nowhere else; older versions stored bytes that are no text.
std::string KeyLiteral(const core::SourceType &type, const std::string &text, const std::string &hex);
// A text of ours for comparison with a text column; characters that the column's charset lacks become something else.
std::string ConvertedLiteral(const core::SourceType &type, const std::string &utf8);

// Condition that holds for the rows from `lower` on and before `upper`. Spelt out by columns: the optimizer makes
// ranges of that, and none of (a, b) >= (1, 2). Empty for all rows.
std::string RangeCondition(const std::vector<KeyColumn> &columns, const Bound &lower, const Bound &upper);
// Expression that is 1 when bound `b` is behind bound `a`, as the server itself orders their values.
std::string AscendingExpression(const Bound &a, const Bound &b);

// Which of consecutive segments start a range, when segments of these weights (> 0) become about `wanted` ranges of
// about equal weight. Never the first.
std::vector<size_t> ChooseCuts(const std::vector<uint64_t> &weights, uint64_t wanted);

} // namespace alkconv::mysql
