// Regime: C++ (may throw, never calls Postgres)
//
// Calendar and clock: checks of MySQL's dates (which may be zero, partial or impossible), Postgres' counts of days and microseconds,
// and the text forms.
#pragma once

#include "core/status.hpp"
#include "core/value.hpp"

#include <cstdint>
#include <string_view>

namespace alkconv::core {

constexpr int64_t kMicrosecondsPerSecond = 1000000;
constexpr int64_t kMicrosecondsPerDay = int64_t{86400} * kMicrosecondsPerSecond;

// ok; zero_date for 0000-00-00; partial_date when year, month or day is 0 or the month does not have that day (year 0 exists in
// MySQL and neither in Postgres nor in history); date_out_of_range for months above 12.
Code CheckDate(const Temporal &t) noexcept;
// ok, or date_out_of_range for an hour above 23, a minute or second above 59, or a microsecond above 999999.
Code CheckTimeOfDay(const Temporal &t) noexcept;
// ok, or inexact_number when there are non-zero digits beyond the first `fsp` of the fraction.
Code CheckFraction(uint32_t microsecond, int32_t fsp) noexcept;

// Days since 2000-01-01 in the proleptic Gregorian calendar. Precondition: CheckDate is ok.
int64_t DaysSince2000(int32_t year, uint32_t month, uint32_t day) noexcept;
// The time part in microseconds, with its sign; hours may exceed a day.
int64_t TimeMicroseconds(const Temporal &t) noexcept;

// The longest of the texts below: -838:59:59.123456, 9999-12-31 23:59:59.123456.
constexpr size_t kMaxTemporalText = 32;
// Each writes at `out` and returns the end. `fsp` digits of the fraction, more where they are not zero.
char *FormatDate(const Temporal &t, char *out) noexcept;				   // 2020-01-31
char *FormatTime(const Temporal &t, uint32_t fsp, char *out) noexcept;	   // 23:59:59.5, -838:00:00
char *FormatDateTime(const Temporal &t, uint32_t fsp, char *out) noexcept; // 2020-01-31 23:59:59.5

// A date, a time or both, and a zone, read from text.
struct TemporalText {
	Temporal value;
	bool has_date, has_time, has_zone;
	int32_t zone_seconds; // east of Greenwich
};

// Reads ISO 8601's extended form, and MySQL's for TIME: YYYY-MM-DD; [-]hh:mm[:ss[.fraction]] with up to three digits of hours
// when there is no date; both with 'T' or a blank between; then Z, +hh, +hhmm or +hh:mm. Nothing else, because Postgres' own input
// depends on DateStyle, takes words such as 'today', and drops what the type does not hold.
// ok, invalid_text, or inexact_number for non-zero digits beyond microseconds. The calendar is not checked.
Code ParseTemporalText(std::string_view text, TemporalText &out) noexcept;

} // namespace alkconv::core
