// Regime: C++ (may throw, never calls Postgres)
//
// The ordinary spelling (36 characters, hyphens in their places) is read eight digits at a time in one machine word.
#include "core/uuid.hpp"

#include "core/hex.hpp"

#include <cstring>

namespace alkconv::core {

namespace {

// Offsets of the digit pairs in 8-4-4-4-12.
constexpr uint8_t kPairs[kUuidBytes] = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};

constexpr uint64_t kOnes = 0x0101010101010101;

// Eight hex digits, the first in the lowest byte, to four bytes at `out`. Returns zero if all are digits.
uint64_t PutEightDigits(uint64_t text, char *out) noexcept {
	const uint64_t letters = (text >> 6) & kOnes; // bit 6 tells letters from digits
	const uint64_t lower = text | letters << 5;
	const uint64_t nibbles = (lower & 15 * kOnes) + letters * 9;
	// What the nibbles look like as digits must be what was there; a nibble above 15 stands for a letter after f.
	const uint64_t above_nine = ((nibbles + 118 * kOnes) >> 7) & kOnes;
	const uint64_t bad = ((nibbles + '0' * kOnes + above_nine * ('a' - '9' - 1)) ^ lower) | (nibbles & 0xF0 * kOnes);

	uint64_t bytes = (nibbles << 4 | nibbles >> 8) & 0x00FF00FF00FF00FF;
	bytes = (bytes | bytes >> 8) & 0x0000FFFF0000FFFF;
	auto packed = static_cast<uint32_t>(bytes | bytes >> 16);
	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		packed = __builtin_bswap32(packed);
	std::memcpy(out, &packed, 4);
	return bad;
}

uint64_t LoadDigits(const char *first_four, const char *last_four) noexcept {
	uint32_t first, last; // combined in registers: a word put together in memory could not be read back at once
	std::memcpy(&first, first_four, 4);
	std::memcpy(&last, last_four, 4);
	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) {
		first = __builtin_bswap32(first);
		last = __builtin_bswap32(last);
	}
	return first | uint64_t{last} << 32;
}

bool ParseOrdinary(const char *text, char *out) noexcept {
	const uint64_t bad = PutEightDigits(LoadDigits(text, text + 4), out) |
						 PutEightDigits(LoadDigits(text + 9, text + 14), out + 4) |
						 PutEightDigits(LoadDigits(text + 19, text + 24), out + 8) |
						 PutEightDigits(LoadDigits(text + 28, text + 32), out + 12);
	return bad == 0;
}

} // namespace

bool ParseUuid(std::string_view text, char *out) noexcept {
	if (text.size() == kUuidTextBytes && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-')
		return ParseOrdinary(&text.front(), out);

	if (!text.empty() && text.front() == '{') {
		if (text.size() < 2 || text.back() != '}')
			return false;
		text = text.substr(1, text.size() - 2);
	}
	for (size_t i = 0; i < kUuidBytes; ++i) {
		if (text.size() < 2)
			return false;
		const int high = HexValue(text[0]), low = HexValue(text[1]);
		if (high < 0 || low < 0)
			return false;
		out[i] = static_cast<char>(high * 16 + low);
		text.remove_prefix(2);
		if (i % 2 == 1 && i < kUuidBytes - 1 && !text.empty() && text.front() == '-')
			text.remove_prefix(1);
	}
	return text.empty();
}

void FormatUuid(const char *bytes, char *out) noexcept {
	out[8] = out[13] = out[18] = out[23] = '-';
	for (size_t i = 0; i < kUuidBytes; ++i)
		PutHex(static_cast<unsigned char>(bytes[i]), out + kPairs[i]);
}

} // namespace alkconv::core
