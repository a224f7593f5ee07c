// Regime: C++ (may throw, never calls Postgres)
//
// Conditions of ranges, literals of keys, and the merging of segments.
#include "mysql/range_sql.hpp"

#include <gtest/gtest.h>

namespace alkconv::mysql {
namespace {

core::SourceType Type(const char *text, const char *charset = "", const char *collation = "") {
	return core::ParseSourceType(text, charset, collation);
}

const std::vector<KeyColumn> kPair = {{"`a`", Type("int")}, {"`b`", Type("int")}};

TEST(MySqlRangeCondition, OneColumn) {
	EXPECT_EQ(RangeCondition(kPair, {}, {}), "");
	EXPECT_EQ(RangeCondition(kPair, {}, {"3"}), "`a` < 3");
	EXPECT_EQ(RangeCondition(kPair, {"3"}, {"7"}), "`a` >= 3 AND `a` < 7");
	EXPECT_EQ(RangeCondition(kPair, {"7"}, {}), "`a` >= 7");
}

TEST(MySqlRangeCondition, SeveralColumns) {
	EXPECT_EQ(RangeCondition(kPair, {"3", "1"}, {}), "(`a` > 3 OR (`a` = 3 AND `b` >= 1))");
	EXPECT_EQ(RangeCondition(kPair, {}, {"3", "1"}), "(`a` < 3 OR (`a` = 3 AND `b` < 1))");
	EXPECT_EQ(RangeCondition(kPair, {"3", "1"}, {"3", "9"}), "`a` = 3 AND `b` >= 1 AND `b` < 9");
	EXPECT_EQ(RangeCondition(kPair, {"3"}, {"3", "9"}), "`a` >= 3 AND (`a` < 3 OR (`a` = 3 AND `b` < 9))");
	EXPECT_EQ(RangeCondition(kPair, {"3", "9"}, {"4"}), "(`a` > 3 OR (`a` = 3 AND `b` >= 9)) AND `a` < 4");
}

// For every pair of numbers: it is in exactly one of the ranges that bounds of any length make.
TEST(MySqlRangeCondition, HoldsForTheRowsBetween) {
	const std::vector<Bound> bounds = {{}, {"1"}, {"1", "2"}, {"2", "0"}, {"2", "2"}, {"3"}, {}};
	const auto replaced = [](std::string text, const std::string &from, int to) {
		for (size_t at; (at = text.find(from)) != std::string::npos;)
			text.replace(at, from.size(), std::to_string(to));
		return text;
	};
	// Enough of SQL for what RangeCondition writes: terms of two digits, OR, AND, brackets.
	struct Evaluator {
		std::string text;
		size_t at = 0;
		bool Skip(const char *token) {
			const size_t size = std::string(token).size();
			const bool here = text.compare(at, size, token) == 0;
			at += here ? size : 0;
			return here;
		}
		bool Term() {
			if (Skip("(")) {
				const bool value = Or();
				EXPECT_TRUE(Skip(")")) << text << " at " << at;
				return value;
			}
			const char left = text.at(at++);
			const bool less = Skip(" < "), greater = !less && Skip(" > "), not_less = !greater && Skip(" >= ");
			const bool known = less || greater || not_less || Skip(" = ");
			EXPECT_TRUE(known) << text << " at " << at;
			const char right = text.at(at++);
			return less ? left < right : greater ? left > right : not_less ? left >= right : left == right;
		}
		bool And() {
			bool value = Term();
			while (Skip(" AND "))
				value = Term() && value;
			return value;
		}
		bool Or() {
			bool value = And();
			while (Skip(" OR "))
				value = And() || value;
			return value;
		}
	};
	for (int a = 0; a < 5; ++a)
		for (int b = 0; b < 5; ++b) {
			size_t in = 0, range = 0;
			for (size_t i = 0; i + 1 < bounds.size(); ++i) {
				Evaluator evaluator{
					replaced(replaced(RangeCondition(kPair, bounds[i], bounds[i + 1]), "`a`", a), "`b`", b)};
				if (evaluator.Or()) {
					++in;
					range = i;
				}
			}
			EXPECT_EQ(in, 1u) << a << ", " << b;
			const size_t expected = a == 0 ? 0 : a == 1 ? (b < 2 ? 1 : 2) : a == 2 ? (b < 2 ? 3 : 4) : 5;
			EXPECT_EQ(range, expected) << a << ", " << b;
		}
}

TEST(MySqlRangeCondition, AscendingBounds) {
	EXPECT_EQ(AscendingExpression({"1"}, {"2"}), "(1 < 2 OR (1 = 2 AND 0))");
	EXPECT_EQ(AscendingExpression({"1"}, {"1", "5"}), "1") << "the first row of a group is not behind another of it";
	EXPECT_EQ(AscendingExpression({"1", "5"}, {"1"}), "0");
	EXPECT_EQ(AscendingExpression({"1", "5"}, {"1", "5"}), "0");
	EXPECT_EQ(AscendingExpression({"1", "5"}, {"1", "6"}), "(5 < 6 OR (5 = 6 AND 0))");
	EXPECT_EQ(AscendingExpression({"1", "5"}, {"2"}), "(1 < 2 OR (1 = 2 AND 0))");
	EXPECT_EQ(AscendingExpression({"1"}, {"2", "5"}), "(1 < 2 OR (1 = 2 AND 1))");
}

TEST(MySqlKeyLiteral, IsOfTheColumnsTypeAndCollation) {
	EXPECT_EQ(KeyLiteral(Type("bigint unsigned"), "18446744073709551615", ""), "18446744073709551615");
	EXPECT_EQ(KeyLiteral(Type("decimal(10,2)"), "-1.50", ""), "-1.50");
	EXPECT_EQ(KeyLiteral(Type("varchar(9)", "latin1", "latin1_swedish_ci"), "\xC3\xA9'", "E927"),
			  "_latin1 X'E927' COLLATE latin1_swedish_ci");
	EXPECT_EQ(KeyLiteral(Type("char(36)", "utf8mb4", "utf8mb4_bin"), "", ""), "_utf8mb4 X'' COLLATE utf8mb4_bin");
	EXPECT_EQ(KeyLiteral(Type("varbinary(9)"), "a", "61"), "_binary X'61'");
	EXPECT_EQ(KeyLiteral(Type("date"), "2024-02-29", ""), "DATE'2024-02-29'");
	EXPECT_EQ(KeyLiteral(Type("timestamp(3)"), "2024-02-29 10:11:12.500", ""), "TIMESTAMP'2024-02-29 10:11:12.500'");
	EXPECT_EQ(KeyLiteral(Type("datetime"), "0000-00-00 00:00:00", ""), "TIMESTAMP'0000-00-00 00:00:00'");
	EXPECT_EQ(KeyLiteral(Type("date"), "2023-00-10", ""), "DATE'2023-00-10'");
}

TEST(MySqlKeyLiteral, NoneForWhatTheServerWouldNotReadBack) {
	EXPECT_EQ(KeyLiteral(Type("date"), "2023-02-29", ""), "");
	EXPECT_EQ(KeyLiteral(Type("datetime"), "2023-04-31 00:00:00", ""), "");
	EXPECT_EQ(KeyLiteral(Type("char(3)", "utf8mb4", "utf8mb4_bin"), "a\xFF", "61FF"), "");
	EXPECT_EQ(KeyLiteral(Type("char(3)", "gbk", "gbk_chinese_ci"), "a?", "61FF"), "");
	EXPECT_NE(KeyLiteral(Type("char(3)", "latin1", "latin1_bin"), "a?", "613F"), "");
	EXPECT_EQ(KeyLiteral(Type("float"), "1", ""), "");
}

TEST(MySqlKeyLiteral, TypesThatServe) {
	for (const char *text : {"float", "double", "enum('a')", "set('a')", "bit(3)", "year", "time", "json", "text"})
		EXPECT_EQ(ClassOf(Type(text)), KeyClass::none) << text;
}

TEST(MySqlChooseCuts, BalancesRanges) {
	using Cuts = std::vector<size_t>;
	EXPECT_EQ(ChooseCuts({10}, 4), Cuts{});
	EXPECT_EQ(ChooseCuts({1, 1, 1, 1, 1, 1, 1, 1}, 4), (Cuts{2, 4, 6}));
	EXPECT_EQ(ChooseCuts({1, 1, 1, 1}, 4), (Cuts{1, 2, 3}));
	EXPECT_EQ(ChooseCuts({1, 1, 1, 1}, 1), Cuts{});
	EXPECT_EQ(ChooseCuts({1, 1, 97, 1, 1}, 2), Cuts{2}) << "a large one alone if that is nearer to the middle";
	EXPECT_EQ(ChooseCuts({100, 1, 1, 1, 100}, 3), (Cuts{1, 4}));
	EXPECT_EQ(ChooseCuts({3, 3}, 100), Cuts{1});
}

} // namespace
} // namespace alkconv::mysql
