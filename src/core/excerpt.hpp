// Regime: C++ (may throw, never calls Postgres)
//
// Values in messages: short, printable, never cut inside a character.
#pragma once

#include "core/types.hpp"
#include "core/value.hpp"

#include <string>

namespace alkconv::core {

constexpr size_t kExcerptBytes = 80;

// Excerpt (conversion.hpp) with another limit, which counts the "..." of a cut too; at least 16.
std::string ExcerptUpTo(const SourceType &source, const Cell &cell, size_t limit);

} // namespace alkconv::core
