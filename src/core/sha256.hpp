// Regime: C++ (may throw, never calls Postgres)
//
// SHA-256 (FIPS 180-4), for what both servers' SQL and this library have to compute alike.
#pragma once

#include <string>
#include <string_view>

namespace alkconv::core {

// In lower-case hex digits.
std::string Sha256Hex(std::string_view bytes);

} // namespace alkconv::core
