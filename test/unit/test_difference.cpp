// Regime: C++ (may throw, never calls Postgres)
//
// Finding what differs between two servers' results.
#include "core/difference.hpp"

#include <gtest/gtest.h>

namespace alkconv::core {
namespace {

TEST(DifferingBuckets, NamesThoseWithOtherSumsAndThoseOnOneSideOnly) {
	const TextRows source = {{"000", "5", "1"}, {"001", "2", "7"}, {"0ff", "1", "3"}};
	const TextRows target = {{"000", "5", "1"}, {"001", "2", "8"}, {"abc", "1", "3"}};
	EXPECT_EQ(DifferingBuckets(source, target), (std::vector<std::string>{"001", "0ff", "abc"}));
	EXPECT_TRUE(DifferingBuckets(source, source).empty());
	EXPECT_TRUE(DifferingBuckets({}, {}).empty());
}

TEST(DifferingBuckets, NullIsNoEmptyText) {
	EXPECT_EQ(DifferingBuckets({{"000", std::nullopt}}, {{"000", ""}}).size(), 1u);
}

std::string Shown(const std::vector<DifferingKey> &keys) {
	std::string text;
	for (const DifferingKey &key : keys)
		text += key.key + (key.side == Side::both ? "=" : key.side == Side::source_only ? "<" : ">");
	return text;
}

TEST(DifferingKeys, TellsChangedFromMissingFromAdded) {
	const TextRows source = {{"c", "3"}, {"a", "1"}, {"b", "2"}};
	const TextRows target = {{"b", "9"}, {"a", "1"}, {"d", "4"}};
	EXPECT_EQ(Shown(DifferingKeys(source, target, 10)), "b=c<d>");
}

TEST(DifferingKeys, CountsRowsThatOccurMoreThanOnce) {
	EXPECT_EQ(Shown(DifferingKeys({{"a", "1"}, {"a", "1"}}, {{"a", "1"}}, 10)), "a<");
	EXPECT_EQ(Shown(DifferingKeys({{"a", "1"}, {"a", "1"}}, {{"a", "1"}, {"a", "1"}}, 10)), "");
}

TEST(DifferingKeys, StopsAtTheLimitWithTheLowestKeysRightlyClassified) {
	TextRows source, target;
	for (char key = 'a'; key <= 'z'; ++key) {
		source.push_back({std::string(1, key), "1"});
		target.push_back({std::string(1, key), "2"});
	}
	EXPECT_EQ(Shown(DifferingKeys(source, target, 3)), "a=b=c=");
}

TEST(DifferingKeys, AnUnrenderableRowDiffersFromARenderedOne) {
	EXPECT_EQ(Shown(DifferingKeys({{"a", std::nullopt}}, {{"a", "1"}}, 10)), "a=");
}

TEST(DifferingParts, StandInPlaceOfExcerptsThatAreAlike) {
	const std::string head(100, 'x');
	TablePlan table;
	table.columns.resize(2);
	TableProof proof;
	proof.columns.resize(2);
	const TextRows source = {{"1", "1", "d", head.substr(0, 80), "a"}},
				   target = {{"1", "1", "d", head.substr(0, 80), "b"}};
	EXPECT_EQ(ColumnsAlike(table, proof, source, target), (std::vector<size_t>{1}));
	EXPECT_TRUE(ColumnsAlike(table, proof, source, source).empty());
	table.columns[1].secret = "salt";
	EXPECT_TRUE(ColumnsAlike(table, proof, source, target).empty()); // of which only a hash is shown
	const TextRows longer = {{"1", head + "äone"}}, other = {{"1", head + "ätwo" + head}};
	EXPECT_EQ(*WithDifferingParts(source, {1}, longer, other)[0][3], "..." + std::string(28, 'x') + "äone");
	EXPECT_EQ(*WithDifferingParts(target, {1}, other, longer)[0][3],
			  "..." + std::string(28, 'x') + "ätwo" + std::string(47, 'x') + "...");
	EXPECT_EQ(*WithDifferingParts(source, {1}, longer, longer)[0][3], head.substr(0, 80)); // none within what was read
}

class DescribeDifferencesTest : public testing::Test {
protected:
	void SetUp() override {
		for (const char *name : {"id", "name"}) {
			ColumnPlan column;
			column.source_name = column.target_name = name;
			table_.columns.push_back(column);
			proof_.columns.emplace_back();
		}
		table_.key = {0};
		proof_.keyed = true;
	}
	static std::vector<std::optional<std::string>> Row(const char *id, std::optional<std::string> name,
													   const char *digest) {
		return {std::string(id), std::string(id), std::string("digest of ") + id, std::move(name), std::string(digest)};
	}
	TablePlan table_;
	TableProof proof_;
};

TEST_F(DescribeDifferencesTest, NamesKeyColumnAndBothValues) {
	EXPECT_EQ(DescribeDifferences(table_, proof_, {{"7", Side::both}}, {Row("7", "Bob", "x")}, {Row("7", "bob", "y")}),
			  "(id)=(7): column \"name\": source 'Bob', target 'bob'");
}

TEST_F(DescribeDifferencesTest, ShowsNullAsNull) {
	EXPECT_EQ(
		DescribeDifferences(table_, proof_, {{"7", Side::both}}, {Row("7", std::nullopt, "x")}, {Row("7", "", "y")}),
		"(id)=(7): column \"name\": source NULL, target ''");
}

TEST_F(DescribeDifferencesTest, SaysWhichSideLacksARow) {
	EXPECT_EQ(DescribeDifferences(table_, proof_, {{"7", Side::source_only}, {"8", Side::target_only}},
								  {Row("7", "a", "x")}, {Row("8", "b", "y")}),
			  "(id)=(7): missing in the target; (id)=(8): only in the target");
}

TEST_F(DescribeDifferencesTest, LeavesColumnsThatAreReadAgainToTheReadingAgain) {
	proof_.columns[1].method = ProofMethod::reread;
	EXPECT_EQ(DescribeDifferences(table_, proof_, {{"7", Side::both}}, {Row("7", "Bob", "x")}, {Row("7", "bob", "y")}),
			  "(id)=(7): the values differ beyond what is shown here");
}

TEST_F(DescribeDifferencesTest, WithoutAKeyARowIsAllItsValues) {
	proof_.keyed = false;
	EXPECT_EQ(
		DescribeDifferences(table_, proof_, {{"f00", Side::source_only}, {"f01", Side::target_only}},
							{Row("f00", "a", "x"), Row("f01", "b", "y")}, {Row("f01", "b", "y")}),
		"row (id, name)=(f00, a): missing in the target; row (id, name)=(f01, b): occurs more often in the target");
}

} // namespace
} // namespace alkconv::core
