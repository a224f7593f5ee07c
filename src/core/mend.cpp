// Regime: C++ (may throw, never calls Postgres)
//
// The application of a column's transforms to a value.
#include "core/mend.hpp"

namespace alkconv::core {

Mend MakeMend(const Transform &transform, const SourceType &source, const TargetType &target) {
	static constexpr MendFunction kFunctions[] = {
		nullptr, // parent_spelling
		mend::RepairUtf8InLatin1,
		mend::Inflate,
		mend::StripNul,
		mend::ReplaceNul,
		mend::TrimPad,
		mend::JsonNul,
		mend::EnumEmpty,
		nullptr, // empty_to_null
		mend::ZeroDate,
		mend::PartialDate,
		nullptr, // wall_time
		mend::UuidSwap,
		mend::Clamp,
		mend::TinyintToBoolean,
		nullptr, // code_points_to_base64
		nullptr, // code_points_to_bytea
	};
	Mend made;
	made.function = kFunctions[static_cast<size_t>(transform.name)];
	made.transform = transform;
	if (transform.name == TransformName::clamp)
		(void) ClampLimits(source, target, made.low, made.high);
	int32_t year;
	uint32_t month, day;
	if (transform.name == TransformName::zero_date && ParseDateArgument(transform.argument, year, month, day)) {
		made.date.year = static_cast<uint16_t>(year);
		made.date.month = static_cast<uint8_t>(month);
		made.date.day = static_cast<uint8_t>(day);
	}
	return made;
}

Code ConvertCell(const Conversion &conversion, const ConversionContext &context, uint64_t *counters, const Cell &cell,
				 Arena &arena, Value &value) noexcept {
	Cell mended = cell;
	for (const Mend &mend : conversion.mends) {
		Mended outcome = Mended::no;
		const Code code = mend.function(mend, context, mended, arena, value, outcome);
		if (code != Code::ok)
			return code;
		*counters += outcome != Mended::no;
		++counters;
		if (outcome == Mended::null)
			value.kind = ValueKind::null;
		if (outcome == Mended::null || outcome == Mended::done)
			return Code::ok;
	}
	if (conversion.empty_to_null && mended.kind == CellKind::bytes && mended.bytes.size == 0) {
		value.kind = ValueKind::null;
		++counters[conversion.counts];
		return Code::ok;
	}
	ConversionContext counting = context;
	counting.touched = counters;
	return conversion.convert(counting, mended, arena, value);
}

size_t CountersOf(const Conversion &conversion) noexcept {
	return conversion.mends.size() + conversion.counts + (conversion.empty_to_null ? 1 : 0);
}

} // namespace alkconv::core
