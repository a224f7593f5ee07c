// Regime: C++ (may throw, never calls Postgres)
//
// Numerics against bytes written down by the rules of numeric.c. test/t/064_jsonb_bytes.pl compares them with the server's.
#include "core/numeric_format.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

namespace alkconv::core {
namespace {

std::string Written(std::string_view number) {
	// of exactly that size, so that a sanitizer sees the byte after it
	const std::unique_ptr<char[]> room(new char[NumericRoom(number.size())]);
	return {room.get(), WriteNumeric(number, room.get())};
}

// The halves behind the header of a value that has it in four bytes, in the processor's order.
std::vector<int> Halves(const std::string &numeric) {
	std::vector<int> halves;
	for (size_t at = 4; at + 2 <= numeric.size(); at += 2) {
		uint16_t half;
		std::memcpy(&half, numeric.data() + at, sizeof half);
		halves.push_back(half);
	}
	return halves;
}

TEST(NumericFormat, HeaderAndDigits) {
	struct {
		const char *text;
		std::vector<int> halves;
	} cases[] = {
		// short form: 0x8000, 0x2000 negative, scale << 7, weight in 7 bits
		{"0", {0x8000}},
		{"-0", {0x8000}},
		{"0.0", {0x8080}},
		{"-0.00", {0x8100}},
		{"0e5", {0x8000}},
		{"0e-5", {0x8280}},
		{"1", {0x8000, 1}},
		{"-1", {0xA000, 1}},
		{"9999", {0x8000, 9999}},
		{"10000", {0x8001, 1}},
		{"-12345678", {0xA001, 1234, 5678}},
		{"100000001", {0x8002, 1, 0, 1}},
		{"1.50", {0x8100, 1, 5000}},
		{"0.1", {0x80FF, 1000}},
		{"0.0001", {0x827F, 1}},
		{"0.00001", {0x82FE, 1000}},
		{"12.0300", {0x8200, 12, 300}},
		{"1e5", {0x8001, 10}},
		{"1E+4", {0x8001, 1}},
		{"1.50e1", {0x8080, 15}},
		{"1.5e-3", {0x827F, 15}},
		{"12.345e2", {0x8080, 1234, 5000}},
		{"18446744073709551615", {0x8004, 1844, 6744, 737, 955, 1615}},
		{"1e255", {0x803F, 1000}},
		{"1e-63", {0x9FF0, 10}},
		// long form: 0x4000 negative and the scale, then the weight
		{"1e256", {0, 64, 1}},
		{"-1e256", {0x4000, 64, 1}},
		{"1e-64", {64, 0xFFF0, 1}},
		{"0e-64", {64, 0}},
		{"1e-16383", {0x3FFF, 0xF000, 10}},
	};
	for (const auto &c : cases) {
		const std::string numeric = Written(c.text);
		EXPECT_EQ(Halves(numeric), c.halves) << c.text;
		ASSERT_GE(numeric.size(), 4u) << c.text;
		uint32_t header;
		std::memcpy(&header, numeric.data(), sizeof header);
		EXPECT_EQ(__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? header : header >> 2, numeric.size()) << c.text;
	}
}

TEST(NumericFormat, NeverBeyondItsRoom) {
	for (size_t digits = 1; digits < 40; ++digits)
		for (size_t point = 0; point < digits; ++point) {
			std::string number(digits, '9');
			if (point > 0)
				number.insert(point, ".");
			EXPECT_LE(Written(number).size(), NumericRoom(number.size())) << number;
			EXPECT_LE(Written(number + "e99").size(), NumericRoom(number.size() + 3)) << number;
		}
}

TEST(NumericFormat, LeavesTheRestToTheServer) {
	for (const char *text :
		 {"", "-", "NaN", "1x", " 1", "1e-16384", "0e-16384", "0.1e-16383", "1e131072", "1e9999999", "1e-9999999"})
		EXPECT_EQ(Written(text).size(), 0u) << text;
	EXPECT_EQ(Written("0." + std::string(16384, '0')).size(), 0u);
	EXPECT_NE(Written("0." + std::string(16383, '0')).size(), 0u);
	EXPECT_NE(Written("1e131071").size(), 0u);
}

} // namespace
} // namespace alkconv::core
