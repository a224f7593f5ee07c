// Answers of another shape than their questions'.
#include "core/answer.hpp"

#include <gtest/gtest.h>

namespace alkconv::core {

namespace {

constexpr AnswerShape kPair = {"a pair", 2, AnswerRows::one};

std::string Refusal(const TextResult &answer, const AnswerShape &shape) {
	try {
		CheckShape(answer, shape, "SELECT a\n, b", "server here");
		return "";
	} catch (const Error &e) {
		EXPECT_EQ(e.code(), Code::unexpected_answer);
		EXPECT_EQ(e.detail(), "server here. Statement: SELECT a\\x0a, b");
		return e.message();
	}
}

template <class Read>
std::string Fault(Read read) {
	try {
		read();
		return "";
	} catch (const Error &e) {
		EXPECT_EQ(e.code(), Code::unexpected_answer);
		return e.message();
	}
}

const std::string kAboutPair = "the MySQL server's answer about a pair is not one: ";

} // namespace

TEST(Answer, HasTheShapeOfItsQuestion) {
	EXPECT_EQ(Refusal({{"a", "b"}, {{"1", std::nullopt}}}, kPair), "");
	EXPECT_EQ(Refusal({}, kPair), kAboutPair + "it is no result at all");
	EXPECT_EQ(Refusal({{"a"}, {{"1"}}}, kPair), kAboutPair + "it has 1 column instead of 2");
	EXPECT_EQ(Refusal({{"a", "b", "c"}, {{"1", "2", "3"}}}, kPair), kAboutPair + "it has 3 columns instead of 2");
	EXPECT_EQ(Refusal({{"a", "b"}, {}}, kPair), kAboutPair + "it has 0 rows instead of one");
	EXPECT_EQ(Refusal({{"a", "b"}, {{"1", "2"}, {"1", "2"}}}, kPair), kAboutPair + "it has 2 rows instead of one");
	EXPECT_EQ(Refusal({{"a", "b"}, {}}, {"a pair", 2, AnswerRows::at_most_one}), "");
	EXPECT_EQ(Refusal({{"a", "b"}, {{"1", "2"}, {"1", "2"}}}, {"a pair", 2, AnswerRows::at_most_one}),
			  kAboutPair + "it has 2 rows instead of one or none");
	EXPECT_EQ(Refusal({{"x", "y", "z"}, {}}, {"names", AnswerShape::kByName, AnswerRows::any}), "");
	EXPECT_NE(Refusal({}, {"names", AnswerShape::kByName, AnswerRows::any}), "");
}

TEST(Answer, FieldsAreWhatTheyMustBe) {
	const TextResult answer = {
		{"n", "t"}, {{"18446744073709551615", std::nullopt}, {"18446744073709551616", "\x1b[31m"}, {"7"}}, "a pair"};
	EXPECT_EQ(answer.Number(0, 0), UINT64_MAX);
	EXPECT_EQ(answer.Number(2, "n"), 7u);
	EXPECT_EQ(answer.Get(0, "t"), std::nullopt);
	EXPECT_EQ(answer.NumberOrZero(0, "t"), 0u);
	EXPECT_TRUE(answer.Has("t"));
	EXPECT_FALSE(answer.Has("T"));
	EXPECT_EQ(Fault([&] { answer.Number(1, 0); }),
			  kAboutPair + "column \"n\" of row 2 is no number: \"18446744073709551616\"");
	EXPECT_EQ(Fault([&] { answer.Number(1, 1); }), kAboutPair + "column \"t\" of row 2 is no number: \"\\x1b[31m\"");
	EXPECT_EQ(Fault([&] { answer.Number(0, "t"); }), kAboutPair + "column \"t\" of row 1 is NULL");
	EXPECT_EQ(Fault([&] { answer.Text(0, 1); }), kAboutPair + "column \"t\" of row 1 is NULL");
	EXPECT_EQ(Fault([&] { answer.Get(2, 1); }), kAboutPair + "it lacks column \"t\" of row 3");
	EXPECT_EQ(Fault([&] { answer.Get(3, 0); }), kAboutPair + "it lacks column \"n\" of row 4");
	EXPECT_EQ(Fault([&] { answer.Get(0, 9); }), kAboutPair + "it lacks column 10 of row 1");
	EXPECT_EQ(Fault([&] { answer.Text(0, "other"); }), kAboutPair + "it has no column \"other\"");
}

TEST(Answer, CountsAreDigits) {
	EXPECT_EQ(ParseCount("0"), 0u);
	EXPECT_EQ(ParseCount("007"), 7u);
	for (const char *text : {"", " 1", "1 ", "-1", "+1", "1.0", "0x1", "1e3", "99999999999999999999", "one"})
		EXPECT_EQ(ParseCount(text), std::nullopt) << text;
}

} // namespace alkconv::core
