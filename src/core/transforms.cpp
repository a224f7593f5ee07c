// Regime: C++ (may throw, never calls Postgres)
//
// The registry, and the spelling of transforms.
#include "core/transforms.hpp"

#include "core/status.hpp"
#include "core/temporal.hpp"
#include "core/time_zone.hpp"

#include <algorithm>

namespace alkconv::core {

namespace {

const TransformInfo &FindTransform(std::string_view name) {
	std::string known;
	for (const TransformInfo &info : KnownTransforms()) {
		if (name == info.text)
			return info;
		known.append(known.empty() ? "" : ", ").append(info.text);
	}
	throw Error(Code::unknown_rule, "unknown transform \"" + std::string(name) + "\"")
		.Hint("Known transforms: " + known + ".");
}

// Is the argument among the words that the registry lists? A date and a label stand for themselves.
bool TakesArgument(const Transform &transform) {
	int32_t year;
	uint32_t month, day;
	switch (transform.name) {
	case TransformName::zero_date:
		return transform.Is("null") || transform.Is("-infinity") || transform.Is("reject") ||
			   ParseDateArgument(transform.argument, year, month, day);
	case TransformName::partial_date: return transform.Is("null") || transform.Is("first") || transform.Is("reject");
	case TransformName::wall_time: {
		WallTimeArgument wall_time;
		return ParseWallTime(transform.argument, wall_time);
	}
	case TransformName::json_nul: return transform.Is("strip") || transform.Is("replace") || transform.Is("null");
	case TransformName::enum_empty: // blanks around a label would be overlooked
		return !transform.argument.empty() &&
			   (transform.quoted || (transform.argument.front() != ' ' && transform.argument.back() != ' '));
	default: return false;
	}
}

} // namespace

const std::vector<TransformInfo> &KnownTransforms() {
	using Name = TransformName;
	static const std::vector<TransformInfo> known = {
		{Name::parent_spelling, "parent_spelling", nullptr,
		 "text of a foreign key takes the spelling of the parent that the source's collation finds for it"},
		{Name::utf8_in_latin1_repair, "utf8_in_latin1_repair", nullptr,
		 "text whose characters are the cp1252 reading of valid, non-ASCII UTF-8 becomes what that UTF-8 says"},
		{Name::inflate, "inflate", nullptr,
		 "zlib, gzip or COMPRESS() data, as bytes or as one code point a byte, becomes what it holds"},
		{Name::strip_nul, "strip_nul", nullptr, "U+0000 is taken out of text"},
		{Name::replace_nul, "replace_nul", nullptr, "U+0000 in text becomes U+2400"},
		{Name::trim_pad, "trim_pad", nullptr, "blanks at the end of text are taken away"},
		{Name::json_nul, "json_nul", "strip, replace, null",
		 "the escape \\u0000 in JSON is taken out, becomes U+2400, or makes the document null"},
		{Name::enum_empty, "enum_empty", "null, or a label",
		 "the '' that the source stores for what was no label of the enum becomes null or a label"},
		{Name::empty_to_null, "empty_to_null", nullptr, "the empty string becomes null"},
		{Name::zero_date, "zero_date", "null, -infinity, reject, or a date as YYYY-MM-DD",
		 "0000-00-00 becomes null, -infinity or a date; reject: it is a bad value, as without a rule"},
		{Name::partial_date, "partial_date", "null, first, reject",
		 "a date without month or day, or that the month does not have, becomes null or the first day of the year or "
		 "month that is known; reject: it is a bad value, as without a rule"},
		{Name::wall_time, "wall_time", "a zone (UTC, +05:00, Europe/Sofia), or a zone, first, or a zone, second",
		 "TIMESTAMP bound for timestamp becomes the wall time in the zone, DATETIME bound for timestamptz is one; what "
		 "the zone did not have, or had twice, is refused, or read by the first or second of the two clocks"},
		{Name::uuid_swap, "uuid_swap", nullptr, "binary(16) made by UUID_TO_BIN(x, 1) becomes the uuid x"},
		{Name::clamp, "clamp", nullptr, "a number beyond the target's range becomes the nearest that it holds"},
		{Name::tinyint_to_boolean, "tinyint_to_boolean", nullptr, "every integer but 0 is true"},
		{Name::code_points_to_base64, "code_points_to_base64", nullptr,
		 "text that holds one code point a byte becomes the base64 text of the bytes"},
		{Name::code_points_to_bytea, "code_points_to_bytea", nullptr,
		 "text that holds one code point a byte becomes the bytes"},
	};
	return known;
}

const TransformInfo &InfoOf(TransformName name) noexcept { return KnownTransforms()[static_cast<size_t>(name)]; }

Transform ParseTransform(std::string_view text) {
	const size_t open = text.find('(');
	const bool closed = open != std::string_view::npos && text.back() == ')';
	const TransformInfo &info = FindTransform(closed ? text.substr(0, open) : text);
	Transform transform;
	transform.name = info.name;
	if (closed) {
		std::string_view argument = text.substr(open + 1, text.size() - open - 2);
		transform.quoted = argument.size() >= 2 && argument.front() == '\'' && argument.back() == '\'';
		if (transform.quoted)
			argument = argument.substr(1, argument.size() - 2);
		transform.argument = argument;
	}
	if (info.arguments == nullptr && closed)
		throw Error(Code::unknown_rule, "transform " + std::string(info.text) + " takes no argument")
			.Hint("Write " + std::string(info.text) + ".");
	if (info.arguments != nullptr && !TakesArgument(transform))
		throw Error(Code::unknown_rule,
					"transform " + std::string(info.text) +
						(closed ? " does not take the argument \"" + transform.argument + "\"" : " needs an argument"))
			.Hint("Write " + std::string(info.text) + "(...) with one of: " + info.arguments + ".");
	return transform;
}

std::string TransformText(const Transform &transform) {
	const TransformInfo &info = InfoOf(transform.name);
	if (info.arguments == nullptr)
		return info.text;
	const std::string quote = transform.quoted ? "'" : "";
	return std::string(info.text) + "(" + quote + transform.argument + quote + ")";
}

bool ParseDateArgument(std::string_view text, int32_t &year, uint32_t &month, uint32_t &day) noexcept {
	TemporalText parsed;
	if (text.size() != 10 || ParseTemporalText(text, parsed) != Code::ok || !parsed.has_date || parsed.has_time ||
		parsed.has_zone || CheckDate(parsed.value) != Code::ok)
		return false;
	year = parsed.value.year;
	month = parsed.value.month;
	day = parsed.value.day;
	return true;
}

} // namespace alkconv::core
