// Regime: C++ (may throw, never calls Postgres)
//
// Lengths and ranges are left to the target's type, which raises an error as MySQL's strict mode does.
#include "core/expression_assign.hpp"

#include "core/conversion_table.hpp"
#include "core/default_type.hpp"
#include "core/json.hpp"
#include "core/sql_literal.hpp"
#include "core/text.hpp"
#include "core/uuid.hpp"

#include <algorithm>
#include <string>

namespace alkconv::core::expression {

namespace {

bool StartsWith(std::string_view text, std::string_view with) noexcept { return text.substr(0, with.size()) == with; }

[[noreturn]] void RefuseAssignment(const Value &v, std::string_view target) {
	throw Refusal{std::string(FormName(v.form)) + " goes into a column of type " + std::string(target)};
}

// For boolean and for numbers.
std::string Number(const Value &v, const SourceType &type, std::string_view target) {
	if (target == "boolean") {
		if (v.form == Form::boolean)
			return v.sql;
		if (IsConstant(v, 0) || IsConstant(v, 1))
			return v.low == 0 ? "false" : "true";
		if (v.form == Form::integer && v.low >= 0 && v.high <= 1)
			return "(" + v.sql + " <> 0)";
		RefuseAssignment(v, target);
	}
	if (!IsNumber(v))
		RefuseAssignment(v, target);
	const Value number = ToNumber(v);
	const bool floating = type.kind == MySqlKind::float_ || type.kind == MySqlKind::double_;
	if (floating && type.text.find(',') != std::string::npos)
		throw Refusal{"a number is rounded to the digits of " + type.text};
	if (floating)
		return IsConstant(number) ? number.sql : ToDouble(number).sql;
	if (number.form == Form::floating)
		throw Refusal{"a floating-point number is rounded to " + type.text};
	return number.sql;
}

std::string Bits(const Value &v, const SourceType &type, std::string_view target) {
	if (target == "boolean" || (!StartsWith(target, "bit") && !StartsWith(target, "varbit")))
		return Number(v, type, target);
	if (!IsConstant(v) || v.low < 0 || type.length > 64 ||
		(type.length < 64 && v.low >> static_cast<int>(type.length) != 0))
		RefuseAssignment(v, target);
	std::string digits;
	for (uint64_t bit = type.length; bit-- > 0;)
		digits += (v.low >> static_cast<int>(bit) & 1) != 0 ? '1' : '0';
	return "B'" + digits + "'";
}

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
	for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
		text.replace(at, from.size(), to);
	return text;
}

bool IsTextType(std::string_view target) noexcept {
	return target == "text" || StartsWith(target, "character") || StartsWith(target, "varchar");
}

// A literal that the target's own input function reads.
std::string Typed(const std::string &literal, std::string_view target) {
	return SqlLiteral(literal) + "::" + std::string(target);
}

std::string Text(const Value &v, const SourceType &type, std::string_view target) {
	if (target == "uuid") {
		char bytes[kUuidBytes];
		if (v.form == Form::uuid && !v.uuid_bytes)
			return v.sql;
		if (v.form == Form::text && v.literal && ParseUuid(*v.literal, bytes))
			return Typed(*v.literal, target);
		RefuseAssignment(v, target);
	}
	if (v.uuid_bytes)
		RefuseAssignment(v, target);
	const Value text = ToText(v);
	if (!text.ascii && type.charset != "utf8mb4" && !text.literal)
		throw Refusal{"a text goes into a column of charset " + type.charset};
	if (!IsTextType(target)) {
		if (!text.literal)
			RefuseAssignment(v, target);
		return Typed(*text.literal, target);
	}
	if (text.literal) {
		std::string literal = *text.literal;
		if (type.kind == MySqlKind::char_)
			literal.erase(literal.find_last_not_of(' ') + 1);
		return SqlLiteral(literal);
	}
	// a CHAR is read without its blanks at the end
	return type.kind == MySqlKind::char_ ? "pg_catalog.rtrim(" + text.sql + ", ' ')" : text.sql;
}

std::string Enum(const Value &v, const SourceType &type, std::string_view target) {
	if (v.literal && v.form == Form::text && !LabelsAreKnown(type) && IsTextType(target))
		return SqlLiteral(*v.literal);
	if (!v.literal || std::find(type.labels.begin(), type.labels.end(), *v.literal) == type.labels.end())
		throw Refusal{"an enum gets something else than one of its labels"};
	return IsTextType(target) ? SqlLiteral(*v.literal) : Typed(*v.literal, target);
}

std::string Set(const Value &v, const SourceType &type, std::string_view target) {
	if (!v.literal || v.form != Form::text)
		throw Refusal{"a set gets something else than a literal"};
	if (IsTextType(target))
		return SqlLiteral(*v.literal);
	std::string members, rest = *v.literal;
	while (!rest.empty()) {
		const size_t comma = std::min(rest.find(','), rest.size());
		const std::string member = rest.substr(0, comma);
		if (LabelsAreKnown(type) && std::find(type.labels.begin(), type.labels.end(), member) == type.labels.end())
			throw Refusal{"a set gets something else than its members"};
		members += (members.empty() ? "" : ", ") + SqlLiteral(member);
		rest.erase(0, comma + 1);
	}
	return "ARRAY[" + members + "]::" + std::string(target);
}

std::string Binary(const Value &v, const SourceType &type, std::string_view target) {
	if (v.form == Form::uuid && v.uuid_bytes) {
		if (target == "uuid")
			return v.sql;
		if (target == "bytea")
			return "pg_catalog.uuid_send(" + v.sql + ")";
		RefuseAssignment(v, target);
	}
	Value bytes = ToBinary(v);
	if (type.kind == MySqlKind::binary) {
		if (!bytes.literal || bytes.literal->size() > type.length)
			throw Refusal{"a value is padded to " + type.text};
		bytes = MakeBytesLiteral(*bytes.literal + std::string(type.length - bytes.literal->size(), '\0'));
	}
	if (target == "bytea")
		return bytes.sql;
	if (target == "uuid" && bytes.literal && bytes.literal->size() == kUuidBytes) {
		char text[kUuidTextBytes];
		FormatUuid(bytes.literal->data(), text);
		return Typed(std::string(text, sizeof text), target);
	}
	RefuseAssignment(v, target);
}

std::string Json(const Value &v, std::string_view target) {
	if (target != "json" && target != "jsonb")
		RefuseAssignment(v, target);
	if (v.literal) {
		JsonValidator validator;
		if (!validator.Accepts(*v.literal, false) || (target == "jsonb" && HasNulEscape(*v.literal)))
			throw Refusal{"a literal may be no JSON that Postgres takes"};
		return SqlLiteral(*v.literal) + "::pg_catalog." + std::string(target);
	}
	if (v.form != Form::json)
		RefuseAssignment(v, target);
	return v.jsonb == (target == "jsonb") ? v.sql : v.sql + "::pg_catalog." + std::string(target);
}

// A TIMESTAMP without a zone in the target is UTC's wall time, as the values are that were copied.
std::string Instant(const Value &v, PgKind target, std::string_view name) {
	const bool zoned = target == PgKind::timestamptz;
	if (v.form == Form::instant)
		return zoned ? v.sql : "(" + v.sql + " AT TIME ZONE 'UTC')";
	if (!v.clock)
		throw Refusal{"a time without a zone goes into a column of type " + std::string(name)};
	if (!zoned)
		return Replaced(v.sql, "LOCALTIMESTAMP", "(CURRENT_TIMESTAMP AT TIME ZONE 'UTC')");
	return Replaced(Replaced(v.sql, "LOCALTIMESTAMP", "CURRENT_TIMESTAMP"), "::timestamp)",
					"::timestamp with time zone)");
}

std::string Moment(const Value &v, const SourceType &type, std::string_view target, bool mariadb) {
	const PgKind kind = NamedTarget(std::string(target)).kind;
	const bool instant = type.kind == MySqlKind::timestamp;
	if (kind != PgKind::timestamp && (kind != PgKind::timestamptz || !instant))
		RefuseAssignment(v, target);
	if (v.form == Form::instant && v.fsp > type.fsp)
		throw Refusal{"a timestamp is rounded to " + type.text};
	if (instant)
		return Instant(v.form == Form::instant ? v : Rounded(ToDateTime(v), type.fsp, mariadb), kind, target);
	return Rounded(ToDateTime(v), type.fsp, mariadb).sql;
}

} // namespace

