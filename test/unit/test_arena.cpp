// Regime: C++ (may throw, never calls Postgres)
//
// The batch arena: alignment, huge values, and what Reset keeps.
#include "core/arena.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>

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

#if !defined(__SANITIZE_ADDRESS__) // which ends the program instead of throwing bad_alloc
TEST(Arena, ImpossibleSizesGiveNull) {
	Arena arena;
	EXPECT_EQ(arena.Allocate(SIZE_MAX / 2), nullptr);
	EXPECT_NE(arena.Allocate(8), nullptr) << "usable afterwards";
}
#endif

} // namespace
} // namespace alkconv::core
