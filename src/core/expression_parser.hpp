// Regime: C++ (may throw, never calls Postgres)
//
// Reads words into a tree.
#pragma once

#include "core/expression_lexer.hpp"
#include "core/expression_tree.hpp"

#include <vector>

namespace alkconv::core::expression {

// Throws Refusal for what is no expression of the known syntax, and for trees deeper than kMaxDepth.
NodePtr Parse(std::vector<Token> tokens);

} // namespace alkconv::core::expression
