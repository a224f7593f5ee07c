// Regime: C++ (may throw, never calls Postgres)
//
// Shapes of decimals, and the conversions to binary numbers against arithmetic done another way.
#include "core/decimal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <string>

namespace alkconv::core {
namespace {

TEST(Decimal, Shapes) {
	struct {
		const char *text;
		bool negative, zero;
		int32_t high, low;
	} cases[] = {
		{"0", false, true, 0, 0},		 {"-0.00", true, true, 0, 0},	   {"1", false, false, 0, 0},
		{"1.05", false, false, 0, -2},	 {"1200", false, false, 3, 2},	   {"-0.0012", true, false, -3, -4},
		{"+10.50", false, false, 1, -1}, {".5", false, false, -1, -1},	   {"5.", false, false, 0, 0},
		{"1.5e3", false, false, 3, 2},	 {"1.5E-3", false, false, -3, -4}, {"0012.300e+2", false, false, 3, 1},
		{"0e999999", false, true, 0, 0},
	};
	for (const auto &c : cases) {
		SCOPED_TRACE(c.text);
		DecimalShape shape;
		ASSERT_TRUE(ParseDecimal(c.text, shape));
		EXPECT_EQ(shape.negative, c.negative);
		ASSERT_EQ(shape.zero, c.zero);
		if (!c.zero) {
			EXPECT_EQ(shape.high, c.high);
			EXPECT_EQ(shape.low, c.low);
		}
	}
	for (const char *text : {"", "-", "+", ".", "e5", "1e", "1e+", "1e5x", "1.2.3", "1 ", " 1", "--1", "1,5", "0x10",
							 "NaN", "1e9999999"}) {
		DecimalShape shape;
		EXPECT_FALSE(ParseDecimal(text, shape)) << text;
	}
}

// Every value of a small numeric(p,s), decided by integer arithmetic: value * 10^s must be integral and below 10^p.
TEST(Decimal, Trap12NumericNeverRounds) {
	const auto power = [](int32_t exponent) { return static_cast<int64_t>(std::llround(std::pow(10.0, exponent))); };
	for (int64_t thousandths = -12000; thousandths <= 12000; thousandths += 1) {
		char text[32];
		std::snprintf(text, sizeof text, "%s%lld.%03lld", thousandths < 0 ? "-" : "",
					  static_cast<long long>(std::llabs(thousandths) / 1000),
					  static_cast<long long>(std::llabs(thousandths) % 1000));
		DecimalShape shape;
		ASSERT_TRUE(ParseDecimal(text, shape));
		for (int32_t precision = 1; precision <= 4; ++precision)
			for (int32_t scale = -1; scale <= 5; ++scale) {
				const bool integral = scale >= 3 || thousandths % power(3 - scale) == 0;
				const bool below = std::llabs(thousandths) * power(scale + 1) < power(precision + 4);
				const Code expected = !below ? Code::out_of_range : !integral ? Code::inexact_number : Code::ok;
				ASSERT_EQ(CheckNumeric(shape, precision, scale), expected)
					<< text << " numeric(" << precision << "," << scale << ")";
			}
	}
}

TEST(Decimal, RandomIntegersComeBack) {
	std::mt19937_64 random(3);
	constexpr auto kMin = std::numeric_limits<int64_t>::min(), kMax = std::numeric_limits<int64_t>::max();
	for (int round = 0; round < 20000; ++round) {
		const int64_t number = static_cast<int64_t>(random()) >> (random() % 64);
		int64_t parsed = 0;
		ASSERT_EQ(DecimalToInteger(std::to_string(number), kMin, kMax, parsed), Code::ok) << number;
		ASSERT_EQ(parsed, number);
		ASSERT_EQ(DecimalToInteger(std::to_string(number) + ".000", number, number, parsed), Code::ok);
		ASSERT_EQ(DecimalToInteger(std::to_string(number) + ".010", kMin, kMax, parsed), Code::inexact_number);
		if (number > kMin) {
			ASSERT_EQ(DecimalToInteger(std::to_string(number), kMin, number - 1, parsed), Code::out_of_range);
		}
		if (number < kMax) {
			ASSERT_EQ(DecimalToInteger(std::to_string(number), number + 1, kMax, parsed), Code::out_of_range);
		}
	}
	int64_t parsed;
	for (const char *text :
		 {"9223372036854775808", "-9223372036854775809", "99999999999999999999999999", "-99999999999999999999999999"})
		EXPECT_EQ(DecimalToInteger(text, kMin, kMax, parsed), Code::out_of_range) << text;
	for (const char *text : {"", "-", "+", "1e5", "1.x", "x", "1 ", "--1", "."})
		EXPECT_EQ(DecimalToInteger(text, kMin, kMax, parsed), Code::invalid_text) << text;
}

// The text with 17 digits of any double denotes it, so it must be taken exactly when 17 digits are also its shortest or exact form;
// the shortest text must always be taken.
template <class F, class Bits>
void RandomFloatingNumbersComeBack(Code (*parse)(std::string_view, F &), int digits) {
	std::mt19937_64 random(6);
	for (int round = 0; round < 20000; ++round) {
		const Bits bits = static_cast<Bits>(random());
		F number;
		std::memcpy(&number, &bits, sizeof number);
		if (!std::isfinite(number))
			continue;
		char text[64];
		for (int precision = 1; precision <= digits; ++precision) { // the first that comes back is the shortest
			std::snprintf(text, sizeof text, "%.*e", precision - 1, static_cast<double>(number));
			if ((sizeof(F) == 4 ? static_cast<F>(std::strtof(text, nullptr))
								: static_cast<F>(std::strtod(text, nullptr))) == number)
				break;
		}
		F parsed;
		ASSERT_EQ(parse(text, parsed), Code::ok) << text;
		ASSERT_EQ(std::memcmp(&parsed, &number, sizeof number), 0) << text;
		// A digit more than any shortest text has, and not an exact one: it would be rounded.
		std::snprintf(text, sizeof text, "%.*e", digits + 3, static_cast<double>(number));
		std::string wrong(text);
		const size_t mark = wrong.find('e');
		wrong.insert(mark, "1");
		ASSERT_EQ(parse(wrong, parsed), Code::inexact_number) << wrong;
	}
}

TEST(Decimal, RandomDoublesComeBack) { RandomFloatingNumbersComeBack<double, uint64_t>(DecimalToDouble, 17); }

TEST(Decimal, RandomFloatsComeBack) { RandomFloatingNumbersComeBack<float, uint32_t>(DecimalToFloat, 9); }

TEST(Decimal, ExactExpansionsAreTaken) {
	char text[1200];
	double parsed;
	std::snprintf(text, sizeof text, "%.1074f", std::numeric_limits<double>::denorm_min());
	EXPECT_EQ(DecimalToDouble(text, parsed), Code::ok);
	EXPECT_EQ(parsed, std::numeric_limits<double>::denorm_min());
	std::snprintf(text, sizeof text, "%.1f", std::numeric_limits<double>::max());
	EXPECT_EQ(DecimalToDouble(text, parsed), Code::ok);
	EXPECT_EQ(parsed, std::numeric_limits<double>::max());
	std::snprintf(text, sizeof text, "%.60f", 0.1);
	EXPECT_EQ(DecimalToDouble(text, parsed), Code::ok);
	EXPECT_EQ(parsed, 0.1);
	std::snprintf(text, sizeof text, "%.60f", static_cast<double>(0.1f));
	float small;
	EXPECT_EQ(DecimalToFloat(text, small), Code::ok);
	EXPECT_EQ(small, 0.1f);
	EXPECT_EQ(DecimalToDouble("1e309", parsed), Code::out_of_range);
	EXPECT_EQ(DecimalToDouble("1e-330", parsed), Code::inexact_number);
	EXPECT_EQ(DecimalToFloat("3.5e38", small), Code::out_of_range);
	EXPECT_EQ(DecimalToDouble("0.000", parsed), Code::ok);
	EXPECT_EQ(parsed, 0.0);
}

TEST(Decimal, InParts) {
	const struct {
		const char *text;
		int32_t scale;
		const char *parts; // or nullptr
	} kCases[] = {
		{"0", -1, "0/0"},
		{"-0.00", -1, "0/2"},
		{"1.50", -1, "150/2"},
		{"+1.5", 3, "1500/3"},
		{"-001.500", 1, "-15/1"},
		{"1.500", 0, nullptr},
		{"1.000", 0, "1/0"},
		{"7", 2, "700/2"},
		{".5", -1, "5/1"},
		{"5.", -1, "5/0"},
		{"999999999999999999", -1, "999999999999999999/0"},
		{"-999999999999999.999", 3, "-999999999999999999/3"},
		{"1000000000000000000", -1, nullptr},
		{"100000000000000000", 1, nullptr},
		{"0.000000000000000000000000000012", -1, "12/30"},
		{"0", 1000, "0/1000"},
		{"1e2", -1, nullptr},
		{"NaN", -1, nullptr},
		{"", -1, nullptr},
		{".", -1, nullptr},
		{"-", -1, nullptr},
		{"1.2.3", -1, nullptr},
	};
	for (const auto &c : kCases) {
		int64_t unscaled;
		uint32_t after;
		const bool split = SplitDecimal(c.text, c.scale, unscaled, after);
		ASSERT_EQ(split, c.parts != nullptr) << c.text;
		if (split) {
			EXPECT_EQ(std::to_string(unscaled) + "/" + std::to_string(after), c.parts) << c.text;
		}
	}
}

} // namespace
} // namespace alkconv::core
