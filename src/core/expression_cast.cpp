// Regime: C++ (may throw, never calls Postgres)
//
// CAST and CONVERT.
#include "core/expression_translator.hpp"

#include <algorithm>

namespace alkconv::core::expression {

namespace {

unsigned NumberOr(const Node &node, size_t i, unsigned otherwise) noexcept {
	return i < node.numbers.size() ? node.numbers[i] : otherwise;
}

Value ToSigned(const Value &v) {
	if (v.form == Form::null)
		return MakeBigint("NULL::bigint", kMinSigned, kMaxSigned);
	Value number = ToNumber(v);
	if (number.form == Form::decimal && number.digits <= 18) {
		const Wide bound = [&] {
			Wide power = 1;
			for (unsigned i = 0; i < number.digits; ++i)
				power *= 10;
			return power;
		}();
		return From({&v}, MakeBigint(number.sql + "::bigint", -bound, bound)); // both round half away from zero
	}
	if (number.form != Form::integer || number.high > kMaxSigned)
		throw Refusal{std::string(FormName(v.form)) + " is cast to a signed integer"};
	number.is_unsigned = false;
	return number;
}

Value ToUnsigned(const Value &v) {
	if (v.form == Form::null)
		return MakeBigint("NULL::bigint", 0, kMaxSigned);
	Value number = ToNumber(v);
	if (number.form != Form::integer || number.low < 0)
		throw Refusal{std::string(FormName(v.form)) + " that may be negative is cast to an unsigned integer"};
	number.is_unsigned = true;
	return number;
}

// MySQL cuts off at the largest number of the type, with a warning.
Value CastToDecimal(const Value &v, unsigned precision, unsigned scale) {
	if (v.form == Form::null)
		return MakeDecimal("NULL::numeric", precision - scale, scale);
	const Value number = ToNumeric(v);
	const unsigned digits = precision - scale;
	const std::string rounded = "pg_catalog.round(" + number.sql + ", " + std::to_string(scale) + ")";
	// rounding may give one digit more
	if (number.digits + (number.scale > scale ? 1 : 0) <= digits)
		return From({&v}, MakeDecimal(rounded, digits, scale));
	const std::string largest =
		(digits == 0 ? "0" : std::string(digits, '9')) + (scale == 0 ? "" : "." + std::string(scale, '9'));
	return From({&v}, MakeDecimal("(CASE WHEN " + rounded + " > " + largest + " THEN " + largest + " WHEN " + rounded +
									  " < -" + largest + " THEN -" + largest + " ELSE " + rounded + " END)",
								  digits, scale));
}

Value CastToText(const Node &node, const Value &v) {
	if (node.name == "binary") {
		if (!node.numbers.empty())
			throw Refusal{"a cast to a binary string of a given length"};
		return ToBinary(v);
	}
	Value text = ToText(v);
	if (node.binary && node.name.empty())
		throw Refusal{"a cast to a binary collation of the connection"};
	const bool utf8 = node.name.empty() || node.name == "utf8mb4";
	if (!utf8 && !text.ascii)
		throw Refusal{"a cast to charset " + node.name};
	if (v.form != Form::text || text.collation != Collation::literal || !node.name.empty()) {
		text.collation = Collation::insensitive; // the connection's or the charset's own
		text.collation_name = "";
		text.explicit_collation = false;
	}
	if (node.binary) {
		text.collation = Collation::padded;
		text.collation_name = node.name + "_bin";
	}
	text.utf8 = true;
	text.literal.reset();
	if (!node.numbers.empty())
		text.sql = "pg_catalog.left(" + text.sql + ", " + std::to_string(node.numbers[0]) + ")";
	return text;
}

Value CastToDateTime(const Node &node, const Value &v, bool mariadb) {
	const unsigned fsp = NumberOr(node, 0, 0);
	Value result = Rounded(ToDateTime(v), fsp, mariadb);
	result.fsp = fsp;
	result.literal.reset();
	return result;
}

// The time of day, or a time.
Value CastToTime(const Node &node, const Value &v) {
	const unsigned fsp = NumberOr(node, 0, 0);
	if (v.form == Form::datetime && v.fsp <= fsp) {
		Value result = Make(Form::time, "(" + v.sql + " - pg_catalog.date_trunc('day', " + v.sql + "))");
		result.fsp = fsp;
		return From({&v}, result);
	}
	Value result = ToTime(v);
	if (result.fsp > fsp)
		throw Refusal{"a cast to TIME that rounds"};
	result.fsp = fsp;
	return result;
}

} // namespace

Value Cast(const Node &node, const Value &v, bool mariadb) {
	const std::string &type = node.text;
	if (type == "signed")
		return ToSigned(v);
	if (type == "unsigned")
		return ToUnsigned(v);
	if (type == "decimal") {
		const unsigned precision = NumberOr(node, 0, 10), scale = NumberOr(node, 1, 0);
		if (scale > precision || precision > 65)
			throw Refusal{"a cast to DECIMAL(" + std::to_string(precision) + "," + std::to_string(scale) + ")"};
		return CastToDecimal(v, precision, scale);
	}
	if (type == "double" || type == "real")
		return v.form == Form::null ? Make(Form::floating, "NULL::double precision") : ToDouble(v);
	if (type == "char" || type == "nchar")
		return CastToText(node, v);
	if (type == "binary" && node.numbers.empty())
		return ToBinary(v);
	if (type == "date")
		return ToDate(v);
	if (type == "datetime")
		return CastToDateTime(node, v, mariadb);
	if (type == "time")
		return CastToTime(node, v);
	if (type == "json" && v.form == Form::json)
		return v;
	throw Refusal{"a cast to " + type};
}

} // namespace alkconv::core::expression
