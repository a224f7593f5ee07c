// Regime: C++ (may throw, never calls Postgres)
//
// What a text type of Postgres demands of its bytes: valid UTF-8, no U+0000, at most 1 GB. One pass finds all of it and counts the
// characters.
#pragma once

#include "core/status.hpp"

#include <cstdint>
#include <string_view>

namespace alkconv::core {

// The longest payload of a Postgres value: MaxAllocSize (1 GB - 1) less the four bytes of the varlena header.
constexpr uint64_t kMaxPayload = 0x3fffffff - 4;

struct TextScan {
	Code code;			 // ok, invalid_encoding, nul_in_text or value_too_large
	uint64_t characters; // when ok
};

// Checks as Postgres' pg_utf8_verifystr does (RFC 3629: no surrogates, no overlong forms, nothing above U+10FFFF) and counts code
// points. The first fault in the order of the bytes is reported.
TextScan ScanText(std::string_view text) noexcept;

// Length in bytes of the UTF-8 sequence that starts `text`, or 0 when it does not start with a valid one.
size_t Utf8SequenceLength(std::string_view text) noexcept;

// True when JSON text holds the escape \u0000 (an even number of backslashes before it does not make one).
bool HasNulEscape(std::string_view json) noexcept;

} // namespace alkconv::core
