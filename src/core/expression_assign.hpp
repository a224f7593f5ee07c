// Regime: C++ (may throw, never calls Postgres)
//
// Putting a value into a column: what MySQL makes of it there, as the target's type holds it.
#pragma once

#include "core/expression_value.hpp"
#include "core/types.hpp"

#include <string>
#include <string_view>

namespace alkconv::core::expression {

// SQL that Postgres assigns to the target type without another cast. `mariadb`: the dialect, which decides what becomes of digits
// that the column has no room for. Throws Refusal.
std::string Assign(const Value &v, const SourceType &type, std::string_view target_type, bool mariadb);

} // namespace alkconv::core::expression
