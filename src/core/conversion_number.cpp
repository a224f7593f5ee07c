// Regime: C++ (may throw, never calls Postgres)
//
// Numbers to numbers. A target takes a number if it can hold exactly that number; nothing is rounded and nothing wraps.
#include "core/bits.hpp"
#include "core/conversion_functions.hpp"
#include "core/decimal.hpp"
#include "core/render.hpp"
#include "core/value_builders.hpp"

#include <cmath>
#include <limits>

namespace alkconv::core::convert {

namespace {

// An integer of either signedness: magnitude and sign.
struct Integer {
	uint64_t magnitude;
	bool negative;
};

bool ReadInteger(const ConversionContext &, const Cell &cell, Integer &out) noexcept {
	out.negative = cell.kind == CellKind::int64 && cell.i64 < 0;
	out.magnitude = out.negative ? uint64_t{0} - static_cast<uint64_t>(cell.i64) : cell.u64;
	return true;
}

bool ReadBits(const ConversionContext &context, const Cell &cell, Integer &out) noexcept {
	out.negative = false;
	return BitsToNumber(*context.source, cell, out.magnitude);
}

template <auto Read, class Int>
Code ToInteger(const ConversionContext &context, const Cell &cell, ValueKind kind, Value &value) noexcept {
	constexpr auto kMaximum = static_cast<uint64_t>(std::numeric_limits<Int>::max());
	Integer number;
	if (!Read(context, cell, number))
		return Code::bits_too_long;
	if (number.magnitude > kMaximum + (number.negative ? 1 : 0))
		return Code::out_of_range;
	// Negation in unsigned arithmetic, because the magnitude of the least number has no positive counterpart.
	const uint64_t bits = number.negative ? uint64_t{0} - number.magnitude : number.magnitude;
	return SetInteger(kind, static_cast<int64_t>(bits), value);
}

template <auto Read>
Code ToBoolean(const ConversionContext &context, const Cell &cell, Value &value) noexcept {
	Integer number;
	if (!Read(context, cell, number))
		return Code::bits_too_long;
	if (number.negative || number.magnitude > 1)
		return Code::not_boolean;
	return SetInteger(ValueKind::boolean, static_cast<int64_t>(number.magnitude), value);
}

// True when the significant bits of the magnitude fit the mantissa.
template <class F>
bool IsExact(uint64_t magnitude) noexcept {
	return magnitude == 0 ||
		   64 - __builtin_clzll(magnitude) - __builtin_ctzll(magnitude) <= std::numeric_limits<F>::digits;
}

template <class F>
Code IntegerToFloating(const ConversionContext &context, const Cell &cell, F &out) noexcept {
	Integer number;
	ReadInteger(context, cell, number);
	if (!IsExact<F>(number.magnitude))
		return Code::inexact_number;
	out = number.negative ? -static_cast<F>(number.magnitude) : static_cast<F>(number.magnitude);
	return Code::ok;
}

template <class Int>
Code DecimalToInt(const Cell &cell, ValueKind kind, Value &value) noexcept {
	int64_t number;
	const Code code =
		DecimalToInteger(cell.text(), std::numeric_limits<Int>::min(), std::numeric_limits<Int>::max(), number);
	return code == Code::ok ? SetInteger(kind, number, value) : code;
}

double Floating(const Cell &cell) noexcept {
	return cell.kind == CellKind::float32 ? static_cast<double>(cell.f32) : cell.f64;
}

template <class Int>
Code FloatingToInt(const Cell &cell, ValueKind kind, Value &value) noexcept {
	const double number = Floating(cell);
	// Powers of two, so exact; the comparison is also false for NaN.
	constexpr double kBeyond = static_cast<double>(uint64_t{1} << std::numeric_limits<Int>::digits);
	if (!(number >= -kBeyond && number < kBeyond))
		return Code::out_of_range;
	if (number != std::trunc(number))
		return Code::inexact_number;
	return SetInteger(kind, static_cast<int64_t>(number), value);
}

Code NumericText(const ConversionContext &context, std::string_view text) noexcept {
	DecimalShape shape;
	if (!ParseDecimal(text, shape)) // NaN and infinities, which no MySQL number is
		return Code::out_of_range;
	return CheckNumeric(shape, context.target->precision, context.target->scale);
}

// The number in parts where it is short enough for that, so that the server need not read text. With a negative scale the input function has to
// round to tens.
bool SetDecimal(const TargetType &target, std::string_view text, Value &value) noexcept {
	const bool limited = target.precision >= 0;
	if (limited && target.scale < 0)
		return false;
	value.kind = ValueKind::decimal;
	return SplitDecimal(text, limited ? target.scale : -1, value.i64, value.scale);
}

template <RenderFunction render>
Code ToNumeric(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	char text[kMaxRendered];
	const char *const end = render(*context.source, cell, text);
	if (end == nullptr)
		return Code::bits_too_long;
	const std::string_view rendered(text, static_cast<size_t>(end - text));
	const Code code = NumericText(context, rendered);
	if (code != Code::ok || SetDecimal(*context.target, rendered, value))
		return code;
	return CopyBytes(ValueKind::input, rendered, arena, value);
}

} // namespace

Code IntegerToBoolean(const ConversionContext &context, const Cell &cell, Arena &, Value &value) noexcept {
	return ToBoolean<ReadInteger>(context, cell, value);
}

Code IntegerToInt2(const ConversionContext &context, const Cell &cell, Arena &, Value &value) noexcept {
	return ToInteger<ReadInteger, int16_t>(context, cell, ValueKind::int16, value);
}

Code IntegerToInt4(const ConversionContext &context, const Cell &cell, Arena &, Value &value) noexcept {
	return ToInteger<ReadInteger, int32_t>(context, cell, ValueKind::int32, value);
}

Code IntegerToInt8(const ConversionContext &context, const Cell &cell, Arena &, Value &value) noexcept {
	return ToInteger<ReadInteger, int64_t>(context, cell, ValueKind::int64, value);
}

Code IntegerToFloat4(const ConversionContext &context, const Cell &cell, Arena &, Value &value) noexcept {
	value.kind = ValueKind::float32;
	return IntegerToFloating(context, cell, value.f32);
}

Code IntegerToFloat8(const ConversionContext &context, const Cell &cell, Arena &, Value &value) noexcept {
	value.kind = ValueKind::float64;
	return IntegerToFloating(context, cell, value.f64);
}

Code IntegerToNumeric(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	return ToNumeric<RenderInteger>(context, cell, arena, value);
}

Code BitToBoolean(const ConversionContext &context, const Cell &cell, Arena &, Value &value) noexcept {
	return ToBoolean<ReadBits>(context, cell, value);
}

Code BitToInt2(const ConversionContext &context, const Cell &cell, Arena &, Value &value) noexcept {
	return ToInteger<ReadBits, int16_t>(context, cell, ValueKind::int16, value);
}

Code BitToInt4(const ConversionContext &context, const Cell &cell, Arena &, Value &value) noexcept {
	return ToInteger<ReadBits, int32_t>(context, cell, ValueKind::int32, value);
}

Code BitToInt8(const ConversionContext &context, const Cell &cell, Arena &, Value &value) noexcept {
	return ToInteger<ReadBits, int64_t>(context, cell, ValueKind::int64, value);
}

Code BitToNumeric(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	return ToNumeric<RenderBitNumber>(context, cell, arena, value);
}

Code BitToBits(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	uint64_t number;
	if (!BitsToNumber(*context.source, cell, number))
		return Code::bits_too_long;
	const uint64_t count = context.source->length;
	char *const bits = arena.Allocate((count + 7) / 8);
	if (bits == nullptr)
		return Code::out_of_memory;
	PutLeftAlignedBits(number, count, bits);
	value.bit_count = static_cast<uint32_t>(count);
	return SetBytes(ValueKind::bits, {bits, (count + 7) / 8}, value);
}

Code DecimalToInt2(const ConversionContext &, const Cell &cell, Arena &, Value &value) noexcept {
	return DecimalToInt<int16_t>(cell, ValueKind::int16, value);
}

Code DecimalToInt4(const ConversionContext &, const Cell &cell, Arena &, Value &value) noexcept {
	return DecimalToInt<int32_t>(cell, ValueKind::int32, value);
}

Code DecimalToInt8(const ConversionContext &, const Cell &cell, Arena &, Value &value) noexcept {
	return DecimalToInt<int64_t>(cell, ValueKind::int64, value);
}

Code DecimalToFloat4(const ConversionContext &, const Cell &cell, Arena &, Value &value) noexcept {
	value.kind = ValueKind::float32;
	return DecimalToFloat(cell.text(), value.f32);
}

Code DecimalToFloat8(const ConversionContext &, const Cell &cell, Arena &, Value &value) noexcept {
	value.kind = ValueKind::float64;
	return DecimalToDouble(cell.text(), value.f64);
}

Code DecimalToNumeric(const ConversionContext &context, const Cell &cell, Arena &, Value &value) noexcept {
	const Code code = NumericText(context, cell.text());
	if (code != Code::ok || SetDecimal(*context.target, cell.text(), value))
		return code;
	return SetBytes(ValueKind::input, cell.text(), value);
}

Code FloatToInt2(const ConversionContext &, const Cell &cell, Arena &, Value &value) noexcept {
	return FloatingToInt<int16_t>(cell, ValueKind::int16, value);
}

Code FloatToInt4(const ConversionContext &, const Cell &cell, Arena &, Value &value) noexcept {
	return FloatingToInt<int32_t>(cell, ValueKind::int32, value);
}

Code FloatToInt8(const ConversionContext &, const Cell &cell, Arena &, Value &value) noexcept {
	return FloatingToInt<int64_t>(cell, ValueKind::int64, value);
}

Code FloatToFloat4(const ConversionContext &, const Cell &cell, Arena &, Value &value) noexcept {
	const double number = Floating(cell);
	value.kind = ValueKind::float32;
	if (std::isfinite(number) && std::fabs(number) > static_cast<double>(std::numeric_limits<float>::max()))
		return Code::out_of_range;
	value.f32 = static_cast<float>(number);
	return std::isnan(number) || static_cast<double>(value.f32) == number ? Code::ok : Code::inexact_number;
}

Code FloatToFloat8(const ConversionContext &, const Cell &cell, Arena &, Value &value) noexcept {
	value.kind = ValueKind::float64;
	value.f64 = Floating(cell);
	return Code::ok;
}

Code FloatToNumeric(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	return ToNumeric<RenderFloat>(context, cell, arena, value);
}

Code DoubleToNumeric(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	return ToNumeric<RenderDouble>(context, cell, arena, value);
}

} // namespace alkconv::core::convert
