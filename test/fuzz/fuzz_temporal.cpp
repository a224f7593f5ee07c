// Regime: C++ (may throw, never calls Postgres)
//
// Dates and times: what is read and formatted is read as the same again, and days and microseconds stay within their bounds.
#include "core/temporal.hpp"
#include "fuzz.hpp"

#include <string>

using namespace alkconv::core;

static void CheckAgain(const TemporalText &parsed, const std::string &text) {
	TemporalText again{};
	Require(ParseTemporalText(text, again) == Code::ok);
	Require(again.has_date == parsed.has_date && again.has_time == parsed.has_time);
	const Temporal &a = parsed.value, &b = again.value;
	Require(a.year == b.year && a.month == b.month && a.day == b.day);
	Require(a.hour == b.hour && a.minute == b.minute && a.second == b.second && a.microsecond == b.microsecond);
	Require(a.negative == b.negative);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	const std::string text(reinterpret_cast<const char *>(data), size);
	TemporalText parsed{};
	if (ParseTemporalText(text, parsed) != Code::ok)
		return 0;
	Require(parsed.has_date || parsed.has_time);
	char out[kMaxTemporalText];
	if (parsed.has_date && CheckDate(parsed.value) == Code::ok) {
		const int64_t days = DaysSince2000(parsed.value.year, parsed.value.month, parsed.value.day);
		Require(days > -800000 && days < 3000000);
	}
	if (parsed.has_date && parsed.has_time)
		CheckAgain(parsed, {out, FormatDateTime(parsed.value, 0, out)});
	else if (parsed.has_date)
		CheckAgain(parsed, {out, FormatDate(parsed.value, out)});
	else
		CheckAgain(parsed, {out, FormatTime(parsed.value, 6, out)});
	const int64_t microseconds = TimeMicroseconds(parsed.value);
	Require(microseconds > -1000 * kMicrosecondsPerDay && microseconds < 1000 * kMicrosecondsPerDay);
	return 0;
}
