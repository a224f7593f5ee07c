// Regime: C++ (may throw, never calls Postgres)
//
// What the escapes of JSON strings stand for (RFC 8259, section 7).
#pragma once

#include <cstdint>

namespace alkconv::core {

// Writes the code point as UTF-8, at most four bytes, and returns where it ends.
inline char *PutUtf8(char *out, uint32_t point) noexcept {
	const auto continuation = [point](int shift) { return static_cast<char>(0x80 | (point >> shift & 0x3F)); };
	if (point < 0x80)
		*out++ = static_cast<char>(point);
	else if (point < 0x800) {
		*out++ = static_cast<char>(0xC0 | point >> 6);
		*out++ = continuation(0);
	} else if (point < 0x10000) {
		*out++ = static_cast<char>(0xE0 | point >> 12);
		*out++ = continuation(6);
		*out++ = continuation(0);
	} else {
		*out++ = static_cast<char>(0xF0 | point >> 18);
		*out++ = continuation(12);
		*out++ = continuation(6);
		*out++ = continuation(0);
	}
	return out;
}

// The character behind a backslash, but for u.
inline char Unescaped(char c) noexcept {
	switch (c) {
	case 'b': return '\b';
	case 'f': return '\f';
	case 'n': return '\n';
	case 'r': return '\r';
	case 't': return '\t';
	default: return c; // quote, backslash, slash
	}
}

// The two of a pair of surrogates, and the code point for which the pair stands.
constexpr bool IsHighSurrogate(uint32_t unit) noexcept { return unit >= 0xD800 && unit <= 0xDBFF; }
constexpr bool IsLowSurrogate(uint32_t unit) noexcept { return unit >= 0xDC00 && unit <= 0xDFFF; }
constexpr uint32_t OfSurrogates(uint32_t high, uint32_t low) noexcept {
	return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

} // namespace alkconv::core
