// Regime: C++ (may throw, never calls Postgres)
//
// Text that is really bytes: each code point from U+0000 to U+00FF stands for one byte (what Node's 'binary' encoding makes of a
// Buffer). Alkemio stores zlib streams that way.
#pragma once

#include "core/status.hpp"

#include <cstdint>
#include <string_view>

namespace alkconv::core {

// Writes one byte per code point at `out`, which has text.size() bytes, and sets `size`.
// invalid_encoding for what is not UTF-8, code_point_beyond_byte for a code point above U+00FF.
Code CodePointsToBytes(std::string_view text, char *out, uint64_t &size) noexcept;

constexpr uint64_t Base64Size(uint64_t bytes) { return (bytes + 2) / 3 * 4; }
// RFC 4648 with padding and without line breaks; writes Base64Size(bytes.size()) bytes.
void EncodeBase64(std::string_view bytes, char *out) noexcept;

} // namespace alkconv::core
