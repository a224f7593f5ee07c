// Regime: C++ (may throw, never calls Postgres)
//
// Dates and times. A DATETIME is a wall time; a TIMESTAMP is an instant, which arrives in UTC because the session's time_zone is '+00:00'. Only where
// the target turns one into the other do they pass through a zone, which somebody has named.
#include "core/conversion_functions.hpp"
#include "core/temporal.hpp"
#include "core/text.hpp"
#include "core/value_builders.hpp"

namespace alkconv::core::convert {

namespace {

Code Date(const Temporal &t, Value &value) noexcept {
	const Code code = CheckDate(t);
	return code == Code::ok ? SetInteger(ValueKind::date, DaysSince2000(t.year, t.month, t.day), value) : code;
}

Code Timestamp(const Temporal &t, int32_t fsp, int32_t zone_seconds, Value &value) noexcept {
	Code code = CheckDate(t);
	if (code == Code::ok)
		code = CheckTimeOfDay(t);
	if (code == Code::ok)
		code = CheckFraction(t.microsecond, fsp);
	if (code != Code::ok)
		return code;
	const int64_t wall = DaysSince2000(t.year, t.month, t.day) * kMicrosecondsPerDay + TimeMicroseconds(t);
	return SetInteger(ValueKind::timestamp, wall - zone_seconds * kMicrosecondsPerSecond, value);
}

int64_t WholeSeconds(int64_t microseconds) noexcept {
	return microseconds / kMicrosecondsPerSecond - (microseconds % kMicrosecondsPerSecond < 0);
}

// Of wall times: all, and those at a change of the clock.
void Count(const ConversionContext &context, bool at_change) noexcept {
	if (context.touched == nullptr)
		return;
	++context.touched[0];
	context.touched[1] += at_change;
}

Code Time(const Temporal &t, int32_t fsp, Value &value) noexcept {
	const int64_t microseconds = TimeMicroseconds(t);
	if (microseconds < 0 || microseconds > kMicrosecondsPerDay) // Postgres has 24:00:00
		return Code::out_of_range;
	const Code code = CheckFraction(t.microsecond, fsp);
	return code == Code::ok ? SetInteger(ValueKind::time, microseconds, value) : code;
}

Code Interval(const Temporal &t, int32_t fsp, Value &value) noexcept {
	const Code code = CheckFraction(t.microsecond, fsp);
	return code == Code::ok ? SetInteger(ValueKind::interval, TimeMicroseconds(t), value) : code;
}

} // namespace

Code DateToDate(const ConversionContext &, const Cell &cell, Arena &, Value &value) noexcept {
	return Date(cell.temporal, value);
}

Code DateTimeToTimestamp(const ConversionContext &context, const Cell &cell, Arena &, Value &value) noexcept {
	return Timestamp(cell.temporal, context.target->fsp, 0, value);
}

Code InstantToWallTime(const ConversionContext &context, const Cell &cell, Arena &, Value &value) noexcept {
	const Code code = Timestamp(cell.temporal, context.target->fsp, 0, value);
	if (code != Code::ok)
		return code;
	bool twice;
	const int32_t offset = context.zone->OffsetAt(WholeSeconds(value.i64), twice);
	value.i64 += offset * kMicrosecondsPerSecond;
	Count(context, twice);
	return Code::ok;
}

Code WallTimeToInstant(const ConversionContext &context, const Cell &cell, Arena &, Value &value) noexcept {
	const Code code = Timestamp(cell.temporal, context.target->fsp, 0, value);
	if (code != Code::ok)
		return code;
	bool doubtful;
	const int32_t offset = context.zone->OffsetOf(WholeSeconds(value.i64), context.clock_change, doubtful);
	if (doubtful && context.clock_change == ClockChange::refuse)
		return Code::doubtful_wall_time;
	value.i64 -= offset * kMicrosecondsPerSecond;
	Count(context, doubtful);
	return Code::ok;
}

Code DateTimeToDate(const ConversionContext &, const Cell &cell, Arena &, Value &value) noexcept {
	const Code code = Date(cell.temporal, value);
	return code == Code::ok && TimeMicroseconds(cell.temporal) != 0 ? Code::inexact_number : code;
}

Code TimeToTime(const ConversionContext &context, const Cell &cell, Arena &, Value &value) noexcept {
	return Time(cell.temporal, context.target->fsp, value);
}

Code TimeToInterval(const ConversionContext &context, const Cell &cell, Arena &, Value &value) noexcept {
	return Interval(cell.temporal, context.target->fsp, value);
}

Code TextToDate(const ConversionContext &, const Cell &cell, Arena &, Value &value) noexcept {
	TemporalText text;
	const Code code = ParseTemporalText(cell.text(), text);
	if (code != Code::ok)
		return code;
	return text.has_date && !text.has_time ? Date(text.value, value) : Code::invalid_text;
}

Code TextToTime(const ConversionContext &context, const Cell &cell, Arena &, Value &value) noexcept {
	TemporalText text;
	const Code code = ParseTemporalText(cell.text(), text);
	if (code != Code::ok)
		return code;
	return text.has_date ? Code::invalid_text : Time(text.value, context.target->fsp, value);
}

Code TextToTimestamp(const ConversionContext &context, const Cell &cell, Arena &, Value &value) noexcept {
	TemporalText text;
	const Code code = ParseTemporalText(cell.text(), text);
	if (code != Code::ok)
		return code;
	// A zone would be dropped: the text denotes an instant, the target a wall time.
	return text.has_date && !text.has_zone ? Timestamp(text.value, context.target->fsp, 0, value) : Code::invalid_text;
}

Code TextToTimestamptz(const ConversionContext &context, const Cell &cell, Arena &, Value &value) noexcept {
	TemporalText text;
	const Code code = ParseTemporalText(cell.text(), text);
	if (code != Code::ok)
		return code;
	// Without a zone the session's would be taken: the text denotes a wall time, the target an instant.
	return text.has_zone ? Timestamp(text.value, context.target->fsp, text.zone_seconds, value) : Code::invalid_text;
}

Code TextToInterval(const ConversionContext &context, const Cell &cell, Arena &, Value &value) noexcept {
	TemporalText text;
	const Code code = ParseTemporalText(cell.text(), text);
	if (code == Code::ok && !text.has_date)
		return Interval(text.value, context.target->fsp, value);
	if (code == Code::inexact_number)
		return code;
	// Other spellings ("1 day 02:00", "P1D") are the input function's, which rounds fractions: those it must not get.
	if (cell.text().find('.') != std::string_view::npos)
		return Code::invalid_text;
	const TextScan scan = ScanText(cell.text());
	return scan.code == Code::ok ? SetBytes(ValueKind::input, cell.text(), value) : scan.code;
}

} // namespace alkconv::core::convert
