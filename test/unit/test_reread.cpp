// Regime: C++ (may throw, never calls Postgres)
//
// Sums of the second reading.
#include "core/reread.hpp"

#include <gtest/gtest.h>

namespace alkconv::core {
namespace {

const std::string kZero(64, '0');
const std::string kOnes(64, 'f');

TEST(RereadSums, SumsTwoPiecesOfSixtyBitsPerBucket) {
	RereadSums sums;
	sums.Add("abc" + kZero, kOnes);
	sums.Add("abc" + kZero, std::string(14, '0') + "1" + std::string(14, '0') + "2" + kZero);
	sums.Add("000" + kZero, kZero);
	const TextRows rows = sums.Rows();
	ASSERT_EQ(rows.size(), 2u);
	EXPECT_EQ(rows[0], (std::vector<std::optional<std::string>>{"000", "1", "0", "0"}));
	EXPECT_EQ(rows[1],
			  (std::vector<std::optional<std::string>>{"abc", "2", "1152921504606846976", "1152921504606846977"}));
}

TEST(RereadSums, DoesNotOverflowSixtyFourBits) {
	RereadSums sums;
	for (int i = 0; i < 1000; ++i)
		sums.Add(kZero, kOnes);
	EXPECT_EQ(sums.Rows()[0][2], "1152921504606846975000");
}

TEST(RereadSums, EmptyTableHasNoBuckets) { EXPECT_TRUE(RereadSums().Rows().empty()); }

TEST(RereadColumns, ArePositionsOfThatMethod) {
	TableProof proof;
	proof.columns.resize(3);
	proof.columns[1].method = ProofMethod::reread;
	EXPECT_EQ(RereadColumns(proof), (std::vector<size_t>{1}));
}

TEST(Unconvertible, TheFirstRowIsNamedAndAllAreCounted) {
	const RejectedRow row{{"7"}, "a", std::nullopt, Error(Code::invalid_text, "column \"a\" of table \"t\": no")};
	EXPECT_EQ(DescribeUnconvertible(row, "id", 1),
			  "a row of the source does not convert: (id)=(7): column \"a\" of table \"t\": no");
	EXPECT_EQ(DescribeUnconvertible(row, "id", 2),
			  "2 rows of the source do not convert, the first of them: (id)=(7): column \"a\" of table \"t\": no");
}

TEST(KeysOfBothSides, LeavesRowsThatOneSideLacksToTheDigest) {
	const std::vector<DifferingKey> keys = {
		{"1", Side::source_only}, {"2", Side::both}, {"3", Side::target_only}, {"4", Side::both}, {"5", Side::both}};
	const std::vector<DifferingKey> kept = KeysOfBothSides(keys, 2);
	ASSERT_EQ(kept.size(), 2u);
	EXPECT_EQ(kept[0].key, "2");
	EXPECT_EQ(kept[1].key, "4");
	EXPECT_TRUE(KeysOfBothSides({keys[0], keys[2]}, 2).empty());
}

} // namespace
} // namespace alkconv::core
