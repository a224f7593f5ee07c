// Regime: C++ (may throw, never calls Postgres)
//
// The calendar against a day-by-day walk, and round trips of text.
#include "core/temporal.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace alkconv::core {
namespace {

TEST(Temporal, EveryDayOfTenThousandYears) {
	int64_t expected = -730119; // 0001-01-01
	for (uint16_t year = 1; year <= 9999; ++year)
		for (uint8_t month = 1; month <= 12; ++month) {
			const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
			const int days = month == 2												 ? (leap ? 29 : 28)
							 : month == 4 || month == 6 || month == 9 || month == 11 ? 30
																					 : 31;
			for (uint8_t day = 1; day <= 31; ++day) {
				const Temporal t{year, month, day, 0, 0, 0, 0, false};
				if (day > days) {
					ASSERT_EQ(CheckDate(t), Code::partial_date) << year << "-" << int{month} << "-" << int{day};
					continue;
				}
				ASSERT_EQ(CheckDate(t), Code::ok);
				ASSERT_EQ(DaysSince2000(year, month, day), expected) << year << "-" << int{month} << "-" << int{day};
				++expected;
			}
		}
	EXPECT_EQ(expected, 2921940) << "9999-12-31 is day 2921939";
}

TEST(Temporal, Trap4DatesThatAreNone) {
	struct {
		uint16_t year;
		uint8_t month, day;
		Code code;
	} cases[] = {{0, 0, 0, Code::zero_date},
				 {2020, 0, 0, Code::partial_date},
				 {2020, 0, 10, Code::partial_date},
				 {2020, 10, 0, Code::partial_date},
				 {0, 1, 1, Code::partial_date},
				 {0, 12, 31, Code::partial_date},
				 {0, 0, 1, Code::partial_date},
				 {2020, 13, 1, Code::date_out_of_range},
				 {10000, 1, 1, Code::date_out_of_range},
				 {2021, 2, 29, Code::partial_date},
				 {2000, 2, 29, Code::ok},
				 {1900, 2, 29, Code::partial_date}};
	for (const auto &c : cases)
		EXPECT_EQ(CheckDate({c.year, c.month, c.day, 0, 0, 0, 0, false}), c.code)
			<< c.year << "-" << int{c.month} << "-" << int{c.day};
}

TEST(Temporal, FractionsAgainstEachPrecision) {
	uint32_t unit = 1000000;
	for (int32_t fsp = 0; fsp < 6; ++fsp, unit /= 10)
		for (const uint32_t microsecond : {0u, 1u, 10u, 100u, 1000u, 10000u, 100000u, 999999u, 990000u})
			EXPECT_EQ(CheckFraction(microsecond, fsp), microsecond % unit == 0 ? Code::ok : Code::inexact_number)
				<< microsecond << " " << fsp;
	EXPECT_EQ(CheckFraction(999999, 6), Code::ok);
	EXPECT_EQ(CheckFraction(999999, -1), Code::ok) << "no limit";
}

TEST(Temporal, RandomTextComesBack) {
	std::mt19937 random(4);
	for (int round = 0; round < 20000; ++round) {
		const auto fsp = static_cast<uint32_t>(random() % 7);
		uint32_t unit = 1;
		for (uint32_t i = fsp; i < 6; ++i)
			unit *= 10;
		Temporal t{static_cast<uint16_t>(1 + random() % 9999),
				   static_cast<uint8_t>(1 + random() % 12),
				   static_cast<uint8_t>(1 + random() % 28),
				   static_cast<uint16_t>(random() % 24),
				   static_cast<uint8_t>(random() % 60),
				   static_cast<uint8_t>(random() % 60),
				   static_cast<uint32_t>(random() % 1000000 / unit * unit),
				   false};
		char text[kMaxTemporalText];
		TemporalText parsed;
		std::string written(text, static_cast<size_t>(FormatDateTime(t, fsp, text) - text));
		ASSERT_EQ(written.size(), fsp == 0 ? 19 : 20 + fsp) << written;
		ASSERT_EQ(ParseTemporalText(written, parsed), Code::ok) << written;
		ASSERT_TRUE(parsed.has_date && parsed.has_time && !parsed.has_zone);
		ASSERT_EQ(parsed.value.year, t.year);
		ASSERT_EQ(parsed.value.month, t.month);
		ASSERT_EQ(parsed.value.day, t.day);
		ASSERT_EQ(TimeMicroseconds(parsed.value), TimeMicroseconds(t)) << written;

		t.hour = static_cast<uint16_t>(random() % 839);
		t.negative = random() % 2 == 1;
		written.assign(text, static_cast<size_t>(FormatTime(t, fsp, text) - text));
		ASSERT_EQ(ParseTemporalText(written, parsed), Code::ok) << written;
		ASSERT_TRUE(!parsed.has_date && parsed.has_time && !parsed.has_zone);
		ASSERT_EQ(TimeMicroseconds(parsed.value), TimeMicroseconds(t)) << written;
	}
}

TEST(Temporal, DigitsBeyondTheDeclaredOnesAreShown) {
	char text[kMaxTemporalText];
	const Temporal t{2020, 1, 31, 23, 59, 59, 120000, false};
	EXPECT_EQ(std::string(text, static_cast<size_t>(FormatDateTime(t, 0, text) - text)), "2020-01-31 23:59:59.12");
	EXPECT_EQ(std::string(text, static_cast<size_t>(FormatTime(t, 6, text) - text)), "23:59:59.120000");
}

TEST(Temporal, TextThatIsNoDateOrTime) {
	for (const char *text : {"",
							 "-",
							 "2020",
							 "2020-1-01",
							 "2020-01-1",
							 "2020-01-01 ",
							 "2020-01-01T",
							 "2020-01-01 1:00",
							 "2020-01-01 10",
							 "2020-01-01 10:00:00x",
							 "2020-01-01 10:00:00,5",
							 "2020-01-01 10:00:00Z ",
							 "2020-01-01 10:00:00+",
							 "2020-01-01 10:00:00+16",
							 "2020-01-01 10:00:00+01:0",
							 "10:00Z",
							 "1:00",
							 "1000:00:00",
							 "10:61",
							 "10:00:60",
							 "-2020-01-01",
							 "2020-01-01-",
							 "now",
							 "infinity"}) {
		TemporalText parsed;
		EXPECT_EQ(ParseTemporalText(text, parsed), Code::invalid_text) << text;
	}
}

} // namespace
} // namespace alkconv::core
