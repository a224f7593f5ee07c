// Regime: C++ (may throw, never calls Postgres)
//
// In UTF-8 the code points up to U+00FF are ASCII, or C2 or C3 and one continuation byte.
#include "core/code_points.hpp"

#include "core/text.hpp"

namespace alkconv::core {

Code CodePointsToBytes(std::string_view text, char *out, uint64_t &size) noexcept {
	char *const start = out;
	for (size_t at = 0; at < text.size();) {
		const size_t length = Utf8SequenceLength(text.substr(at));
		const auto first = static_cast<unsigned char>(text[at]);
		if (length == 0)
			return Code::invalid_encoding;
		if (length > 2 || first > 0xC3)
			return Code::code_point_beyond_byte;
		*out++ = length == 1 ? text[at] : static_cast<char>(((first & 3) << 6) | (text[at + 1] & 0x3F));
		at += length;
	}
	size = static_cast<uint64_t>(out - start);
	return Code::ok;
}

void EncodeBase64(std::string_view bytes, char *out) noexcept {
	constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t at = 0; at < bytes.size(); at += 3) {
		const size_t count = bytes.size() - at < 3 ? bytes.size() - at : 3;
		uint32_t group = 0;
		for (size_t i = 0; i < 3; ++i)
			group = (group << 8) | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0);
		for (size_t i = 0; i < 4; ++i)
			*out++ = i <= count ? kAlphabet[(group >> (18 - 6 * i)) & 63] : '=';
	}
}

} // namespace alkconv::core
