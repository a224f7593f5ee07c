// Regime: C++ (may throw, never calls Postgres)
//
// A table of hex digits makes the ordinary spelling (36 characters, hyphens in their places) a loop without branches.
#include "core/uuid.hpp"

#include "core/hex.hpp"

namespace alkconv::core {

namespace {

// Offsets of the digit pairs in 8-4-4-4-12.
constexpr uint8_t kPairs[kUuidBytes] = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};

bool ParseOrdinary(const char *text, char *out) noexcept {
	int bad = 0;
	for (size_t i = 0; i < kUuidBytes; ++i) {
		const int high = HexValue(text[kPairs[i]]), low = HexValue(text[kPairs[i] + 1]);
		bad |= high | low;
		out[i] = static_cast<char>(high * 16 + low);
	}
	return bad >= 0; // HexValue is negative for what is no digit
}

} // namespace

bool ParseUuid(std::string_view text, char *out) noexcept {
	if (text.size() == kUuidTextBytes && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-')
		return ParseOrdinary(text.data(), out);

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
