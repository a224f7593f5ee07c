// Regime: C++ (may throw, never calls Postgres)
//
// UTF-8 validation with a fast path for runs of ASCII: four words of eight bytes at a time, one test for "any high bit" and one for
// "any zero byte".
#include "core/text.hpp"

#include <cstring>

namespace alkconv::core {

namespace {

constexpr uint64_t kHighBits = 0x8080808080808080;
constexpr uint64_t kOnes = 0x0101010101010101;

uint64_t LoadWord(const char *data) noexcept {
	uint64_t word;
	std::memcpy(&word, data, sizeof word);
	return word;
}

// For a word of ASCII: bit 7 of every byte that is zero, and perhaps of bytes above one. Zero if and only if no byte is zero.
uint64_t ZeroBytes(uint64_t ascii) noexcept { return (ascii - kOnes) & kHighBits; }

bool Continues(char c) noexcept { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

} // namespace

size_t Utf8SequenceLength(std::string_view text) noexcept {
	if (text.empty())
		return 0;
	const auto first = static_cast<unsigned char>(text[0]);
	if (first < 0x80)
		return 1;
	if (first < 0xC2) // a continuation byte, or an overlong form of ASCII
		return 0;
	if (first < 0xE0)
		return text.size() >= 2 && Continues(text[1]) ? 2 : 0;
	if (first < 0xF0) {
		if (text.size() < 3 || !Continues(text[1]) || !Continues(text[2]))
			return 0;
		const auto second = static_cast<unsigned char>(text[1]);
		const bool overlong = first == 0xE0 && second < 0xA0;
		const bool surrogate = first == 0xED && second >= 0xA0;
		return overlong || surrogate ? 0 : 3;
	}
	if (first < 0xF5) {
		if (text.size() < 4 || !Continues(text[1]) || !Continues(text[2]) || !Continues(text[3]))
			return 0;
		const auto second = static_cast<unsigned char>(text[1]);
		const bool overlong = first == 0xF0 && second < 0x90;
		const bool beyond = first == 0xF4 && second >= 0x90;
		return overlong || beyond ? 0 : 4;
	}
	return 0;
}

TextScan ScanText(std::string_view text) noexcept {
	if (text.size() > kMaxPayload)
		return {Code::value_too_large, 0};
	const char *at = text.data();
	const char *const end = at + text.size();
	uint64_t characters = 0;
	while (at < end) {
		while (end - at >= 32) {
			const uint64_t a = LoadWord(at), b = LoadWord(at + 8), c = LoadWord(at + 16), d = LoadWord(at + 24);
			if (((a | b | c | d) & kHighBits) != 0 || (ZeroBytes(a) | ZeroBytes(b) | ZeroBytes(c) | ZeroBytes(d)) != 0)
				break;
			at += 32;
			characters += 32;
		}
		while (end - at >= 8) {
			const uint64_t word = LoadWord(at);
			if ((word & kHighBits) != 0 || ZeroBytes(word) != 0)
				break;
			at += 8;
			characters += 8;
		}
		// Up to eight characters one by one, then the fast path has its next chance.
		for (int i = 0; i < 8 && at < end; ++i) {
			if (*at == '\0')
				return {Code::nul_in_text, 0};
			const size_t length = Utf8SequenceLength({at, static_cast<size_t>(end - at)});
			if (length == 0)
				return {Code::invalid_encoding, 0};
			at += length;
			++characters;
		}
	}
	return {Code::ok, characters};
}

bool HasNulEscape(std::string_view json) noexcept {
	const char *at = json.data();
	const char *const end = at + json.size();
	while (at < end) {
		at = static_cast<const char *>(std::memchr(at, '\\', static_cast<size_t>(end - at)));
		if (at == nullptr)
			return false;
		if (end - at >= 6 && std::memcmp(at, "\\u0000", 6) == 0)
			return true;
		at += 2; // the backslash and what it escapes, perhaps another backslash
	}
	return false;
}

} // namespace alkconv::core
