// Regime: C++ (may throw, never calls Postgres)
//
// Writing MySQL's SQL: quoting and the SELECT lists of scans.
#pragma once

#include "core/catalog.hpp"
#include "mysql/key_ranges.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace alkconv::mysql {

// `name` in backticks, backticks doubled. Raises Error(invalid_option_value) for an empty name or one with a NUL.
std::string QuoteIdentifier(std::string_view name);
// 'text' for a session whose sql_mode lacks NO_BACKSLASH_ESCAPES, as ours does.
std::string QuoteLiteral(std::string_view text);
// `database`.`table`
std::string QualifiedTable(std::string_view database, std::string_view table);
// SELECT `a`, `b` FROM `d`.`t`; no columns gives SELECT 1 FROM ..., so that rows can still be counted.
std::string SelectStatement(std::string_view database, std::string_view table, const std::vector<std::string> &columns);

// The same with expressions (quoted columns among them) in place of columns, for the rows that satisfy `filter` (all where it is empty).
std::string SelectExpressions(std::string_view database, std::string_view table,
							  const std::vector<std::string> &expressions, const std::string &filter);

// SelectExpressions for each of the ranges of a key (key_ranges.hpp), in their order and sorted within; one statement without any.
std::vector<std::string> RangeStatements(std::string_view database, std::string_view table,
										 const std::vector<std::string> &expressions, const std::string &filter,
										 const KeyRanges &ranges);

} // namespace alkconv::mysql
