// Regime: C++ (may throw, never calls Postgres)
//
// Bytes through code points and back, and RFC 4648's base64.
#include "core/code_points.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace alkconv::core {
namespace {

TEST(CodePoints, Trap25RandomBytesComeBack) {
	std::mt19937 random(25);
	for (int round = 0; round < 1000; ++round) {
		std::string bytes, text;
		for (size_t i = random() % 300; i > 0; --i)
			bytes.push_back(static_cast<char>(random()));
		for (const char c : bytes) {
			const auto byte = static_cast<unsigned char>(c);
			if (byte < 0x80)
				text.push_back(c);
			else {
				text.push_back(static_cast<char>(0xC0 | byte >> 6));
				text.push_back(static_cast<char>(0x80 | (byte & 63)));
			}
		}
		std::string out(text.size(), '\0');
		uint64_t size = 0;
		ASSERT_EQ(CodePointsToBytes(text, out.data(), size), Code::ok);
		ASSERT_EQ(out.substr(0, size), bytes);
	}
}

TEST(CodePoints, OnlyBytes) {
	char out[8];
	uint64_t size;
	EXPECT_EQ(CodePointsToBytes("\xc4\x80", out, size), Code::code_point_beyond_byte); // U+0100
	EXPECT_EQ(CodePointsToBytes("\xe2\x82\xac", out, size), Code::code_point_beyond_byte);
	EXPECT_EQ(CodePointsToBytes("a\xc3", out, size), Code::invalid_encoding);
	EXPECT_EQ(CodePointsToBytes("\xc3\xbf", out, size), Code::ok);
	EXPECT_EQ(std::string(out, size), "\xff");
}

TEST(CodePoints, Base64OfRfc4648) {
	const char *cases[][2] = {{"", ""},
							  {"f", "Zg=="},
							  {"fo", "Zm8="},
							  {"foo", "Zm9v"},
							  {"foob", "Zm9vYg=="},
							  {"fooba", "Zm9vYmE="},
							  {"foobar", "Zm9vYmFy"},
							  {"\xfb\xff\xbf", "+/+/"}};
	for (const auto &c : cases) {
		std::string out(Base64Size(std::string_view(c[0]).size()), '\0');
		EncodeBase64(c[0], out.data());
		EXPECT_EQ(out, c[1]);
	}
	const std::string longer(1000, 'x');
	std::string out(Base64Size(longer.size()), '\0');
	EncodeBase64(longer, out.data());
	EXPECT_EQ(out.find('\n'), std::string::npos) << "no line breaks";
	EXPECT_EQ(out.size(), 1336u);
}

} // namespace
} // namespace alkconv::core
