// Regime: C++ (may throw, never calls Postgres)
//
// Decimal numbers as text: their shape, whether a numeric(p,s) holds them without rounding, and their values as integers and
// floating-point numbers where that is exact.
#pragma once

#include "core/status.hpp"

#include <cstdint>
#include <string_view>

namespace alkconv::core {

// Where the digits of a number stand. `high` and `low` are the exponents of ten of its first and last non-zero digit: 0 and -2
// for 1.05, 3 and 2 for 1200. Meaningless when zero. `scale` counts the digits written after the point, less the exponent, and is not
// negative: 2 for 1.50, 0.00 and 1500e-2.
struct DecimalShape {
	bool negative;
	bool zero;
	int32_t high;
	int32_t low;
	int32_t scale;
};

// Reads [+-]digits[.digits][e[+-]digits], nothing before or after it. False for anything else, and for exponents beyond a million.
bool ParseDecimal(std::string_view text, DecimalShape &shape) noexcept;

// ok, out_of_range (too many digits before the point) or inexact_number (non-zero digits that would be rounded away).
// `precision` -1 is a numeric without limits. `scale` may be negative or above the precision, as Postgres 15 and later allow.
Code CheckNumeric(const DecimalShape &shape, int32_t precision, int32_t scale) noexcept;

// A decimal without exponent in parts: unscaled / 10^digits_after. `scale` -1 asks for as many digits as the text has after the point; with a given
// one the decimal gets zeros or loses zeros. False when it is no such decimal, when other digits would be lost, or for more than 18 digits.
bool SplitDecimal(std::string_view text, int32_t scale, int64_t &unscaled, uint32_t &digits_after) noexcept;

// The value of a decimal (no exponent) as an integer: out_of_range, inexact_number for a fraction, invalid_text for no decimal.
Code DecimalToInteger(std::string_view text, int64_t minimum, int64_t maximum, int64_t &value) noexcept;

// The floating-point number that a decimal denotes, if that number denotes the decimal: either it is exactly equal, or the decimal
// is its shortest text, so that it survives the round trip. inexact_number otherwise, out_of_range for what overflows,
// invalid_text for no decimal.
Code DecimalToDouble(std::string_view text, double &value) noexcept;
Code DecimalToFloat(std::string_view text, float &value) noexcept;

} // namespace alkconv::core
