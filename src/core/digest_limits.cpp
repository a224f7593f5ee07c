// Regime: C++ (may throw, never calls Postgres)
//
// A table for the integers; numeric(p,s) has p - s digits before the point and s behind it.
#include "core/digest_limits.hpp"

#include "core/status.hpp"

namespace alkconv::core::digest {

namespace {

struct IntegerRange {
	PgKind kind;
	const char *lowest, *highest;
};

// Table 8.2 of the manual.
constexpr IntegerRange kIntegers[] = {
	{PgKind::int2, "-32768", "32767"},
	{PgKind::int4, "-2147483648", "2147483647"},
	{PgKind::int8, "-9223372036854775808", "9223372036854775807"},
};

std::string Repeated(int32_t count) { return std::string(static_cast<size_t>(count), '9'); }

} // namespace

Limits LimitsOf(const SourceType &source, const TargetType &target) {
	for (const IntegerRange &range : kIntegers)
		if (range.kind == target.kind)
			return {range.lowest, range.highest};
	if (target.kind != PgKind::numeric || target.scale < 0 || target.precision < target.scale)
		throw Error(Code::internal, "no limits of type " + target.text + " are known");
	const int32_t whole = target.precision - target.scale;
	const int32_t source_places = source.kind == MySqlKind::decimal ? static_cast<int32_t>(source.scale) : 0;
	const int32_t places = source_places < target.scale ? source_places : target.scale;
	std::string highest = whole == 0 ? "0" : Repeated(whole);
	if (places > 0)
		highest += '.' + Repeated(places);
	return {'-' + highest, highest};
}

} // namespace alkconv::core::digest
