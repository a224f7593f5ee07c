// Regime: C++ (may throw, never calls Postgres)
//
// The table of decisions. A row says how one family of MySQL types becomes some types of Postgres; a pair without a row has no
// conversion that can be right. Targets that core does not know (`other`) get the canonical text through their input function.
#include "core/conversion_table.hpp"

#include "core/conversion_functions.hpp"
#include "core/fault.hpp"
#include "core/mend.hpp"

#include <algorithm>

namespace alkconv::core {

namespace {

using namespace convert;

constexpr uint32_t Set(PgKind kind) { return uint32_t{1} << static_cast<unsigned>(kind); }

template <class... More>
constexpr uint32_t Set(PgKind first, More... more) {
	return Set(first) | Set(more...);
}

constexpr uint32_t kTexts = Set(PgKind::text, PgKind::varchar, PgKind::bpchar, PgKind::name);

constexpr const char *kRange = "range check";
constexpr const char *kCanonical = "canonical text";
constexpr const char *kChecked = "checked text";
constexpr const char *kInput = "input function";
constexpr const char *kJson = "checked JSON";
constexpr const char *kJsonb = "binary JSON, no \\u0000";
constexpr const char *kExactFloat = "exact float";
constexpr const char *kFits = "digits fit";

constexpr Decision kDecisions[] = {
	// TINYINT(1) is no boolean by itself: 2 to 127 are legal values of it, so they are refused, not folded to true.
	{Family::integer, Set(PgKind::boolean), IntegerToBoolean, "0 or 1"},
	{Family::integer, Set(PgKind::int2), IntegerToInt2, kRange},
	{Family::integer, Set(PgKind::int4), IntegerToInt4, kRange},
	{Family::integer, Set(PgKind::int8), IntegerToInt8, kRange},
	{Family::integer, Set(PgKind::float4), IntegerToFloat4, kExactFloat},
	{Family::integer, Set(PgKind::float8), IntegerToFloat8, kExactFloat},
	{Family::integer, Set(PgKind::numeric), IntegerToNumeric, kFits},
	{Family::integer, kTexts, IntegerToText, kCanonical},
	{Family::integer, Set(PgKind::other), IntegerToInput, kInput},

	// YEAR has 1901 to 2155 and 0000; a number, not a date.
	{Family::year, Set(PgKind::int2), IntegerToInt2, kRange},
	{Family::year, Set(PgKind::int4), IntegerToInt4, kRange},
	{Family::year, Set(PgKind::int8), IntegerToInt8, kRange},
	{Family::year, Set(PgKind::numeric), IntegerToNumeric, kFits},
	{Family::year, kTexts, YearToText, kCanonical},
	{Family::year, Set(PgKind::other), YearToInput, kInput},

	// BIT(n): n is compared when the conversion is chosen. Its digits would be read as a decimal number by some types, so the input
	// function gets BIT(1) only.
	{Family::bit, Set(PgKind::boolean), BitToBoolean, "one bit"},
	{Family::bit, Set(PgKind::int2), BitToInt2, kRange},
	{Family::bit, Set(PgKind::int4), BitToInt4, kRange},
	{Family::bit, Set(PgKind::int8), BitToInt8, kRange},
	{Family::bit, Set(PgKind::numeric), BitToNumeric, kFits},
	{Family::bit, Set(PgKind::bit, PgKind::varbit), BitToBits, "same bits"},
	{Family::bit, Set(PgKind::other), BitToInput, kInput},

	{Family::decimal, Set(PgKind::int2), DecimalToInt2, "integral"},
	{Family::decimal, Set(PgKind::int4), DecimalToInt4, "integral"},
	{Family::decimal, Set(PgKind::int8), DecimalToInt8, "integral"},
	{Family::decimal, Set(PgKind::float4), DecimalToFloat4, "round trip"},
	{Family::decimal, Set(PgKind::float8), DecimalToFloat8, "round trip"},
	{Family::decimal, Set(PgKind::numeric), DecimalToNumeric, kFits},
	{Family::decimal, kTexts, TextToText, kCanonical},
	{Family::decimal, Set(PgKind::other), TextToInput, kInput},

	// The binary protocol gives the exact bytes of FLOAT and DOUBLE, so widening is exact and -0 stays -0.
	{Family::float_, Set(PgKind::int2), FloatToInt2, "integral"},
	{Family::float_, Set(PgKind::int4), FloatToInt4, "integral"},
	{Family::float_, Set(PgKind::int8), FloatToInt8, "integral"},
	{Family::float_, Set(PgKind::float4), FloatToFloat4, kExactFloat},
	{Family::float_, Set(PgKind::float8), FloatToFloat8, kExactFloat},
	{Family::float_, Set(PgKind::numeric), FloatToNumeric, kFits},
	{Family::float_, kTexts, FloatToText, kCanonical},
	{Family::float_, Set(PgKind::other), FloatToInput, kInput},
	{Family::double_, Set(PgKind::int2), FloatToInt2, "integral"},
	{Family::double_, Set(PgKind::int4), FloatToInt4, "integral"},
	{Family::double_, Set(PgKind::int8), FloatToInt8, "integral"},
	{Family::double_, Set(PgKind::float4), FloatToFloat4, kExactFloat},
	{Family::double_, Set(PgKind::float8), FloatToFloat8, kExactFloat},
	{Family::double_, Set(PgKind::numeric), DoubleToNumeric, kFits},
	{Family::double_, kTexts, DoubleToText, kCanonical},
	{Family::double_, Set(PgKind::other), DoubleToInput, kInput},

	{Family::date, Set(PgKind::date), DateToDate, "calendar check"},
	{Family::date, Set(PgKind::timestamp), DateTimeToTimestamp, "midnight"},
	{Family::date, Set(PgKind::timestamptz), WallTimeToInstant, "midnight of a zone"},
	{Family::date, kTexts, DateToText, kCanonical},
	{Family::date, Set(PgKind::other), DateToInput, kInput},
	{Family::datetime, Set(PgKind::timestamp), DateTimeToTimestamp, "wall time"},
	{Family::datetime, Set(PgKind::timestamptz), WallTimeToInstant, "wall time of a zone"},
	{Family::datetime, Set(PgKind::date), DateTimeToDate, "midnight only"},
	{Family::datetime, kTexts, DateTimeToText, kCanonical},
	{Family::datetime, Set(PgKind::other), DateTimeToInput, kInput},
	{Family::timestamp, Set(PgKind::timestamptz), DateTimeToTimestamp, "instant"},
	{Family::timestamp, Set(PgKind::timestamp), InstantToWallTime, "wall time in a zone"},
	{Family::timestamp, kTexts, TimestampToText, kCanonical},
	{Family::timestamp, Set(PgKind::other), TimestampToInput, kInput},
	{Family::time, Set(PgKind::interval), TimeToInterval, "exact"},
	{Family::time, Set(PgKind::time), TimeToTime, "within a day"},
	{Family::time, kTexts, TimeToText, kCanonical},
	{Family::time, Set(PgKind::other), TimeToInput, kInput},

	{Family::text, kTexts, TextToText, kChecked},
	{Family::text, Set(PgKind::bytea), BytesToBytea, "UTF-8 bytes"},
	{Family::text, Set(PgKind::uuid), TextToUuid, "uuid syntax"},
	{Family::text, Set(PgKind::jsonb), TextToJsonb, kJsonb},
	{Family::text, Set(PgKind::int2), TextToInt2, kRange},
	{Family::text, Set(PgKind::int4), TextToInt4, kRange},
	{Family::text, Set(PgKind::int8), TextToInt8, kRange},
	{Family::text, Set(PgKind::float4), TextToFloat4, "round trip"},
	{Family::text, Set(PgKind::float8), TextToFloat8, "round trip"},
	{Family::text, Set(PgKind::numeric), TextToNumeric, kFits},
	{Family::text, Set(PgKind::date), TextToDate, "ISO 8601"},
	{Family::text, Set(PgKind::time), TextToTime, "ISO 8601"},
	{Family::text, Set(PgKind::timestamp), TextToTimestamp, "ISO 8601 without zone"},
	{Family::text, Set(PgKind::timestamptz), TextToTimestamptz, "ISO 8601 with zone"},
	{Family::text, Set(PgKind::interval), TextToInterval, "TIME syntax or input function"},
	{Family::text, Set(PgKind::enum_), TextToLabel, "label"},
	{Family::text, Set(PgKind::json), TextToJson, kJson},
	{Family::text, Set(PgKind::boolean, PgKind::bit, PgKind::varbit, PgKind::text_array, PgKind::inet, PgKind::other),
	 TextToInput, kInput},

	{Family::binary, Set(PgKind::bytea), BytesToBytea, "exact"},
	{Family::binary, Set(PgKind::uuid), BytesToUuid, "16 bytes or uuid syntax"},
	{Family::binary, kTexts, TextToText, "checked text"},
	{Family::binary, Set(PgKind::json), TextToJson, kJson},
	{Family::binary, Set(PgKind::jsonb), TextToJsonb, kJsonb},

	{Family::enum_, Set(PgKind::enum_), EnumToLabel, "label"},
	{Family::enum_, kTexts, EnumToText, "label"},
	{Family::enum_, Set(PgKind::boolean, PgKind::other), EnumToInput, kInput},
	{Family::set, kTexts, TextToText, "members with commas"},
	{Family::set, Set(PgKind::text_array), SetToArray, "array literal"},
	{Family::set, Set(PgKind::other), TextToInput, kInput},

	{Family::json, Set(PgKind::json), TextToJson, kJson},
	{Family::json, Set(PgKind::jsonb), TextToJsonb, kJsonb},
	{Family::json, kTexts, TextToText, kChecked},
	{Family::json, Set(PgKind::other), TextToInput, kInput},

	{Family::uuid, Set(PgKind::uuid), BytesToUuid, "uuid syntax"},
	{Family::uuid, kTexts, UuidToText, kCanonical},
	{Family::uuid, Set(PgKind::other), TextToInput, kInput},
	{Family::inet, Set(PgKind::inet), TextToInput, kInput},
	{Family::inet, kTexts, TextToText, kCanonical},
	{Family::inet, Set(PgKind::other), TextToInput, kInput},

	{Family::shape, Set(PgKind::bytea), BytesToBytea, "exact"},
	{Family::shape, Set(PgKind::other), ShapeToInput, "EWKB"},
	{Family::opaque, Set(PgKind::bytea), BytesToBytea, "exact"},
};

bool EndsWith(std::string_view text, std::string_view end) {
	return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

[[noreturn]] void Refuse(const SourceType &source, const TargetType &target, const std::string &hint) {
	throw Error(Code::cannot_convert, "cannot convert " + source.text + " to " + target.text).Hint(hint);
}

// Refusals with a better hint than "change the type".
std::string HintFor(const SourceType &source, const TargetType &target) {
	switch (FamilyOf(source.kind)) {
	case Family::date:
		if (target.kind == PgKind::timestamptz)
			return "A date is no instant. Change the target column to date or to timestamp without time zone, or say "
				   "at whose midnight the date begins by a rule with action transform and argument wall_time(ZONE) in "
				   "alkconv.rule, whose column pattern is the column's name: patterns and the option time_zone leave "
				   "dates alone.";
		break;
	case Family::timestamp:
		if (target.kind == PgKind::date)
			return "The date depends on the time zone. Change the target column to timestamp with time zone or "
				   "timestamp, or say in which zone by a rule with action expression in alkconv.rule, as in "
				   "(value::timestamp AT "
				   "TIME ZONE 'UTC' AT TIME ZONE 'Europe/Sofia')::date: value is UTC's wall time.";
		break;
	case Family::bit: return "Change the target column to a bit type of the same length, to bigint or to numeric(20).";
	case Family::shape:
		return "Change the target column to geometry or geography of PostGIS or to bytea, which gets the server's own "
			   "format, or say by a rule with action expression in alkconv.rule what becomes of a shape's bytes "
			   "(docs/rules.md).";
	case Family::opaque: return "Its values are bytes in the server's own format: change the target column to bytea.";
	case Family::unknown:
		return "This source type is not known. Leave the column in the source by a rule with action skip_column in "
			   "alkconv.rule.";
	default: break;
	}
	return HintForPair(source);
}

// What the families alone do not say: lengths, and types whose input function would lose something without an error.
void CheckPair(const SourceType &source, const TargetType &target) {
	if (source.kind == MySqlKind::bit) {
		const auto bits = static_cast<int64_t>(source.length);
		const bool fits = target.kind == PgKind::boolean || target.kind == PgKind::other ? bits == 1
						  : target.kind == PgKind::bit	  ? target.length < 0 || target.length == bits
						  : target.kind == PgKind::varbit ? target.length < 0 || target.length >= bits
														  : true;
		if (!fits)
			Refuse(source, target, HintFor(source, target));
	}
	if (FamilyOf(source.kind) == Family::shape && target.kind == PgKind::other && target.shape == ShapeType::none)
		Refuse(source, target, HintFor(source, target));
	if (target.kind == PgKind::interval && target.stored().find(' ') != std::string::npos)
		Refuse(source, target, "An interval with fields drops the others. Change the target column to interval.");
	if (target.kind != PgKind::other)
		return;
	if (target.stored() == "\"char\"")
		Refuse(source, target,
			   "The type \"char\" keeps one byte and drops the rest. Change the target column to text.");
	if (target.stored() == "money")
		Refuse(source, target,
			   "The type money rounds, and depends on lc_monetary. Change the target column to numeric.");
	if (target.stored().compare(0, 4, "time") == 0 &&
		EndsWith(target.stored(), "with time zone")) // timetz; timestamptz is a kind of its own
		Refuse(source, target,
			   "MySQL has no times with a zone. Change the target column to time without time zone or to interval.");
}

void CheckTransform(const Transform &transform, const SourceType &source, const TargetType &target) {
	if (const char *misfit = MisfitOf(transform, source, target))
		throw Error(Code::cannot_convert, "transform " + TransformText(transform) + " is not for " + source.text +
											  " to " + target.text + ": " + misfit)
			.Hint("Change the rule in alkconv.rule, or the type of the target column.");
}

// What the transforms do before the conversion; true when one of them is the conversion.
bool ChooseTransforms(const SourceType &source, const TargetType &target, const ColumnPolicy &policy,
					  Conversion &conversion) {
	for (const Transform &transform : policy.transforms) {
		CheckTransform(transform, source, target);
		const bool base64 = transform.name == TransformName::code_points_to_base64;
		if (base64 || transform.name == TransformName::code_points_to_bytea) {
			conversion.convert = base64 ? CodePointsToBase64 : CodePointsToBytea;
			conversion.name = InfoOf(transform.name).text;
			conversion.counts = 1;
			return true; // the last one by the order of transforms
		}
		if (transform.name == TransformName::wall_time)
			continue; // the zone is in the policy, and the pair's own conversion is what uses it
		conversion.mends.push_back(MakeMend(transform, source, target));
	}
	return false;
}

// TIMESTAMP in UTC is the wall time already, which is how it comes without a rule from a source whose clock is that of UTC.
bool IsWallTimeAlready(const SourceType &source, const ColumnPolicy &policy) {
	return source.kind == MySqlKind::timestamp && policy.zone->is_utc() &&
		   std::none_of(policy.transforms.begin(), policy.transforms.end(),
						[](const Transform &transform) { return transform.name == TransformName::wall_time; });
}

void ChooseZone(const SourceType &source, const TargetType &target, const ColumnPolicy &policy,
				Conversion &conversion) {
	if (policy.zone == nullptr) {
		if (source.kind == MySqlKind::date)
			Refuse(source, target, HintFor(source, target));
		(void) ZoneOfPair(source, target, {});
	}
	if (IsWallTimeAlready(source, policy)) {
		conversion.convert = DateTimeToTimestamp;
		conversion.name = "wall time in UTC";
		return;
	}
	conversion.zone = policy.zone;
	conversion.clock_change = policy.clock_change;
	conversion.counts = 2;
}

// Inflated data is text for every target but bytea, whatever the compressed bytes were kept in.
Family ConvertedFamily(const SourceType &source, const TargetType &target, const Conversion &conversion) {
	const bool inflated = std::any_of(conversion.mends.begin(), conversion.mends.end(),
									  [](const Mend &mend) { return mend.transform.name == TransformName::inflate; });
	return inflated && target.kind != PgKind::bytea ? Family::text : FamilyOf(source.kind);
}

// The value as text, for an expression: bytes as the hex format of bytea, bits as digits.
void ChooseForExpression(Family family, Conversion &conversion) {
	if (family == Family::binary || family == Family::shape || family == Family::opaque) {
		conversion.convert = BytesToHex;
		conversion.name = "hex text";
	} else if (family == Family::bit) {
		conversion.convert = BitToInput;
		conversion.name = "binary digits";
	}
}

} // namespace

const TargetType &ConvertedType(const TargetType &target, const ColumnPolicy &policy) noexcept {
	static const TargetType text = [] {
		TargetType type;
		type.kind = PgKind::text;
		type.text = "text";
		return type;
	}();
	return policy.expression.empty() ? target : text;
}

bool NeedsZone(const SourceType &source, const TargetType &target) noexcept {
	return (source.kind == MySqlKind::timestamp && target.kind == PgKind::timestamp) ||
		   (source.kind == MySqlKind::datetime && target.kind == PgKind::timestamptz);
}

const ZonePointer &ZoneOfPair(const SourceType &source, const TargetType &target, const WallTimes &wall_times) {
	if (wall_times.zone == nullptr)
		throw Error(Code::zone_unknown,
					"of which time zone the wall times are is not known (" + source.text + " to " + target.text +
						(wall_times.said.empty() ? ")" : "; the source's own time_zone is " + wall_times.said + ")"))
			.Hint("Say it by the option time_zone of the server (UTC, an offset such as +05:00, a name such as "
				  "Europe/Sofia, or source), or by a rule with action transform and argument wall_time(ZONE) in "
				  "alkconv.rule; or change the target column to timestamp " +
				  std::string(source.kind == MySqlKind::datetime ? "without" : "with") +
				  " time zone. The zone is that of the sessions that wrote the values: applications and their drivers "
				  "may "
				  "set another one than the source's own (time_zone, connectionTimeZone, loc), so look at their "
				  "configuration.");
	return wall_times.zone;
}

Conversion ChooseConversion(const SourceType &source, const TargetType &stored, const ColumnPolicy &policy) {
	const TargetType &target = ConvertedType(stored, policy);
	Conversion conversion;
	conversion.empty_to_null = policy.empty_to_null;
	if (ChooseTransforms(source, target, policy, conversion))
		return conversion;
	const Family family = ConvertedFamily(source, target, conversion);
	if (!policy.expression.empty())
		ChooseForExpression(family, conversion);
	if (conversion.convert != nullptr)
		return conversion;
	const auto row = std::find_if(std::begin(kDecisions), std::end(kDecisions), [&](const Decision &decision) {
		return decision.source == family && (decision.targets & Set(target.kind)) != 0;
	});
	if (row == std::end(kDecisions))
		Refuse(source, target, HintFor(source, target));
	CheckPair(source, target);
	conversion.convert = row->convert;
	conversion.name = row->name;
	if (row->convert == InstantToWallTime || row->convert == WallTimeToInstant)
		ChooseZone(source, target, policy, conversion);
	if (family == Family::set && EndsWith(target.stored(), "[]")) { // arrays of an enum are `other`
		conversion.convert = SetToArray;
		conversion.name = "array literal";
	}
	return conversion;
}

} // namespace alkconv::core
