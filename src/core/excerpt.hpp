// Regime: C++ (may throw, never calls Postgres)
//
// Values in messages: short, printable, never cut inside a character.
#pragma once

#include "core/types.hpp"
#include "core/value.hpp"

#include <string>
#include <string_view>

namespace alkconv::core {

constexpr size_t kExcerptBytes = 80;

// Text as a message can show it: control characters and bytes that are no UTF-8 as \xNN, cut to `limit` bytes with "..."; the limit is at least 16.
std::string ExcerptOfText(std::string_view text, size_t limit);

// False for text with control characters or bytes that are no UTF-8.
bool IsPrintable(std::string_view text) noexcept;
// Copies text with \xNN for those, cut between characters to `capacity` bytes, of which the last is a NUL.
void CopyPrintable(char *to, size_t capacity, std::string_view text) noexcept;

// Excerpt (conversion.hpp) with another limit, which counts the "..." of a cut too; at least 16.
std::string ExcerptUpTo(const SourceType &source, const Cell &cell, size_t limit);

// Of text that comes from elsewhere; at most kExcerptBytes.
std::string ExcerptOfText(std::string_view text);

} // namespace alkconv::core
