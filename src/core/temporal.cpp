// Regime: C++ (may throw, never calls Postgres)
//
// Calendar arithmetic on integers only; no time zone but UTC is ever involved.
#include "core/temporal.hpp"

namespace alkconv::core {

namespace {

bool IsLeapYear(uint32_t year) noexcept { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

uint32_t DaysInMonth(uint32_t year, uint32_t month) noexcept {
	constexpr uint8_t kDays[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	return month == 2 && IsLeapYear(year) ? 29 : kDays[month];
}

char *PutDigits(uint32_t number, int width, char *out) noexcept {
	for (int i = width - 1; i >= 0; --i) {
		out[i] = static_cast<char>('0' + number % 10);
		number /= 10;
	}
	return out + width;
}

class Reader {
public:
	explicit Reader(std::string_view text) noexcept : text_(text) {}

	bool empty() const noexcept { return text_.empty(); }
	char Peek(size_t offset = 0) const noexcept { return offset < text_.size() ? text_[offset] : '\0'; }
	void Skip(size_t count) noexcept { text_.remove_prefix(count); }

	bool Take(char wanted) noexcept {
		if (Peek() != wanted || text_.empty())
			return false;
		text_.remove_prefix(1);
		return true;
	}

	// Between `least` and `most` digits, as many as there are.
	bool Digits(size_t least, size_t most, uint32_t &number) noexcept {
		size_t count = 0;
		number = 0;
		while (count < most && Peek(count) >= '0' && Peek(count) <= '9')
			number = number * 10 + static_cast<uint32_t>(Peek(count++) - '0');
		text_.remove_prefix(count);
		return count >= least;
	}

private:
	std::string_view text_;
};

Code ReadFraction(Reader &reader, uint32_t &microsecond) noexcept {
	uint32_t scale = 100000;
	bool any = false, lost = false;
	for (; reader.Peek() >= '0' && reader.Peek() <= '9'; reader.Skip(1), any = true) {
		const auto digit = static_cast<uint32_t>(reader.Peek() - '0');
		microsecond += digit * scale;
		lost |= scale == 0 && digit != 0;
		scale /= 10;
	}
	if (!any)
		return Code::invalid_text;
	return lost ? Code::inexact_number : Code::ok;
}

// hh:mm[:ss[.fraction]]
Code ReadTime(Reader &reader, size_t hour_digits, Temporal &t) noexcept {
	uint32_t hour, minute, second = 0;
	if (!reader.Digits(2, hour_digits, hour) || !reader.Take(':') || !reader.Digits(2, 2, minute))
		return Code::invalid_text;
	Code code = Code::ok;
	if (reader.Take(':')) {
		if (!reader.Digits(2, 2, second))
			return Code::invalid_text;
		if (reader.Take('.'))
			code = ReadFraction(reader, t.microsecond);
	}
	if (minute > 59 || second > 59)
		return Code::invalid_text;
	t.hour = static_cast<uint16_t>(hour);
	t.minute = static_cast<uint8_t>(minute);
	t.second = static_cast<uint8_t>(second);
	return code;
}

bool ReadZone(Reader &reader, int32_t &seconds) noexcept {
	if (reader.Take('Z')) {
		seconds = 0;
		return true;
	}
	const bool west = reader.Peek() == '-';
	uint32_t hour, minute = 0;
	reader.Skip(1);
	if (!reader.Digits(2, 2, hour) || hour > 15) // as far as Postgres goes
		return false;
	if ((reader.Take(':') || !reader.empty()) && (!reader.Digits(2, 2, minute) || minute > 59))
		return false;
	seconds = static_cast<int32_t>(hour * 3600 + minute * 60) * (west ? -1 : 1);
	return true;
}

} // namespace

Code CheckDate(const Temporal &t) noexcept {
	if (t.year == 0 || t.month == 0 || t.day == 0)
		return t.year == 0 && t.month == 0 && t.day == 0 ? Code::zero_date : Code::partial_date;
	if (t.month > 12 || t.year > 9999)
		return Code::date_out_of_range;
	return t.day > DaysInMonth(t.year, t.month) ? Code::partial_date : Code::ok;
}

Code CheckTimeOfDay(const Temporal &t) noexcept {
	const bool fits = t.hour < 24 && t.minute < 60 && t.second < 60 && t.microsecond < kMicrosecondsPerSecond;
	return fits ? Code::ok : Code::date_out_of_range;
}

Code CheckFraction(uint32_t microsecond, int32_t fsp) noexcept {
	constexpr uint32_t kUnits[] = {1000000, 100000, 10000, 1000, 100, 10};
	return fsp >= 0 && fsp < 6 && microsecond % kUnits[fsp] != 0 ? Code::inexact_number : Code::ok;
}

// Counts in years that begin in March, so that the leap day is the last one: 400 years have 146097 days.
int64_t DaysSince2000(int32_t year, uint32_t month, uint32_t day) noexcept {
	constexpr int64_t kDaysBefore2000 = 730425; // from 0000-03-01
	const int64_t march_year = month > 2 ? year : year - 1;
	const int64_t era = (march_year >= 0 ? march_year : march_year - 399) / 400;
	const int64_t year_of_era = march_year - era * 400;
	const int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - kDaysBefore2000;
}

int64_t TimeMicroseconds(const Temporal &t) noexcept {
	const int64_t seconds = (int64_t{t.hour} * 60 + t.minute) * 60 + t.second;
	const int64_t total = seconds * kMicrosecondsPerSecond + t.microsecond;
	return t.negative ? -total : total;
}

char *FormatDate(const Temporal &t, char *out) noexcept {
	out = PutDigits(t.year, 4, out);
	*out++ = '-';
	out = PutDigits(t.month, 2, out);
	*out++ = '-';
	return PutDigits(t.day, 2, out);
}

char *FormatTime(const Temporal &t, uint32_t fsp, char *out) noexcept {
	if (t.negative)
		*out++ = '-';
	out = PutDigits(t.hour, t.hour > 99 ? 3 : 2, out);
	*out++ = ':';
	out = PutDigits(t.minute, 2, out);
	*out++ = ':';
	out = PutDigits(t.second, 2, out);
	while (fsp < 6 && CheckFraction(t.microsecond, static_cast<int32_t>(fsp)) != Code::ok)
		++fsp;
	if (fsp == 0)
		return out;
	*out++ = '.';
	PutDigits(t.microsecond, 6, out);
	return out + (fsp < 6 ? fsp : 6);
}

char *FormatDateTime(const Temporal &t, uint32_t fsp, char *out) noexcept {
	out = FormatDate(t, out);
	*out++ = ' ';
	return FormatTime(t, fsp, out);
}

Code ParseTemporalText(std::string_view text, TemporalText &out) noexcept {
	Reader reader(text);
	out = {};
	Temporal &t = out.value;
	uint32_t year, month, day;
	if (reader.Peek(4) == '-') {
		if (!reader.Digits(4, 4, year) || !reader.Take('-') || !reader.Digits(2, 2, month) || !reader.Take('-') ||
			!reader.Digits(2, 2, day))
			return Code::invalid_text;
		t.year = static_cast<uint16_t>(year);
		t.month = static_cast<uint8_t>(month);
		t.day = static_cast<uint8_t>(day);
		out.has_date = true;
		if (reader.empty())
			return Code::ok;
		if (!reader.Take('T') && !reader.Take(' '))
			return Code::invalid_text;
	} else
		t.negative = reader.Take('-');
	out.has_time = true;
	const Code code = ReadTime(reader, out.has_date ? 2 : 3, t);
	if (code == Code::invalid_text)
		return code;
	if (out.has_date && (reader.Peek() == 'Z' || reader.Peek() == '+' || reader.Peek() == '-')) {
		out.has_zone = true;
		if (!ReadZone(reader, out.zone_seconds))
			return Code::invalid_text;
	}
	return reader.empty() ? code : Code::invalid_text;
}

} // namespace alkconv::core
