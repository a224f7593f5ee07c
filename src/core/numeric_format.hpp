// Regime: C++ (may throw, never calls Postgres)
//
// Postgres' numeric as it is stored.
#pragma once

#include <cstddef>
#include <string_view>

namespace alkconv::core {

// Bytes that WriteNumeric may need for a number of so many characters: header, then two bytes for four digits, which may lie across two
// groups more.
constexpr size_t NumericRoom(size_t characters) noexcept { return 8 + 2 * (characters / 4 + 2); }

// Writes the value, header included, that numeric_in makes of a number without blanks, and returns its size. 0 when the number is none, has
// an exponent beyond a million, or does not fit the format. Rules: set_var_from_str and make_result (numeric.c), the same in 15 to 18.
size_t WriteNumeric(std::string_view number, char *out) noexcept;

} // namespace alkconv::core