std::string Assign(const Value &v, const SourceType &type, std::string_view target, bool mariadb) {
	if (v.form == Form::null)
		return "NULL";
	switch (FamilyOf(type.kind)) {
	case Family::integer:
	case Family::decimal:
	case Family::float_:
	case Family::double_:
	case Family::year: return Number(v, type, target);
	case Family::bit: return Bits(v, type, target);
	case Family::text: return Text(v, type, target);
	case Family::enum_: return Enum(v, type, target);
	case Family::set: return Set(v, type, target);
	case Family::binary: return Binary(v, type, target);
	case Family::json: return Json(v, target);
	case Family::date:
		if (target != "date" || (v.form == Form::datetime && v.fsp > 0))
			RefuseAssignment(v, target);
		return ToDate(v).sql;
	case Family::datetime:
	case Family::timestamp: return Moment(v, type, target, mariadb);
	case Family::time:
		if (ToTime(v).fsp > type.fsp)
			throw Refusal{"a time is rounded to " + type.text};
		if (target == "interval")
			return ToTime(v).sql;
		if (StartsWith(target, "time") && v.literal && v.literal->find('-') == std::string::npos)
			return Typed(*v.literal, target);
		RefuseAssignment(v, target);
	case Family::uuid:
		if (v.form == Form::uuid && target == "uuid")
			return v.sql;
		[[fallthrough]];
	case Family::inet:
		if (v.form == Form::text && v.literal)
			return Typed(*v.literal, target);
		[[fallthrough]];
	default: RefuseAssignment(v, target);
	}
}

} // namespace alkconv::core::expression
