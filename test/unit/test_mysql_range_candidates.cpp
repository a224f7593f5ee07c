// Regime: C++ (may throw, never calls Postgres)
//
// Guesses where to cut a key.
#include "mysql/range_candidates.hpp"

#include <gtest/gtest.h>

namespace alkconv::mysql {
namespace {

using Strings = std::vector<std::string>;

Strings Candidates(const char *type, const char *first, const char *last, size_t count) {
	return CandidateExpressions(core::ParseSourceType(type, "", ""), first, last, count, Alphabet());
}

// The UTF-8 texts in hex that candidates of a text column are made of.
Strings Texts(const char *collation, const char *first, const char *last, size_t count,
			  const Alphabet &alphabet = Alphabet()) {
	const core::SourceType type = core::ParseSourceType("varchar(50)", "latin1", collation);
	Strings texts;
	for (const std::string &candidate : CandidateExpressions(type, first, last, count, alphabet)) {
		static const std::string kStart = "CONVERT(_utf8mb4 X'";
		const std::string end = std::string("' USING latin1) COLLATE ") + collation;
		EXPECT_EQ(candidate.substr(0, kStart.size()), kStart);
		EXPECT_EQ(candidate.substr(candidate.size() - end.size()), end);
		texts.push_back(candidate.substr(kStart.size(), candidate.size() - kStart.size() - end.size()));
	}
	return texts;
}

TEST(MySqlCandidates, Integers) {
	EXPECT_EQ(Candidates("int", "0", "100", 3), (Strings{"25", "50", "75"}));
	EXPECT_EQ(Candidates("int", "-10", "10", 1), (Strings{"0"}));
	EXPECT_EQ(Candidates("int", "5", "8", 100), (Strings{"6", "7"}));
	EXPECT_EQ(Candidates("int", "5", "6", 100), Strings{});
	EXPECT_EQ(Candidates("int", "5", "5", 100), Strings{});
	EXPECT_EQ(Candidates("bigint", "-9223372036854775808", "9223372036854775807", 1), (Strings{"-1"}));
	EXPECT_EQ(Candidates("bigint unsigned", "0", "18446744073709551615", 2),
			  (Strings{"6148914691236517205", "12297829382473034410"}));
	EXPECT_EQ(Candidates("int(6) unsigned zerofill", "000010", "000020", 1), (Strings{"15"}));
}

TEST(MySqlCandidates, Decimals) {
	EXPECT_EQ(Candidates("decimal(10,2)", "-1.00", "1.00", 3), (Strings{"-0.50", "0.00", "0.50"}));
	EXPECT_EQ(Candidates("decimal(65,0)", std::string(65, '9').c_str(), std::string(65, '9').c_str(), 3), Strings{});
}

TEST(MySqlCandidates, Moments) {
	EXPECT_EQ(Candidates("date", "2024-02-28", "2024-03-01", 5), (Strings{"DATE'2024-02-28' + INTERVAL 1 DAY"}));
	EXPECT_EQ(Candidates("datetime", "2024-02-28 00:00:00", "2024-02-28 00:00:01", 1),
			  (Strings{"TIMESTAMP'2024-02-28 00:00:00' + INTERVAL 500000 MICROSECOND"}));
	EXPECT_EQ(Candidates("datetime(6)", "2024-02-28 23:59:59.999999", "2024-02-29 00:00:00.000001", 9),
			  (Strings{"TIMESTAMP'2024-02-28 23:59:59.999999' + INTERVAL 1 MICROSECOND"}));
	EXPECT_EQ(Candidates("date", "0000-00-00", "1000-01-03", 9), (Strings{"DATE'1000-01-01' + INTERVAL 1 DAY"}));
	EXPECT_EQ(Candidates("datetime", "0000-00-00 00:00:00", "1000-01-01 00:00:02", 1),
			  (Strings{"TIMESTAMP'1000-01-01 00:00:00' + INTERVAL 1000000 MICROSECOND"}));
	EXPECT_EQ(Candidates("date", "2024-00-10", "2024-01-03", 9), (Strings{"DATE'2024-01-01' + INTERVAL 1 DAY"}));
	EXPECT_EQ(Candidates("date", "2024-02-28", "2024-02-28", 5), Strings{});
}

TEST(MySqlCandidates, Bytes) {
	EXPECT_EQ(Candidates("binary(4)", "ab", "ac", 1), (Strings{"_binary X'616280'"}));
	EXPECT_EQ(Candidates("binary(4)", "", "\xff\xff", 2), (Strings{"_binary X'5555'", "_binary X'aaaa'"}));
	EXPECT_EQ(Candidates("binary(4)", "ab", "ab", 3), Strings{});
}

TEST(MySqlCandidates, TextsBeginAsBothDo) {
	EXPECT_EQ(Texts("latin1_bin", "ab1x", "ab4", 9), (Strings{"616231", "616232", "616233", "616234"}));
	EXPECT_EQ(Texts("latin1_swedish_ci", "Ab1", "aB3", 9), (Strings{"416231", "416232", "416233"}));
	EXPECT_EQ(Texts("latin1_bin", "Ab1", "aB3", 2).front(), "41") << "case matters: from A to a";
	EXPECT_EQ(Texts("latin1_bin", "a", "a#", 9), (Strings{"6121", "6122", "6123"}));
	EXPECT_EQ(Texts("latin1_bin", "a9", "a1", 99).size(), 9u) << "the collation may order them so";
}

TEST(MySqlCandidates, TextsAreAsManyAsAskedFor) {
	EXPECT_EQ(Texts("latin1_bin", "", "~", 1000).size(), 94u);
	EXPECT_EQ(Texts("latin1_swedish_ci", "", "~", 1000).size(), 68u) << "without capitals";
	const size_t some = Texts("latin1_bin", "", "~", 10).size();
	EXPECT_GE(some, 10u);
	EXPECT_LT(some, 20u);
}

TEST(MySqlCandidates, TextsOfOtherScripts) {
	const Strings texts = Texts("latin1_bin", "\xD0\xB0", "\xF0\x9F\x98\x80", 4); // a Cyrillic letter, an emoji
	ASSERT_EQ(texts.size(), 5u);
	EXPECT_EQ(texts[0], "f09f9880") << "the last itself";
	for (const std::string &text : texts)
		EXPECT_TRUE(text.size() == 6 || text.size() == 8) << text;
	EXPECT_EQ(Texts("latin1_bin", "\xC2\x80", "\xC2\x82", 9), (Strings{"c282", "c281"}));
}

TEST(MySqlCandidates, TextsGuessFurtherOn) {
	const core::SourceType type = core::ParseSourceType("varchar(50)", "latin1", "latin1_swedish_ci");
	Alphabet alphabet;
	for (int i = 0; i < 300; ++i)
		alphabet.Add("x");
	const auto candidates = [&](size_t failures) {
		Strings hex;
		for (const std::string &candidate : CandidateExpressions(type, "abc", "azz", 9, alphabet, failures))
			hex.push_back(candidate.substr(19, candidate.find('\'', 19) - 19));
		return hex;
	};
	EXPECT_EQ(candidates(0), (Strings{"6178", "617a"}));
	EXPECT_EQ(candidates(1), (Strings{"616278", "617a78"}));
	EXPECT_EQ(candidates(2), (Strings{"61626378", "617a7a78"}));
	EXPECT_EQ(candidates(9), (Strings{"61626378", "617a7a78"}));
}

TEST(MySqlCandidates, TheAlphabetIsLearned) {
	Alphabet hex;
	for (int i = 0; i < 20; ++i)
		hex.Add("0123456789abcdef");
	EXPECT_EQ(hex.Between('0', 'f', 1000, false).size(), 16u);
	EXPECT_EQ(hex.Between('1', '3', 1000, false), (std::vector<char32_t>{'1', '2', '3'}));
	EXPECT_EQ(hex.Between('3', 'z', 4, false).size(), 5u) << "every third of 3 to f, and z";
	Alphabet little;
	little.Add("01");
	EXPECT_EQ(little.Between('a', 'd', 1000, false).size(), 4u);
	Alphabet cases;
	for (int i = 0; i < 50; ++i)
		cases.Add("aAbBcC ");
	EXPECT_EQ(cases.Between(' ', 'z', 1000, true), (std::vector<char32_t>{'a', 'b', 'c', 'z'}));
	EXPECT_EQ(cases.Between('A', 'b', 1000, true), (std::vector<char32_t>{'a', 'b'}));
}

} // namespace
} // namespace alkconv::mysql
