// Regime: C++ (may throw, never calls Postgres)
//
// What the source's column makes of a value that an expression gives it, in the source's SQL: a SELECT shows the expression's own value
// only, and nothing is ever written.
#pragma once

#include "core/types.hpp"

#include <string>

namespace alkconv::core {

struct StoredValue {
	std::string sql;  // empty: it cannot be had by a SELECT
	std::string fits; // whether strict mode would store it; empty: always
};

// `expression` is in parentheses.
StoredValue AsStored(const std::string &expression, const SourceType &type);

} // namespace alkconv::core
