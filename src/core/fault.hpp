// Regime: C++ (may throw, never calls Postgres)
//
// The words for values that were refused.
#pragma once

#include "core/conversion.hpp"

#include <string>

namespace alkconv::core {

// What is wrong, to be said after the value: "is not a uuid".
std::string FaultPredicate(Code code, const SourceType &source, const TargetType &target);

// The code's name as docs/types.md lists it.
const char *CodeName(Code code) noexcept;

} // namespace alkconv::core
