// Regime: C++ (may throw, never calls Postgres)
//
// The batch arena: alignment, huge values, and what Reset keeps.
#include "core/arena.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>

namespace alkconv::core {
namespace {

TEST(Arena, EveryAllocationIsAlignedAndItsOwn) {
	Arena arena;
	std::vector<std::pair<char *, size_t>> pieces;
	for (size_t i = 0; i < 5000; ++i) {
		const size_t size = i % 701;
		char *const piece = arena.Allocate(size);
		ASSERT_NE(piece, nullptr);
		ASSERT_EQ(reinterpret_cast<uintptr_t>(piece) % 8, 0u);
		std::memset(piece, static_cast<int>(i), size);
		pieces.emplace_back(piece, size);
	}
	for (size_t i = 0; i < pieces.size(); ++i)
		for (size_t at = 0; at < pieces[i].second; ++at)
			ASSERT_EQ(pieces[i].first[at], static_cast<char>(i));
}

TEST(Arena, NothingIsNotNull) {
	Arena arena;
	EXPECT_NE(arena.Allocate(0), nullptr);
}

TEST(Arena, HugeValuesFirstAndLast) {
	Arena arena;
	const size_t huge = Arena::kChunkBytes * 3 + 1;
	char *const first = arena.Allocate(huge);
	ASSERT_NE(first, nullptr);
	std::memset(first, 'x', huge);
	char *const small = arena.Allocate(8);
	std::memset(small, 'y', 8);
	char *const last = arena.Allocate(huge);
	std::memset(last, 'z', huge);
	EXPECT_EQ(first[huge - 1], 'x');
	EXPECT_EQ(small[7], 'y');
	EXPECT_EQ(arena.used(), 2 * ((huge + 7) / 8 * 8) + 8);
}

TEST(Arena, ResetKeepsTheFirstChunk) {
	Arena arena;
	char *const first = arena.Allocate(16);
	for (int round = 0; round < 3; ++round) {
		arena.Allocate(Arena::kChunkBytes * 4);
		arena.Allocate(Arena::kChunkBytes);
		arena.Reset();
		EXPECT_EQ(arena.used(), 0u);
		EXPECT_EQ(arena.Allocate(16), first);
	}
}

TEST(Arena, BytesHaveRoomForAHeaderAndSomethingToReadBehind) {
	Arena arena;
	for (const size_t size :
		 {size_t{0}, size_t{1}, size_t{8}, Arena::kChunkBytes - 16, Arena::kChunkBytes, Arena::kChunkBytes * 2}) {
		char *const bytes = arena.AllocateBytes(size);
		ASSERT_NE(bytes, nullptr);
		ASSERT_EQ(reinterpret_cast<uintptr_t>(bytes) % 8, 0u);
		std::memset(bytes - Arena::kHeaderRoom, 'h', Arena::kHeaderRoom);
		std::memset(bytes, 'b', size);
		volatile char last = bytes[size + Arena::kReadableBehind - 1]; // a sanitizer's business
		(void) last;
	}
}

TEST(Arena, GivenBackBytesAreUsedAgain) {
	for (const size_t size : {size_t{100}, Arena::kChunkBytes - 8, Arena::kChunkBytes, Arena::kChunkBytes * 2}) {
		Arena arena;
		ASSERT_NE(arena.AllocateBytes(24), nullptr);
		const size_t used = arena.used();
		char *const bytes = arena.AllocateBytes(size);
		arena.GiveBack(bytes, size);
		EXPECT_EQ(arena.used(), used) << size;
		char *const again = arena.AllocateBytes(size);
		std::memset(again, 'x', size);
		arena.Shrink(again, size, 10);
		EXPECT_EQ(arena.used(), used + 24) << size;
		char *const behind = arena.AllocateBytes(16);
		std::memset(behind - Arena::kHeaderRoom, 'y', 16 + Arena::kHeaderRoom);
		EXPECT_EQ(std::string(again, 10), std::string(10, 'x')) << size;
	}
}

#if !defined(__SANITIZE_ADDRESS__) && \
	!defined(__SANITIZE_THREAD__) // which end the program instead of throwing bad_alloc
TEST(Arena, ImpossibleSizesGiveNull) {
	Arena arena;
	EXPECT_EQ(arena.Allocate(SIZE_MAX / 2), nullptr);
	EXPECT_NE(arena.Allocate(8), nullptr) << "usable afterwards";
}
#endif

} // namespace
} // namespace alkconv::core
