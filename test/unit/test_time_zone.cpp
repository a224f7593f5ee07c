// Regime: C++ (may throw, never calls Postgres)
//
// Zones: spellings, offsets of instants, and wall times that were never or twice.
#include "core/time_zone.hpp"

#include "core/status.hpp"
#include "core/temporal.hpp"

#include <gtest/gtest.h>

namespace alkconv::core {
namespace {

int64_t Seconds(const char *text) {
	TemporalText parsed;
	EXPECT_EQ(ParseTemporalText(text, parsed), Code::ok) << text;
	const Temporal &t = parsed.value;
	return DaysSince2000(t.year, t.month, t.day) * 86400 + TimeMicroseconds(t) / kMicrosecondsPerSecond;
}

// Sofia in 2024, and in 2424, which is the same: clocks are set forward at 01:00 UTC of 31 March, and back at 01:00 UTC of 27 October.
Zone Sofia() {
	return {"Europe/Sofia",
			7200,
			{{Seconds("2024-03-31 01:00:00"), 7200, 10800},
			 {Seconds("2024-10-27 01:00:00"), 10800, 7200},
			 {Seconds("2424-03-31 01:00:00"), 7200, 10800},
			 {Seconds("2424-10-27 01:00:00"), 10800, 7200}}};
}

TEST(TimeZone, Spellings) {
	struct Row {
		const char *text;
		ZoneSpelling spelling;
		int32_t offset;
	};
	const Row rows[] = {
		{"UTC", ZoneSpelling::offset, 0},
		{"gmt", ZoneSpelling::offset, 0},
		{"+00:00", ZoneSpelling::offset, 0},
		{"-00:00", ZoneSpelling::offset, 0},
		{"+05:00", ZoneSpelling::offset, 18000},
		{"-03:30", ZoneSpelling::offset, -12600},
		{"+14:00", ZoneSpelling::offset, 50400},
		{"+14:01", ZoneSpelling::invalid, 0},
		{"-13:59", ZoneSpelling::offset, -50340},
		{"-14:00", ZoneSpelling::invalid, 0},
		{"+5:00", ZoneSpelling::invalid, 0},
		{"+0500", ZoneSpelling::invalid, 0},
		{"+05:60", ZoneSpelling::invalid, 0},
		{"05:00", ZoneSpelling::invalid, 0},
		{"Europe/Sofia", ZoneSpelling::name, 0},
		{"America/Port-au-Prince", ZoneSpelling::name, 0},
		{"Etc/GMT-5", ZoneSpelling::name, 0},
		{"Etc/GMT+12", ZoneSpelling::name, 0},
		{"Etc/GMT+15", ZoneSpelling::invalid, 0},
		{"Etc/GMT-5X", ZoneSpelling::invalid, 0},
		{"FOO+3", ZoneSpelling::invalid, 0},
		{"EST5EDT", ZoneSpelling::invalid, 0},
		{"EST5EDT,M3.2.0,M11.1.0", ZoneSpelling::invalid, 0},
		{"<+03>-3", ZoneSpelling::invalid, 0},
		{"/etc/passwd", ZoneSpelling::invalid, 0},
		{"Europe/../Sofia", ZoneSpelling::invalid, 0},
		{"Europe/Sofia ", ZoneSpelling::invalid, 0},
		{"Europe/Sofia'", ZoneSpelling::invalid, 0},
		{"", ZoneSpelling::invalid, 0},
	};
	for (const Row &row : rows) {
		int32_t offset;
		EXPECT_EQ(ReadZone(row.text, offset), row.spelling) << row.text;
		EXPECT_EQ(offset, row.offset) << row.text;
	}
}

TEST(TimeZone, Arguments) {
	WallTimeArgument argument;
	EXPECT_TRUE(ParseWallTime("Europe/Sofia", argument));
	EXPECT_EQ(argument.zone, "Europe/Sofia");
	EXPECT_EQ(argument.choice, ClockChange::refuse);
	EXPECT_TRUE(ParseWallTime("+05:00,second", argument));
	EXPECT_EQ(argument.zone, "+05:00");
	EXPECT_EQ(argument.choice, ClockChange::second);
	EXPECT_TRUE(ParseWallTime("Europe/Sofia, first", argument));
	EXPECT_EQ(argument.choice, ClockChange::first);
	EXPECT_TRUE(ParseWallTime("Europe/Sofia, refuse", argument));
	EXPECT_EQ(argument.choice, ClockChange::refuse);
	for (const char *bad :
		 {"", "first", "Europe/Sofia,", "Europe/Sofia, third", "Europe/Sofia, first, second", ", first"})
		EXPECT_FALSE(ParseWallTime(bad, argument) && argument.zone != "first") << bad;
}

TEST(TimeZone, OffsetsOfInstants) {
	const Zone sofia = Sofia();
	struct Row {
		const char *instant;
		int32_t offset;
		bool twice;
	};
	const Row rows[] = {
		{"0001-01-01 00:00:00", 7200, false},  {"2024-03-31 00:59:59", 7200, false},
		{"2024-03-31 01:00:00", 10800, false}, {"2024-10-26 23:59:59", 10800, false},
		{"2024-10-27 00:00:00", 10800, true},  {"2024-10-27 00:59:59", 10800, true},
		{"2024-10-27 01:00:00", 7200, true},   {"2024-10-27 01:59:59", 7200, true},
		{"2024-10-27 02:00:00", 7200, false},  {"2499-12-31 00:00:00", 7200, false},
		{"2824-03-31 00:59:59", 7200, false},  {"2824-03-31 01:00:00", 10800, false}, // 400 years later
		{"9999-12-31 23:59:59", 7200, false},
	};
	for (const Row &row : rows) {
		bool twice;
		EXPECT_EQ(sofia.OffsetAt(Seconds(row.instant), twice), row.offset) << row.instant;
		EXPECT_EQ(twice, row.twice) << row.instant;
	}
}

TEST(TimeZone, OffsetsOfWallTimes) {
	const Zone sofia = Sofia();
	struct Row {
		const char *wall;
		int32_t first, second;
		bool doubtful;
	};
	const Row rows[] = {
		{"0001-01-01 00:00:00", 7200, 7200, false},	  {"2024-03-31 02:59:59", 7200, 7200, false},
		{"2024-03-31 03:00:00", 7200, 10800, true},	  {"2024-03-31 03:59:59", 7200, 10800, true},
		{"2024-03-31 04:00:00", 10800, 10800, false}, {"2024-10-27 02:59:59", 10800, 10800, false},
		{"2024-10-27 03:00:00", 10800, 7200, true},	  {"2024-10-27 03:59:59", 10800, 7200, true},
		{"2024-10-27 04:00:00", 7200, 7200, false},	  {"9999-12-31 23:59:59", 7200, 7200, false},
		{"2824-10-27 03:30:00", 10800, 7200, true},
	};
	for (const Row &row : rows) {
		bool doubtful;
		EXPECT_EQ(sofia.OffsetOf(Seconds(row.wall), ClockChange::first, doubtful), row.first) << row.wall;
		EXPECT_EQ(doubtful, row.doubtful) << row.wall;
		EXPECT_EQ(sofia.OffsetOf(Seconds(row.wall), ClockChange::second, doubtful), row.second) << row.wall;
		(void) sofia.OffsetOf(Seconds(row.wall), ClockChange::refuse, doubtful);
		EXPECT_EQ(doubtful, row.doubtful) << row.wall;
	}
}

// Every hour of forty years: the table of spans finds what a plain search would.
TEST(TimeZone, SpansFindWhatASearchFinds) {
	std::vector<ZoneChange> changes;
	int32_t offset = -12600;
	const int64_t end = Seconds("2020-01-01 00:00:00");
	for (int64_t at = Seconds("1980-01-01 00:00:00"); at < end; at += 86400 * 37 + 3601) {
		const int32_t next = offset == -12600 ? 50400 : offset == 50400 ? 46800 : -12600;
		changes.push_back({at, offset, next});
		offset = next;
	}
	const Zone zone("Test/Zone", -12600, changes);
	size_t passed = 0;
	const int64_t until = Seconds("2020-03-01 00:00:00");
	for (int64_t at = Seconds("1979-12-01 00:00:00"); at < until; at += 3600) {
		while (passed < changes.size() && changes[passed].at <= at)
			++passed;
		const int32_t expected = passed == 0 ? -12600 : changes[passed - 1].after;
		bool twice, doubtful;
		ASSERT_EQ(zone.OffsetAt(at, twice), expected) << at;
		const int32_t first = zone.OffsetOf(at + expected, ClockChange::first, doubtful);
		ASSERT_TRUE(first == expected || doubtful) << at;
		ASSERT_EQ(twice, doubtful) << at; // an instant's wall time exists: it is doubtful only when it was twice
	}
}

TEST(TimeZone, ChangesThatOverlapAreRefused) {
	EXPECT_THROW(Zone("Test/Zone", 0, {{1000, 0, 7200}, {2000, 7200, 0}}), Error);
}

TEST(TimeZone, Clocks) {
	const auto zone = [](const char *global, const char *system, bool utc) {
		SourceClock clock;
		clock.global = global;
		clock.system = system;
		clock.system_is_utc = utc;
		return ZoneOf(clock) + " of " + DescribeClock(clock);
	};
	EXPECT_EQ(zone("+05:00", "UTC", true), "+05:00 of +05:00");
	EXPECT_EQ(zone("SYSTEM", "UTC", true), "UTC of SYSTEM (UTC)");
	EXPECT_EQ(zone("SYSTEM", "GMT", false), " of SYSTEM (GMT)"); // London in winter
	EXPECT_EQ(zone("SYSTEM", "EEST", false), " of SYSTEM (EEST)");
	EXPECT_EQ(zone("SYSTEM", "Europe/Sofia", false), "Europe/Sofia of SYSTEM (Europe/Sofia)");
	EXPECT_EQ(zone("Europe/Sofia", "UTC", true), "Europe/Sofia of Europe/Sofia");
	EXPECT_EQ(zone("it's", "UTC", true), " of it's");
}

} // namespace
} // namespace alkconv::core
