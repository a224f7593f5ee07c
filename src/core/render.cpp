// Regime: C++ (may throw, never calls Postgres)
//
// Floating-point numbers are laid out as float4out and float8out do: fixed notation for exponents from -4 to below the type's
// decimal precision (6 and 15), else scientific with at least two digits of exponent. The digits are the shortest that come back;
// Postgres writes one more where the shortest lie exactly between two numbers.
#include "core/render.hpp"

#include "core/bits.hpp"
#include "core/temporal.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

namespace alkconv::core {

namespace {

char *Put(std::string_view text, char *out) noexcept {
	std::memcpy(out, text.data(), text.size());
	return out + text.size();
}

char *PutUnsigned(uint64_t number, char *out) noexcept { return std::to_chars(out, out + kMaxRendered, number).ptr; }

// The shortest digits that denote a positive number, the first of them before the point, times ten to `exponent`.
struct Shortest {
	char text[40]; // d[.ddd]e±dd
	size_t length = 0;
	char digits[24];
	size_t count = 0;
	int exponent = 0;
};

template <class F>
Shortest ShortestOf(F value) noexcept {
	Shortest shortest;
	char *const text = shortest.text;
	const char *const end = std::to_chars(text, text + sizeof shortest.text, value, std::chars_format::scientific).ptr;
	shortest.length = static_cast<size_t>(end - text);
	const char *mark = static_cast<const char *>(std::memchr(text, 'e', shortest.length));
	for (const char *at = text; at < mark; ++at)
		if (*at != '.')
			shortest.digits[shortest.count++] = *at;
	std::from_chars(mark + (mark[1] == '+' ? 2 : 1), end, shortest.exponent);
	return shortest;
}

template <class F>
char *PutFloating(F value, char *out) noexcept {
	if (std::isnan(value))
		return Put("NaN", out);
	if (std::signbit(value))
		*out++ = '-';
	value = std::fabs(value);
	if (std::isinf(value))
		return Put("Infinity", out);
	if (value == 0)
		return Put("0", out);

	const Shortest shortest = ShortestOf(value);
	const char *const digits = shortest.digits;
	const size_t count = shortest.count;
	const int exponent = shortest.exponent;
	if (exponent < -4 || exponent >= std::numeric_limits<F>::digits10)
		return Put({shortest.text, shortest.length}, out);
	if (exponent < 0) {
		out = Put("0.", out);
		for (int i = -1; i > exponent; --i)
			*out++ = '0';
		return Put({digits, count}, out);
	}
	for (size_t i = 0; i < count || i <= static_cast<size_t>(exponent); ++i) {
		if (i == static_cast<size_t>(exponent) + 1)
			*out++ = '.';
		*out++ = i < count ? digits[i] : '0';
	}
	return out;
}

// As the source shows FLOAT(M,D): the exact binary number, rounded at the last digit that is shown, but no more digits than denote it as a double; zeros
// take the place of those (my_fcvt in dtoa.c of both servers).
char *PutFixed(double value, uint32_t decimals, char *out) noexcept {
	if (!std::isfinite(value)) // which no column of the source holds
		return PutFloating(value, out);
	const auto places = static_cast<int>(decimals);
	const Shortest shortest = value == 0 ? Shortest() : ShortestOf(std::fabs(value));
	if (value == 0 || static_cast<int>(shortest.count) - 1 - shortest.exponent > places)
		return std::to_chars(out, out + kMaxRendered, value, std::chars_format::fixed, places).ptr;
	if (std::signbit(value))
		*out++ = '-';
	for (int place = std::max(shortest.exponent, 0); place >= -places; --place) {
		if (place == -1)
			*out++ = '.';
		const int digit = shortest.exponent - place;
		*out++ = digit >= 0 && digit < static_cast<int>(shortest.count) ? shortest.digits[digit] : '0';
	}
	return out;
}

} // namespace

char *RenderInteger(const SourceType &, const Cell &cell, char *out) noexcept {
	if (cell.kind == CellKind::int64)
		return std::to_chars(out, out + kMaxRendered, cell.i64).ptr;
	return PutUnsigned(cell.u64, out);
}

char *RenderYear(const SourceType &, const Cell &cell, char *out) noexcept {
	const uint64_t year = cell.u64; // never negative, so both members of the union read alike
	for (uint64_t unit = 1000; unit > 0; unit /= 10)
		*out++ = static_cast<char>('0' + year / unit % 10);
	return out;
}

char *RenderFloat(const SourceType &source, const Cell &cell, char *out) noexcept {
	return source.HasDeclaredDigits() ? PutFixed(static_cast<double>(cell.f32), source.scale, out)
									  : PutFloating(cell.f32, out);
}

char *RenderDouble(const SourceType &source, const Cell &cell, char *out) noexcept {
	return source.HasDeclaredDigits() ? PutFixed(cell.f64, source.scale, out) : PutFloating(cell.f64, out);
}

char *RenderDate(const SourceType &, const Cell &cell, char *out) noexcept { return FormatDate(cell.temporal, out); }

char *RenderDateTime(const SourceType &source, const Cell &cell, char *out) noexcept {
	return FormatDateTime(cell.temporal, source.fsp, out);
}

char *RenderTimestamp(const SourceType &source, const Cell &cell, char *out) noexcept {
	return Put("+00", RenderDateTime(source, cell, out));
}

char *RenderTime(const SourceType &source, const Cell &cell, char *out) noexcept {
	return FormatTime(cell.temporal, source.fsp, out);
}

char *RenderBits(const SourceType &source, const Cell &cell, char *out) noexcept {
	uint64_t number;
	if (!BitsToNumber(source, cell, number))
		return nullptr;
	for (uint64_t bit = source.length; bit-- > 0;)
		*out++ = static_cast<char>('0' + ((number >> bit) & 1));
	return out;
}

char *RenderBitNumber(const SourceType &source, const Cell &cell, char *out) noexcept {
	uint64_t number;
	return BitsToNumber(source, cell, number) ? PutUnsigned(number, out) : nullptr;
}

uint32_t CellKindsOf(const SourceType &source) noexcept {
	const auto bit = [](CellKind kind) { return 1u << static_cast<unsigned>(kind); };
	switch (source.kind) {
	case MySqlKind::tinyint:
	case MySqlKind::smallint:
	case MySqlKind::mediumint:
	case MySqlKind::int_:
	case MySqlKind::bigint:
	case MySqlKind::year: return bit(CellKind::int64) | bit(CellKind::uint64);
	case MySqlKind::float_: return bit(CellKind::float32);
	case MySqlKind::double_: return bit(CellKind::float64);
	case MySqlKind::date:
	case MySqlKind::datetime:
	case MySqlKind::timestamp:
	case MySqlKind::time: return bit(CellKind::temporal);
	default: return bit(CellKind::bytes);
	}
}

RenderFunction RenderFor(const SourceType &source) noexcept {
	switch (source.kind) {
	case MySqlKind::tinyint:
	case MySqlKind::smallint:
	case MySqlKind::mediumint:
	case MySqlKind::int_:
	case MySqlKind::bigint: return RenderInteger;
	case MySqlKind::float_: return RenderFloat;
	case MySqlKind::double_: return RenderDouble;
	case MySqlKind::bit: return RenderBits;
	case MySqlKind::year: return RenderYear;
	case MySqlKind::date: return RenderDate;
	case MySqlKind::datetime: return RenderDateTime;
	case MySqlKind::timestamp: return RenderTimestamp;
	case MySqlKind::time: return RenderTime;
	default: return nullptr;
	}
}

} // namespace alkconv::core
