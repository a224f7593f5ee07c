// Regime: C++ (may throw, never calls Postgres)
//
// What the proof takes for the ends of a numeric target: written from Postgres' manual, chapter 8.1, for the proof
// alone. The converter has limits
// of its own (mend_fit.cpp), and a fault of either shows as a difference.
#pragma once

#include "core/types.hpp"

#include <string>

namespace alkconv::core::digest {

struct Limits {
	std::string lowest, highest; // as SQL spells decimals
};

// The lowest and the highest number of the target's type that has no more digits after the point than the source's.
// Raises Error(internal) for a
// type without such: the plan has refused it.
Limits LimitsOf(const SourceType &source, const TargetType &target);

} // namespace alkconv::core::digest
