// Regime: C++ (may throw, never calls Postgres)
//
// Transforms of dates, numbers and uuids.
#include "core/mend.hpp"

#include "core/decimal.hpp"
#include "core/temporal.hpp"
#include "core/uuid.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>

namespace alkconv::core::mend {

namespace {

bool IsZero(const Temporal &t) noexcept { return t.year == 0 && t.month == 0 && t.day == 0; }

// date.h, timestamp.h: DATEVAL_NOBEGIN, DT_NOBEGIN
Code SetMinusInfinity(PgKind target, Value &value) noexcept {
	value.kind = target == PgKind::date ? ValueKind::date : ValueKind::timestamp;
	value.i64 = target == PgKind::date ? std::numeric_limits<int32_t>::min() : std::numeric_limits<int64_t>::min();
	return Code::ok;
}

// Sign of the limit that the cell is beyond, 0 for none. The limits of integers are small enough for a double where cells are floats.
int Beyond(const Mend &mend, const ConversionContext &context, const Cell &cell) noexcept {
	const bool numeric = context.target->kind == PgKind::numeric;
	double low = 0, high = 0;
	if (cell.kind == CellKind::float32 || cell.kind == CellKind::float64) {
		const double number = cell.kind == CellKind::float32 ? static_cast<double>(cell.f32) : cell.f64;
		(void) DecimalToDouble(mend.low, low);
		(void) DecimalToDouble(mend.high, high);
		return number < low ? -1 : number > high ? 1 : 0;
	}
	char digits[24];
	std::string_view text = cell.text();
	if (cell.kind != CellKind::bytes) {
		const char *const end = cell.kind == CellKind::int64
									? std::to_chars(digits, digits + sizeof digits, cell.i64).ptr
									: std::to_chars(digits, digits + sizeof digits, cell.u64).ptr;
		text = {digits, static_cast<size_t>(end - digits)};
	}
	DecimalShape shape;
	int64_t minimum = 0, maximum = 0, number = 0;
	const bool negative = !text.empty() && text.front() == '-';
	if (!ParseDecimal(text, shape))
		return 0;
	if (numeric)
		return CheckNumeric(shape, context.target->precision, context.target->scale) != Code::out_of_range ? 0
			   : negative																				   ? -1
																										   : 1;
	constexpr int64_t kLeast = std::numeric_limits<int64_t>::min(), kMost = std::numeric_limits<int64_t>::max();
	(void) DecimalToInteger(mend.low, kLeast, kMost, minimum);
	(void) DecimalToInteger(mend.high, kLeast, kMost, maximum);
	return DecimalToInteger(text, minimum, maximum, number) != Code::out_of_range ? 0 : negative ? -1 : 1;
}

} // namespace

Code ZeroDate(const Mend &mend, const ConversionContext &context, Cell &cell, Arena &, Value &value,
			  Mended &outcome) noexcept {
	if (!IsZero(cell.temporal))
		return Code::ok;
	if (mend.transform.Is("null")) {
		outcome = Mended::null;
		return Code::ok;
	}
	if (mend.transform.Is("-infinity")) {
		outcome = Mended::done;
		return SetMinusInfinity(context.target->kind, value);
	}
	if (context.zone != nullptr &&
		context.source->kind == MySqlKind::timestamp) { // the date is the target's: a wall time
		outcome = Mended::done;
		value.kind = ValueKind::timestamp;
		value.i64 = DaysSince2000(mend.date.year, mend.date.month, mend.date.day) * kMicrosecondsPerDay;
		return Code::ok;
	}
	cell.temporal = mend.date;
	outcome = Mended::changed;
	return Code::ok;
}

Code PartialDate(const Mend &mend, const ConversionContext &, Cell &cell, Arena &, Value &, Mended &outcome) noexcept {
	Temporal &date = cell.temporal;
	if (CheckDate(date) != Code::partial_date)
		return Code::ok;
	if (mend.transform.Is("null")) {
		outcome = Mended::null;
		return Code::ok;
	}
	if (date.year == 0) // no year is known of which this could be the first day
		return Code::ok;
	date.month = std::max<uint8_t>(date.month, 1);
	date.day = 1;
	outcome = Mended::changed;
	return Code::ok;
}

// UUID_TO_BIN(x, 1) puts the third group first, then the second, then the first: ids made in a row are neighbours then.
Code UuidSwap(const Mend &, const ConversionContext &, Cell &cell, Arena &arena, Value &, Mended &outcome) noexcept {
	if (cell.bytes.size != kUuidBytes)
		return Code::ok;
	char *const uuid = arena.AllocateBytes(kUuidBytes);
	if (uuid == nullptr)
		return Code::out_of_memory;
	const char *const swapped = cell.bytes.data;
	std::memcpy(uuid, swapped + 4, 4);
	std::memcpy(uuid + 4, swapped + 2, 2);
	std::memcpy(uuid + 6, swapped, 2);
	std::memcpy(uuid + 8, swapped + 8, 8);
	cell.in_arena = true;
	cell.bytes = {uuid, kUuidBytes};
	outcome = Mended::changed;
	return Code::ok;
}

Code Clamp(const Mend &mend, const ConversionContext &context, Cell &cell, Arena &, Value &, Mended &outcome) noexcept {
	const int beyond = Beyond(mend, context, cell);
	if (beyond == 0)
		return Code::ok;
	const std::string &limit = beyond < 0 ? mend.low : mend.high;
	switch (cell.kind) {
	case CellKind::bytes:
		cell.in_arena = false; // it lies in the plan
		cell.bytes = {limit.data(), limit.size()};
		break;
	case CellKind::float32:
	case CellKind::float64:
		cell.kind = CellKind::float64;
		(void) DecimalToDouble(limit, cell.f64);
		break;
	default: // what an integer is beyond is in its own range, or zero
		if (beyond < 0) {
			cell.kind = CellKind::int64;
			(void) std::from_chars(limit.data(), limit.data() + limit.size(), cell.i64);
		} else {
			cell.kind = CellKind::uint64;
			(void) std::from_chars(limit.data(), limit.data() + limit.size(), cell.u64);
		}
		break;
	}
	outcome = Mended::changed;
	return Code::ok;
}

Code TinyintToBoolean(const Mend &, const ConversionContext &, Cell &cell, Arena &, Value &, Mended &outcome) noexcept {
	if (cell.u64 <= 1)
		return Code::ok;
	cell.kind = CellKind::uint64;
	cell.u64 = 1;
	outcome = Mended::changed;
	return Code::ok;
}

} // namespace alkconv::core::mend
