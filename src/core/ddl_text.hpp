// Regime: C++ (may throw, never calls Postgres)
//
// Statements as a person would write them.
#pragma once

#include <string>

namespace alkconv::core {

// Takes the quotes off names that mean the same without: as quote_identifier() of the server decides, by the keywords of all versions that
// we know, so that the spelling does not depend on the version. `sql` is of our own making: texts in '...' and E'...', names in "...".
std::string WithPlainNames(const std::string &sql);

// The expression within one pair of parentheses.
std::string InParentheses(const std::string &expression);

// The expression as DEFAULT takes it: within parentheses only where it must be.
std::string AsDefault(const std::string &expression);

} // namespace alkconv::core
