// Regime: C++ (may throw, never calls Postgres)
//
// Which transform is for which column.
#include "core/mend.hpp"

#include "core/conversion_table.hpp"

#include <algorithm>

namespace alkconv::core {

namespace {

using Name = TransformName;

bool IsText(PgKind kind) noexcept {
	return kind == PgKind::text || kind == PgKind::varchar || kind == PgKind::bpchar || kind == PgKind::name;
}

bool IsKnown(const TargetType &target) noexcept { return target.kind != PgKind::other || target.oid != 0; }

bool HasLabel(const std::vector<std::string> &labels, const std::string &label) {
	return std::find(labels.begin(), labels.end(), label) != labels.end();
}

// 10^digits - 10^-places without leading zero digits: the largest number of so many digits before and after the point.
std::string Nines(int32_t digits, int32_t places) {
	std::string text = digits > 0 ? std::string(static_cast<size_t>(digits), '9') : "0";
	if (places > 0)
		text += "." + std::string(static_cast<size_t>(places), '9');
	return text;
}

const char *MisfitOfEnum(const Transform &transform, const SourceType &source, const TargetType &target) {
	if (FamilyOf(source.kind) != Family::enum_)
		return "the source column is no enum";
	if (HasLabel(source.labels, ""))
		return "'' is a label of the source's enum";
	const bool label = !transform.Is("null");
	if (label && target.kind == PgKind::enum_ && !HasLabel(target.labels, transform.argument))
		return "the target's enum does not have this label";
	return nullptr;
}

const char *MisfitOfDate(const Transform &transform, const SourceType &source, const TargetType &target) {
	const Family family = FamilyOf(source.kind);
	if (family != Family::date && family != Family::datetime &&
		(family != Family::timestamp || transform.name == Name::partial_date))
		return "the source column holds no such dates";
	const bool infinite =
		target.kind == PgKind::date || target.kind == PgKind::timestamp || target.kind == PgKind::timestamptz;
	if (transform.Is("-infinity") && IsKnown(target) && !infinite)
		return "the target type has no -infinity";
	return nullptr;
}

const char *MisfitOfWallTime(const SourceType &source, const TargetType &target) {
	const Family family = FamilyOf(source.kind);
	const bool dates = family == Family::date || family == Family::datetime;
	if (!dates && family != Family::timestamp)
		return "the source column holds neither wall times nor instants";
	if (IsKnown(target) && target.kind != (dates ? PgKind::timestamptz : PgKind::timestamp))
		return dates ? "the target column is not timestamp with time zone"
					 : "the target column is not timestamp without time zone";
	return nullptr;
}

const char *MisfitOfCharacters(Name name, const SourceType &source, const TargetType &target) {
	const Family family = FamilyOf(source.kind);
	if (family != Family::text && (family != Family::binary || (name != Name::strip_nul && name != Name::replace_nul)))
		return "the source column holds no text";
	if (target.kind == PgKind::bytea || (family == Family::binary && target.kind == PgKind::uuid))
		return "the target column keeps the bytes as they are";
	return nullptr;
}

const char *MisfitOfCodePoints(Name name, const SourceType &source, const TargetType &target) {
	if (FamilyOf(source.kind) != Family::text)
		return "the source column holds no text";
	if (name == Name::code_points_to_base64 && IsKnown(target) && !IsText(target.kind))
		return "it makes text";
	if (name == Name::code_points_to_bytea && IsKnown(target) && target.kind != PgKind::bytea)
		return "it makes bytea";
	return nullptr;
}

} // namespace

const char *MisfitOf(const Transform &transform, const SourceType &source, const TargetType &target) {
	const Family family = FamilyOf(source.kind);
	std::string low, high;
	switch (transform.name) {
	case Name::utf8_in_latin1_repair:
	case Name::strip_nul:
	case Name::replace_nul:
	case Name::trim_pad: return MisfitOfCharacters(transform.name, source, target);
	case Name::inflate:
		return family != Family::text && family != Family::binary ? "the source column holds neither text nor bytes"
			   : target.kind == PgKind::uuid					  ? "a uuid is not compressed"
																  : nullptr;
	case Name::json_nul:
		return family == Family::json || (family == Family::text && (!IsKnown(target) || target.kind == PgKind::json ||
																	 target.kind == PgKind::jsonb))
				   ? nullptr
				   : "the column holds no JSON";
	case Name::enum_empty: return MisfitOfEnum(transform, source, target);
	case Name::parent_spelling:
	case Name::empty_to_null: return family == Family::text ? nullptr : "the source column holds no text";
	case Name::zero_date:
	case Name::partial_date: return MisfitOfDate(transform, source, target);
	case Name::wall_time: return MisfitOfWallTime(source, target);
	case Name::uuid_swap:
		return family != Family::binary ? "the source column holds no bytes"
			   : IsKnown(target) && target.kind != PgKind::uuid && target.kind != PgKind::bytea
				   ? "the target column is neither uuid nor bytea"
				   : nullptr;
	case Name::clamp:
		return !IsKnown(target) || ClampLimits(source, target, low, high)
				   ? nullptr
				   : "it is for integers and decimals, and for floats bound for smallint and integer";
	case Name::tinyint_to_boolean:
		return family != Family::integer						   ? "the source column holds no integers"
			   : IsKnown(target) && target.kind != PgKind::boolean ? "the target column is not boolean"
																   : nullptr;
	case Name::code_points_to_base64:
	case Name::code_points_to_bytea: return MisfitOfCodePoints(transform.name, source, target);
	}
	return nullptr;
}

bool GivesNull(const Transform &transform) noexcept {
	return transform.Is("null") || transform.name == Name::empty_to_null;
}

bool ChangesCharacters(TransformName name) noexcept {
	return name == Name::utf8_in_latin1_repair || name == Name::strip_nul || name == Name::replace_nul ||
		   name == Name::trim_pad || name == Name::json_nul;
}

bool ClampLimits(const SourceType &source, const TargetType &target, std::string &low, std::string &high) {
	const Family family = FamilyOf(source.kind);
	const bool exact = family == Family::integer || family == Family::decimal;
	const bool floating = family == Family::float_ || family == Family::double_;
	switch (target.kind) {
	case PgKind::int2: low = "-32768", high = "32767"; return exact || floating;
	case PgKind::int4: low = "-2147483648", high = "2147483647"; return exact || floating;
	case PgKind::int8: low = "-9223372036854775808", high = "9223372036854775807"; return exact;
	case PgKind::numeric: {
		if (!exact || target.precision < 0 || target.scale < 0 || target.scale > target.precision)
			return false;
		// no more digits than the source has: what it holds stays of its kind
		const auto places = std::min(target.scale, static_cast<int32_t>(family == Family::decimal ? source.scale : 0));
		high = Nines(target.precision - target.scale, places);
		low = "-" + high;
		return true;
	}
	default: return false;
	}
}

} // namespace alkconv::core
