// Regime: C++ (may throw, never calls Postgres)
//
// UTF-8 checks: every code point, every ill-formed class, and agreement of the fast path with one character at a time.
#include "core/text.hpp"

#include "cells.hpp"

#include <gtest/gtest.h>

#include <random>

namespace alkconv::test {
namespace {

using namespace core;

std::string Encode(uint32_t point) {
	std::string out;
	if (point < 0x80)
		out = {static_cast<char>(point)};
	else if (point < 0x800)
		out = {static_cast<char>(0xC0 | point >> 6), static_cast<char>(0x80 | (point & 63))};
	else if (point < 0x10000)
		out = {static_cast<char>(0xE0 | point >> 12), static_cast<char>(0x80 | (point >> 6 & 63)),
			   static_cast<char>(0x80 | (point & 63))};
	else
		out = {static_cast<char>(0xF0 | point >> 18), static_cast<char>(0x80 | (point >> 12 & 63)),
			   static_cast<char>(0x80 | (point >> 6 & 63)), static_cast<char>(0x80 | (point & 63))};
	return out;
}

TEST(Text, EveryCodePoint) {
	for (uint32_t point = 1; point < 0x110000; ++point) {
		const std::string text = Encode(point);
		const bool surrogate = point >= 0xD800 && point < 0xE000;
		ASSERT_EQ(Utf8SequenceLength(text), surrogate ? 0 : text.size()) << std::hex << point;
	}
	EXPECT_EQ(Utf8SequenceLength(Encode(0x110000)), 0u);
}

TEST(Text, Trap26IllFormedSequences) {
	const char *cases[] = {"\x80",
						   "\xbf",
						   "\xc0\x80",
						   "\xc1\xbf",
						   "\xc2",
						   "\xc2\x41",
						   "\xe0\x80\x80",
						   "\xe0\x9f\xbf",
						   "\xe2\x82",
						   "\xe2\x82\x41",
						   "\xed\xa0\x80",
						   "\xed\xbf\xbf",
						   "\xf0\x80\x80\x80",
						   "\xf0\x8f\xbf\xbf",
						   "\xf0\x9f\x98",
						   "\xf4\x90\x80\x80",
						   "\xf5\x80\x80\x80",
						   "\xff",
						   "\xfe"};
	for (const std::string bad : cases)
		for (size_t before = 0; before < 40; ++before) {
			const std::string text = std::string(before, 'a') + bad;
			ASSERT_EQ(ScanText(text).code, Code::invalid_encoding) << Escape(text);
			ASSERT_EQ(ScanText(text + std::string(40, 'b')).code, Code::invalid_encoding) << Escape(text);
		}
}

TEST(Text, Trap17NulAtEveryOffset) {
	for (size_t length = 1; length < 100; ++length)
		for (size_t at = 0; at < length; ++at) {
			std::string text(length, '\x01'); // the smallest byte that is not zero
			ASSERT_EQ(ScanText(text).code, Code::ok);
			ASSERT_EQ(ScanText(text).characters, length);
			text[at] = '\0';
			ASSERT_EQ(ScanText(text).code, Code::nul_in_text) << length << " " << at;
		}
}

TEST(Text, FirstFaultIsReported) {
	using namespace std::string_literals;
	EXPECT_EQ(ScanText("\0\xff"s).code, Code::nul_in_text);
	EXPECT_EQ(ScanText("\xff\0"s).code, Code::invalid_encoding);
}

TEST(Text, CountsCharactersOfRandomText) {
	std::mt19937 random(1);
	for (int round = 0; round < 2000; ++round) {
		std::string text;
		const size_t count = random() % 120;
		for (size_t i = 0; i < count; ++i) {
			constexpr uint32_t kLimits[] = {0x7F, 0x7F, 0x7F, 0x7FF, 0xD7FF, 0x10FFFF};
			uint32_t point = 1 + random() % kLimits[random() % 6];
			if (point >= 0xD800 && point < 0xE000)
				point -= 0x800;
			text += Encode(point);
		}
		const TextScan scan = ScanText(text);
		ASSERT_EQ(scan.code, Code::ok) << Escape(text);
		ASSERT_EQ(scan.characters, count);
	}
	EXPECT_EQ(ScanText({}).code, Code::ok);
	EXPECT_EQ(ScanText({}).characters, 0u);
}

TEST(Text, Trap18NulEscapes) {
	struct {
		const char *json;
		bool found;
	} cases[] = {
		{"", false},
		{"\"a\"", false},
		{R"("\u0000")", true},
		{R"("a\u0000b")", true},
		{R"("\\u0000")", false},
		{R"("\\\u0000")", true},
		{R"("\\\\u0000")", false},
		{R"("\u0001")", false},
		{R"("\u00001")", true},
		{R"("\n\u0000")", true},
		{R"("\"\u0000")", true},
		{R"("\u000)", false},
		{R"(\)", false},
		{R"("u0000")", false},
		{R"("\U0000")", false},
	};
	for (const auto &c : cases)
		EXPECT_EQ(HasNulEscape(c.json), c.found) << c.json;
}

} // namespace
} // namespace alkconv::test
