// Regime: C++ (may throw, never calls Postgres)
//
// The text form of uuids, as Postgres reads and writes it.
#pragma once

#include <cstdint>
#include <string_view>

namespace alkconv::core {

constexpr size_t kUuidBytes = 16;
constexpr size_t kUuidTextBytes = 36;

// Reads every spelling that Postgres' uuid_in (uuid.c) takes: hex digits of either case, optional braces, a hyphen allowed after
// every fourth digit. `out` has kUuidBytes. False for anything else.
bool ParseUuid(std::string_view text, char *out) noexcept;

// Writes kUuidTextBytes of lower-case 8-4-4-4-12 text.
void FormatUuid(const char *bytes, char *out) noexcept;

} // namespace alkconv::core
