// Regime: C++ (may throw, never calls Postgres)
//
// Hex digits both ways.
#pragma once

#include <array>
#include <cstdint>

namespace alkconv::core {

namespace detail {

constexpr std::array<int8_t, 256> MakeHexValues() {
	std::array<int8_t, 256> values{};
	for (auto &value : values)
		value = -1;
	for (int i = 0; i < 10; ++i)
		values['0' + i] = static_cast<int8_t>(i);
	for (int i = 0; i < 6; ++i)
		values['a' + i] = values['A' + i] = static_cast<int8_t>(10 + i);
	return values;
}

inline constexpr std::array<int8_t, 256> kHexValues = MakeHexValues();

} // namespace detail

// 0 to 15, or -1 for what is no hex digit.
inline int HexValue(char c) noexcept { return detail::kHexValues[static_cast<unsigned char>(c)]; }

// Two lower-case digits.
inline void PutHex(unsigned char byte, char *out) noexcept {
	constexpr char kDigits[] = "0123456789abcdef";
	out[0] = kDigits[byte >> 4];
	out[1] = kDigits[byte & 15];
}

} // namespace alkconv::core
