// Regime: C++ (may throw, never calls Postgres)
//
// How long the entries of indexes can become, of pages of 8 kB.
#pragma once

#include "core/plan.hpp"

#include <cstdint>

namespace alkconv::core {

constexpr uint64_t kMaxBtreeEntry = 2704; // BTMaxItemSize
constexpr uint64_t kEntryHeader = 8;
// A tsvector ends at 1 MB of words and their positions; of so much text it may not be reached.
constexpr uint64_t kFewWords = 100000;

// Bytes of the longest value that the source's column can hold, or of as many characters or bytes of it (0: all), with its header.
uint64_t LongestEntryBytes(const ColumnPlan &column, uint32_t prefix) noexcept;

} // namespace alkconv::core
