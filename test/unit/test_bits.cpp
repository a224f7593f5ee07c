// Regime: C++ (may throw, never calls Postgres)
//
// BIT(n) for every n: what the protocol sends, what Postgres stores.
#include "core/bits.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace alkconv::core {
namespace {

TEST(Bits, Trap11EveryWidthComesBackLeftAligned) {
	std::mt19937_64 random(11);
	for (uint64_t width = 1; width <= 64; ++width)
		for (int round = 0; round < 50; ++round) {
			const uint64_t number = random() >> (64 - width);
			std::string sent;
			for (uint64_t byte = (width + 7) / 8; byte-- > 0;)
				sent.push_back(static_cast<char>(number >> (byte * 8)));
			SourceType type;
			type.kind = MySqlKind::bit;
			type.length = width;
			Cell cell{};
			cell.kind = CellKind::bytes;
			cell.bytes = {sent.data(), sent.size()};
			uint64_t read = 0;
			ASSERT_TRUE(BitsToNumber(type, cell, read)) << width;
			ASSERT_EQ(read, number) << width;

			std::string stored(sent.size(), '\x55');
			PutLeftAlignedBits(number, width, stored.data());
			for (uint64_t bit = 0; bit < stored.size() * 8; ++bit) { // bit 0 is the first one of the bit string
				const bool set = (static_cast<unsigned char>(stored[bit / 8]) >> (7 - bit % 8) & 1) != 0;
				ASSERT_EQ(set, bit < width && (number >> (width - 1 - bit) & 1) != 0) << width << " bit " << bit;
			}
		}
}

TEST(Bits, WrongNumberOfBytesOrBits) {
	SourceType type;
	type.kind = MySqlKind::bit;
	type.length = 9;
	Cell cell{};
	cell.kind = CellKind::bytes;
	uint64_t number;
	const std::string bytes("\x01\xff\x00", 3);
	for (const uint64_t size : {0, 1, 3}) {
		cell.bytes = {bytes.data(), size};
		EXPECT_FALSE(BitsToNumber(type, cell, number)) << size;
	}
	cell.bytes = {bytes.data(), 2};
	EXPECT_TRUE(BitsToNumber(type, cell, number));
	EXPECT_EQ(number, 0x1ffu);
	cell.bytes = {bytes.data() + 1, 2}; // a tenth bit
	EXPECT_FALSE(BitsToNumber(type, cell, number));
}

} // namespace
} // namespace alkconv::core
