// Regime: C++ (may throw, never calls Postgres)
//
// Functions of texts. Those that count and cut count characters on both sides; those that look for a text compare, so they ask for
// a binary collation, but REPLACE and TRIM compare bytes under every collation.
#include "core/expression_translator.hpp"
#include "core/sql_literal.hpp"

#include <algorithm>

namespace alkconv::core::expression {

namespace {

constexpr Wide kLongest = 1 << 30; // characters of a Postgres text

Value TextLike(const Value &of, std::string sql) {
	Value result = of;
	result.literal.reset();
	result.sql = std::move(sql);
	return result;
}

Value Concat(const CallOf &call) {
	call.Expect(1, 1000);
	Value result = ToText(call[0]);
	std::string sql = "(" + result.sql;
	for (size_t i = 1; i < call.arguments.size(); ++i) {
		const Value part = ToText(call[i]);
		MergeCollations(result, part);
		sql += " || " + part.sql;
	}
	return TextLike(result, sql + ")");
}

// concat_ws() is not immutable in Postgres.
Value ConcatWithSeparator(const CallOf &call) {
	call.Expect(2, 1000);
	const Value separator = ToText(call[0]);
	Value result = separator;
	std::string sql;
	for (size_t i = 1; i < call.arguments.size(); ++i) {
		const Value part = ToText(call[i]);
		MergeCollations(result, part);
		sql += (sql.empty() ? "" : " || ") + ("COALESCE(" + separator.sql + " || " + part.sql + ", '')");
	}
	return TextLike(result, "pg_catalog.substr(" + sql + ", pg_catalog.length(" + separator.sql + ") + 1)");
}

Value ChangeCase(const CallOf &call, const char *function) {
	call.Expect(1, 1);
	const Value text = ToText(call[0]);
	if (!text.ascii)
		throw Refusal{call.name + "() of text that may not be ASCII depends on each server's tables of letters"};
	return TextLike(text, std::string("pg_catalog.") + function + "(" + text.sql + " COLLATE pg_catalog.\"C\")");
}

Value LengthInBytes(const CallOf &call, const std::string &factor) {
	call.Expect(1, 1);
	if (call[0].form == Form::binary)
		return MakeInteger("(pg_catalog.octet_length(" + call[0].sql + ")" + factor + ")", 0, 8 * kLongest);
	const Value text = ToText(call[0]);
	if (!text.utf8)
		throw Refusal{call.name + "() of a text whose charset is not UTF-8"};
	return MakeInteger("(pg_catalog.octet_length(" + text.sql + ")" + factor + ")", 0, 8 * kLongest);
}

Value LengthInCharacters(const CallOf &call) {
	call.Expect(1, 1);
	if (call[0].form == Form::binary)
		return LengthInBytes(call, "");
	return MakeInteger("pg_catalog.length(" + ToText(call[0]).sql + ")", 0, kLongest);
}

std::string Count(const CallOf &call, size_t argument) {
	const Wide count = std::clamp<Wide>(call.Constant(argument), 0, kLongest);
	return IntegerText(count);
}

Value Cut(const CallOf &call) {
	call.Expect(2, 2);
	const Value text = ToText(call[0]);
	return TextLike(text, "pg_catalog." + call.name + "(" + text.sql + ", " + Count(call, 1) + ")");
}

// From the end, when the position is negative: nothing if the text is not that long.
Value Substring(const CallOf &call) {
	call.Expect(2, 3);
	const Value text = ToText(call[0]);
	const Wide position = call.Constant(1);
	const std::string length = call.arguments.size() == 3 ? ", " + Count(call, 2) : "";
	if (position > kLongest || position < -kLongest)
		throw Refusal{"a position beyond the longest text"};
	if (position > 0)
		return TextLike(text, "pg_catalog.substr(" + text.sql + ", " + IntegerText(position) + length + ")");
	if (position == 0)
		return TextLike(text, "pg_catalog.left(" + text.sql + ", 0)");
	const std::string from_end = IntegerText(-position);
	return TextLike(text, "(CASE WHEN pg_catalog.length(" + text.sql + ") < " + from_end + " THEN '' ELSE " +
							  (length.empty() ? "pg_catalog.right(" + text.sql + ", " + from_end + ")"
											  : "pg_catalog.substr(pg_catalog.right(" + text.sql + ", " + from_end +
													"), 1" + length + ")") +
							  " END)");
}

Value Trim(const CallOf &call) {
	call.Expect(1, 2);
	const Value text = ToText(call[0]);
	std::string what = " ";
	if (call.arguments.size() == 2) {
		const std::optional<std::string> &literal = call[1].literal;
		if (call.name != "trim" || !literal || call[1].form != Form::text)
			throw Refusal{call.name + "() of what is no literal"};
		what = *literal;
		if (what.size() != 1)
			throw Refusal{"trim() of more than one ASCII character"};
	}
	const char *function = call.name == "ltrim" || call.keyword == "leading"	? "ltrim"
						   : call.name == "rtrim" || call.keyword == "trailing" ? "rtrim"
																				: "btrim";
	return TextLike(text, std::string("pg_catalog.") + function + "(" + text.sql + ", " + SqlLiteral(what) + ")");
}

Value Replace(const CallOf &call) {
	call.Expect(3, 3);
	Value result = ToText(call[0]);
	const Value from = ToText(call[1]), to = ToText(call[2]);
	const std::string sql = "pg_catalog.replace(" + result.sql + ", " + from.sql + ", " + to.sql + ")";
	MergeCollations(result, from);
	MergeCollations(result, to);
	return TextLike(result, sql);
}

Value Pad(const CallOf &call) {
	call.Expect(3, 3);
	Value result = ToText(call[0]);
	const Wide length = call.Constant(1);
	if (length < 0 || length > 65535 || call[2].literal.value_or("").empty() || call[2].form != Form::text)
		throw Refusal{call.name + "() with what is no literal, or is empty"};
	const std::string sql =
		"pg_catalog." + call.name + "(" + result.sql + ", " + IntegerText(length) + ", " + call[2].sql + ")";
	MergeCollations(result, call[2]);
	return TextLike(result, sql);
}

// Where the second text is in the first; the other way round in LOCATE().
Value Locate(const CallOf &call) {
	call.Expect(2, 2);
	const bool instr = call.name == "instr";
	const Value text = ToText(call[instr ? 0 : 1]), part = ToText(call[instr ? 1 : 0]);
	Value merged = text;
	MergeCollations(merged, part);
	if (merged.collation != Collation::exact && merged.collation != Collation::padded)
		throw Refusal{call.name + "() under a collation that is not binary"};
	return MakeInteger("pg_catalog.strpos(" + text.sql + " COLLATE pg_catalog.\"C\", " + part.sql + ")", 0, kLongest);
}

Value Repeat(const CallOf &call) {
	call.Expect(2, 2);
	const Value text = ToText(call[0]);
	const Wide times = call.Constant(1);
	if (times > 65535)
		throw Refusal{"repeat() more than 65535 times"};
	return TextLike(text, "pg_catalog.repeat(" + text.sql + ", " + Count(call, 1) + ")");
}

} // namespace

bool CallText(const CallOf &call, Value &result) {
	const std::string &name = call.name;
	if (name == "concat")
		result = Concat(call);
	else if (name == "concat_ws")
		result = ConcatWithSeparator(call);
	else if (name == "lower" || name == "lcase")
		result = ChangeCase(call, "lower");
	else if (name == "upper" || name == "ucase")
		result = ChangeCase(call, "upper");
	else if (name == "length" || name == "octet_length")
		result = LengthInBytes(call, "");
	else if (name == "bit_length")
		result = LengthInBytes(call, " * 8::bigint");
	else if (name == "char_length" || name == "character_length")
		result = LengthInCharacters(call);
	else if (name == "left" || name == "right")
		result = Cut(call);
	else if (name == "substr" || name == "substring" || name == "mid")
		result = Substring(call);
	else if (name == "trim" || name == "ltrim" || name == "rtrim")
		result = Trim(call);
	else if (name == "replace")
		result = Replace(call);
	else if (name == "lpad" || name == "rpad")
		result = Pad(call);
	else if (name == "locate" || name == "instr" || name == "position")
		result = Locate(call);
	else if (name == "repeat")
		result = Repeat(call);
	else if (name == "reverse") {
		call.Expect(1, 1);
		const Value text = ToText(call[0]);
		result = TextLike(text, "pg_catalog.reverse(" + text.sql + ")");
	} else
		return false;
	return true;
}

namespace {

Value Sha2(const CallOf &call) {
	call.Expect(2, 2);
	const Wide bits = call.Constant(1);
	if (bits != 0 && bits != 224 && bits != 256 && bits != 384 && bits != 512)
		return MakeNull();
	return MakeText("pg_catalog.encode(pg_catalog.sha" + IntegerText(bits == 0 ? 256 : bits) + "(" +
					ToBinary(call[0]).sql + "), 'hex')");
}

Value Hex(const CallOf &call) {
	call.Expect(1, 1);
	const Value &v = call[0];
	if (v.bits)
		throw Refusal{"hex() of bits"};
	if (v.form == Form::boolean || v.form == Form::integer) {
		const Value number = ToInteger(v);
		if (number.low < 0 || number.wide)
			throw Refusal{"hex() of a number that may be negative or have more than 63 bits"};
		return MakeText("pg_catalog.upper(pg_catalog.to_hex(" + number.sql + ") COLLATE pg_catalog.\"C\")");
	}
	if (v.form == Form::decimal || v.form == Form::floating)
		throw Refusal{"hex() of a number with a fraction"};
	return MakeText("pg_catalog.upper(pg_catalog.encode(" + ToBinary(v).sql + ", 'hex') COLLATE pg_catalog.\"C\")");
}

} // namespace

bool CallHash(const CallOf &call, Value &result) {
	if (call.name == "md5") {
		call.Expect(1, 1);
		result = MakeText("pg_catalog.md5(" + ToBinary(call[0]).sql + ")");
	} else if (call.name == "sha2") {
		result = Sha2(call);
	} else if (call.name == "hex") {
		result = Hex(call);
	} else {
		return false;
	}
	if (result.form == Form::text) {
		// of the connection's collation
		result.collation = Collation::insensitive;
	}
	return true;
}

} // namespace alkconv::core::expression
