// Regime: C++ (may throw, never calls Postgres)
//
// Numbers, dates and times.
#include "core/preflight_operand.hpp"

#include "core/digest_mysql.hpp"
#include "core/digest_zones.hpp"

namespace alkconv::core::preflight {

namespace {

namespace my = digest::mysql;

// Numbers, dates and times as text: ASCII.
void AsText(const Operand &o, const std::string &text) { TooLong(o, "LENGTH(" + text + ")"); }

// CheckDate: 0000-00-00, and dates that are in no calendar. LAST_DAY is NULL for most of them.
void Calendar(const Operand &o) {
	const std::string &x = o.x;
	const std::string zero = "YEAR(" + x + ")=0 AND MONTH(" + x + ")=0 AND DAYOFMONTH(" + x + ")=0";
	o.Add("zero_date", Code::zero_date, zero);
	if (o.source().kind == MySqlKind::timestamp) // seconds since 1970, and zero
		return;
	o.Add("year_zero", Code::partial_date, "YEAR(" + x + ")=0 AND (MONTH(" + x + ")<>0 OR DAYOFMONTH(" + x + ")<>0)");
	o.Add("partial_date", Code::partial_date,
		  "YEAR(" + x + ")>0 AND (MONTH(" + x + ")=0 OR DAYOFMONTH(" + x + ")=0 OR DAYOFMONTH(" + x +
			  ")>28 AND DAYOFMONTH(" + x + ")>DAYOFMONTH(LAST_DAY(" + x + ")))");
}

std::string IsCalendarDate(const std::string &x) {
	return "YEAR(" + x + ")>0 AND MONTH(" + x + ")>0 AND DAYOFMONTH(" + x + ")>0 AND DAYOFMONTH(" + x +
		   ")<=DAYOFMONTH(LAST_DAY(" + x + "))";
}

// Digits of the second that the target does not keep.
void Fraction(const Operand &o, const std::string &otherwise_right) {
	const int32_t fsp = o.target().fsp;
	if (fsp < 0 || fsp >= static_cast<int32_t>(o.source().fsp))
		return;
	o.Add("inexact_number", Code::inexact_number,
		  otherwise_right + " AND MICROSECOND(" + o.x + ")%" + PowerOfTen(6 - fsp) + "<>0");
}

// What the zone's clocks never showed, or showed twice.
void WallTime(const Operand &o) {
	const ColumnPolicy &policy = o.column.policy;
	if (policy.zone == nullptr || policy.clock_change != ClockChange::refuse || o.kind() != PgKind::timestamptz)
		return;
	const std::string doubtful = my::IsDoubtful(o.x, *policy.zone);
	if (!doubtful.empty())
		o.Add("doubtful_wall_time", Code::doubtful_wall_time, IsCalendarDate(o.x) + " AND " + doubtful);
}

} // namespace

std::string PowerOfTen(int32_t exponent) { return '1' + std::string(static_cast<size_t>(exponent), '0'); }

const IntegerRange *RangeOf(PgKind kind) noexcept {
	static constexpr IntegerRange kInt2{"-32768", "32767"}, kInt4{"-2147483648", "2147483647"},
		kInt8{"-9223372036854775808", "9223372036854775807"};
	switch (kind) {
	case PgKind::int2: return &kInt2;
	case PgKind::int4: return &kInt4;
	case PgKind::int8: return &kInt8;
	default: return nullptr;
	}
}

namespace {

// Bits that values of the type have at most, the sign aside.
size_t MagnitudeBits(const SourceType &type) noexcept {
	const size_t sign = type.is_unsigned ? 0 : 1;
	switch (type.kind) {
	case MySqlKind::tinyint: return 8 - sign;
	case MySqlKind::smallint: return 16 - sign;
	case MySqlKind::mediumint: return 24 - sign;
	case MySqlKind::int_: return 32 - sign;
	case MySqlKind::bigint: return 64 - sign;
	case MySqlKind::year: return 12; // 2155
	case MySqlKind::bit: return type.length;
	default: return 64;
	}
}

size_t MagnitudeBits(PgKind kind) noexcept { return kind == PgKind::int2 ? 15 : kind == PgKind::int4 ? 31 : 63; }

} // namespace

void OutOfRange(const Operand &o, const std::string &number, const IntegerRange &range) {
	o.Add("out_of_range", Code::out_of_range, number + " NOT BETWEEN " + range.minimum + " AND " + range.maximum);
}

void OutOfNumeric(const Operand &o, const std::string &number, const std::string &fraction_test, int32_t most_digits) {
	const TargetType &target = o.target();
	if (target.precision < 0)
		return;
	const int32_t digits = target.precision - target.scale;
	std::string limit; // empty: nothing is beyond it
	if (digits > 0 && digits < most_digits)
		limit = PowerOfTen(digits);
	else if (digits < most_digits) // 0.00123 in numeric(2,5): what is left of the last two of five digits must be zero
		limit = digits == 0 ? "1" : "0." + std::string(static_cast<size_t>(-digits - 1), '0') + "1";
	// no ABS: the least bigint has none
	const std::string beyond =
		limit.empty() ? "FALSE" : "(" + number + ">=" + limit + " OR " + number + "<=-" + limit + ")";
	if (!limit.empty())
		o.Add("out_of_range", Code::out_of_range, beyond);
	if (!fraction_test.empty())
		o.Add("inexact_number", Code::inexact_number, "NOT(" + beyond + ") AND " + fraction_test);
}

std::string HasMoreDigits(const std::string &number, int32_t scale) {
	return number + "<>TRUNCATE(" + number + "," + std::to_string(scale) + ")";
}

void TooLong(const Operand &o, const std::string &characters) {
	if (o.target().length >= 0)
		o.Add("text_too_long", Code::text_too_long, characters + ">" + std::to_string(o.target().length));
}

void FromInteger(const Operand &o) {
	const bool is_bit = o.source().kind == MySqlKind::bit;
	const std::string number = is_bit ? "(" + o.x + "+0)" : o.x;
	if (const IntegerRange *range = RangeOf(o.kind())) {
		if (MagnitudeBits(o.source()) > MagnitudeBits(o.kind())) // otherwise the source's type has no such number
			OutOfRange(o, number, *range);
		return;
	}
	if (o.kind() == PgKind::boolean)
		return o.Add("not_boolean", Code::not_boolean, number + " NOT IN (0,1)");
	if (o.kind() == PgKind::numeric)
		return OutOfNumeric(o, number,
							o.target().precision >= 0 && o.target().scale < 0 ? HasMoreDigits(number, o.target().scale)
																			  : "");
	if (o.kind() == PgKind::float4 || o.kind() == PgKind::float8) {
		// the lowest bit that is set and the highest one may be no further apart than the mantissa is wide
		const std::string bits = "CAST(" + number + " AS UNSIGNED)";
		const std::string magnitude = "IF(" + number + "<0,~" + bits + "+1," + bits + ")";
		return o.Add("inexact_number", Code::inexact_number,
					 "IF(" + number + "=0,FALSE," + magnitude + " DIV (" + bits + "&(~" + bits +
						 "+1))>=" + (o.kind() == PgKind::float4 ? "16777216" : "9007199254740992") + ")");
	}
	if (IsTextTarget(o.kind()))
		return AsText(o, o.source().kind == MySqlKind::year ? my::AsChar(o.x) : my::Integer(o.x, o.source()));
	if (o.kind() == PgKind::other)
		o.Unchecked(kInputDecides);
}

void FromDecimal(const Operand &o) {
	if (const IntegerRange *range = RangeOf(o.kind())) {
		OutOfRange(o, o.x, *range);
		if (o.source().scale > 0)
			o.Add("inexact_number", Code::inexact_number,
				  o.x + " BETWEEN " + range->minimum + " AND " + range->maximum + " AND " + HasMoreDigits(o.x, 0));
		return;
	}
	const auto digits = static_cast<int32_t>(o.source().precision);
	if (o.kind() == PgKind::numeric)
		return OutOfNumeric(
			o, o.x,
			static_cast<int32_t>(o.source().scale) > o.target().scale ? HasMoreDigits(o.x, o.target().scale) : "",
			digits - static_cast<int32_t>(o.source().scale));
	if (o.kind() == PgKind::float4 || o.kind() == PgKind::float8) {
		if (digits > (o.kind() == PgKind::float4 ? 6 : 15))
			o.Unchecked("whether a number survives the way through a floating-point number is not known before it is "
						"converted");
		return;
	}
	if (IsTextTarget(o.kind()))
		return AsText(o, my::AsChar(o.x));
	o.Unchecked(kInputDecides);
}

void FromFloat(const Operand &o) {
	const std::string number = "(" + o.x + "+0E0)";
	if (const IntegerRange *range = RangeOf(o.kind())) {
		// 2^63 as a double is the first that does not fit; the limits of the others are exact
		const std::string fits =
			o.kind() == PgKind::int8
				? number + ">=-9223372036854775808E0 AND " + number + "<9223372036854775808E0"
				: number + ">=" + range->minimum + " AND " + number + "<" + range->maximum + "+1E0";
		o.Add("out_of_range", Code::out_of_range, "NOT(" + fits + ")");
		o.Add("inexact_number", Code::inexact_number, fits + " AND " + number + "<>TRUNCATE(" + number + ",0)");
		return;
	}
	const std::string float_limit = "3.4028234663852886E38";
	if (o.kind() == PgKind::float4) {
		if (o.source().kind == MySqlKind::double_) {
			o.Add("out_of_range", Code::out_of_range, "ABS(" + number + ")>" + float_limit);
			o.Add("inexact_number", Code::inexact_number,
				  "IF(ABS(" + number + ")>" + float_limit + ",FALSE,CAST(" + number + " AS FLOAT)+0E0<>" + number +
					  ")");
		}
		return;
	}
	if (o.kind() == PgKind::numeric && o.target().precision >= 0 && o.source().HasDeclaredDigits()) {
		const std::string shown =
			"CAST(" + my::AsChar(o.x) + " AS DECIMAL(65," + std::to_string(o.source().scale) + "))";
		return OutOfNumeric(
			o, shown,
			static_cast<int32_t>(o.source().scale) > o.target().scale ? HasMoreDigits(shown, o.target().scale) : "");
	}
	if (o.kind() == PgKind::numeric && o.target().precision >= 0) {
		// a number is stored as its shortest digits: those of the rounded number, if that is the same number
		const std::string rounded = "ROUND(" + number + "," + std::to_string(o.target().scale) + ")";
		return OutOfNumeric(o, number,
							o.source().kind == MySqlKind::float_ ? "CAST(" + rounded + " AS FLOAT)+0E0<>" + number
																 : rounded + "<>" + number);
	}
	if (IsTextTarget(o.kind()) && o.source().HasDeclaredDigits())
		return AsText(o, my::AsChar(o.x));
	if (IsTextTarget(o.kind()) && o.target().length >= 0)
		return o.Unchecked("how many characters a number takes is not known before it is written");
	if (o.kind() == PgKind::other)
		o.Unchecked(kInputDecides);
}

void FromDate(const Operand &o) {
	if (o.kind() == PgKind::date || o.kind() == PgKind::timestamp)
		return Calendar(o);
	if (o.kind() == PgKind::timestamptz) {
		Calendar(o);
		return WallTime(o);
	}
	if (IsTextTarget(o.kind()))
		return AsText(o, my::AsChar(o.x));
	o.Unchecked(kInputDecides);
}

void FromDateTime(const Operand &o) {
	if (o.kind() == PgKind::timestamp || o.kind() == PgKind::timestamptz) {
		Calendar(o);
		WallTime(o);
		return Fraction(o, IsCalendarDate(o.x));
	}
	if (o.kind() == PgKind::date) {
		Calendar(o);
		return o.Add("inexact_number", Code::inexact_number,
					 IsCalendarDate(o.x) + " AND (HOUR(" + o.x + ")<>0 OR MINUTE(" + o.x + ")<>0 OR SECOND(" + o.x +
						 ")<>0 OR MICROSECOND(" + o.x + ")<>0)");
	}
	const bool instant = o.source().kind == MySqlKind::timestamp; // shown with its zone, UTC
	if (IsTextTarget(o.kind()))
		return AsText(o, instant ? "CONCAT(" + my::AsChar(o.x) + ",'+00')" : my::AsChar(o.x));
	o.Unchecked(kInputDecides);
}

void FromTime(const Operand &o) {
	if (o.kind() == PgKind::interval)
		return Fraction(o, "TRUE");
	if (o.kind() == PgKind::time) {
		const std::string fits = o.x + " BETWEEN TIME'00:00:00' AND TIME'24:00:00'";
		o.Add("out_of_range", Code::out_of_range, "NOT(" + fits + ")");
		return Fraction(o, fits);
	}
	if (IsTextTarget(o.kind()))
		return AsText(o, my::AsChar(o.x));
	o.Unchecked(kInputDecides);
}

} // namespace alkconv::core::preflight
