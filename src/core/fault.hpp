// Regime: C++ (may throw, never calls Postgres)
//
// The words for values that were refused.
#pragma once

#include "core/conversion.hpp"

#include <string>

namespace alkconv::core {

// What is wrong, to be said after the value: "is not a uuid".
std::string FaultPredicate(Code code, const SourceType &source, const TargetType &target);

// What to do about a pair of types between which there is no conversion.
std::string HintForPair(const SourceType &source);
// HintForFault for one value, of which more is known than the fault.
std::string HintForCell(Code code, const SourceType &source, const TargetType &target, const Cell &cell);
// For an enum's value that is none of its labels.
std::string HintForIndex0();

// The code's name as docs/types.md lists it; null for a number that is none. Complete: the compiler warns of a code that is missing.
const char *CodeName(Code code) noexcept;

} // namespace alkconv::core
