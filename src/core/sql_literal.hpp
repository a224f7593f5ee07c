// Regime: C++ (may throw, never calls Postgres)
//
// Text as a literal of Postgres' SQL that people read: in DDL, in rules, in translated expressions.
#pragma once

#include <string>
#include <string_view>

namespace alkconv::core {

// 'text'; E'text' where it holds a backslash or a line feed, so that a statement stays one line under every standard_conforming_strings.
std::string SqlLiteral(std::string_view text);

} // namespace alkconv::core
