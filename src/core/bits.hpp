// Regime: C++ (may throw, never calls Postgres)
//
// BIT(n): the protocol sends (n + 7) / 8 bytes, big-endian, the value right-aligned (high bits of the first byte unused). Postgres
// stores bit strings left-aligned, unused low bits of the last byte zero.
#pragma once

#include "core/types.hpp"
#include "core/value.hpp"

#include <cstdint>

namespace alkconv::core {

constexpr uint64_t kMaxBits = 64;

// The bits as an unsigned number. False when the cell does not hold exactly the bits of the type.
bool BitsToNumber(const SourceType &source, const Cell &cell, uint64_t &number) noexcept;

// Writes the lowest `count` (1 to 64) bits of `number` left-aligned: (count + 7) / 8 bytes.
void PutLeftAlignedBits(uint64_t number, uint64_t count, char *out) noexcept;

} // namespace alkconv::core
