// Regime: C++ (may throw, never calls Postgres)
//
// Follows "Type Conversion in Expression Evaluation" and "Collation Coercibility in Expressions" of MySQL's manual; Postgres' casts
// that are used are immutable, so that generated columns and indexes may hold them.
#include "core/expression_value.hpp"

#include "core/hex.hpp"
#include "core/sql_literal.hpp"
#include "core/temporal.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace alkconv::core::expression {

namespace {

bool IsAscii(std::string_view text) noexcept {
	return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

unsigned DigitsOf(Wide low, Wide high) {
	const size_t digits =
		std::max(IntegerText(low < 0 ? -low : low).size(), IntegerText(high < 0 ? -high : high).size());
	return static_cast<unsigned>(digits);
}

std::string DateText(const std::string &sql) {
	return FieldText("year", sql, 4) + " || '-' || " + FieldText("month", sql, 2) + " || '-' || " +
		   FieldText("day", sql, 2);
}

std::string DateTimeText(const std::string &sql, unsigned fsp) {
	std::string text = DateText(sql) + " || ' ' || " + FieldText("hour", sql, 2) + " || ':' || " +
					   FieldText("minute", sql, 2) + " || ':' || ";
	if (fsp == 0)
		return text + FieldText("second", sql, 2);
	return text + "pg_catalog.lpad(pg_catalog.round(EXTRACT(second FROM " + sql + "), " + std::to_string(fsp) +
		   ")::pg_catalog.text, " + std::to_string(3 + fsp) + ", '0')";
}

[[noreturn]] void Refuse(const Value &v, const char *as) {
	throw Refusal{std::string(FormName(v.form)) + " is used as " + as};
}

} // namespace

std::string FieldNumber(const char *field, const std::string &of) {
	const std::string extract = "EXTRACT(" + std::string(field) + " FROM " + of + ")";
	// seconds have a fraction, which the cast would round
	return std::string(field) == "second" ? "pg_catalog.trunc(" + extract + ")::integer" : extract + "::integer";
}

std::string FieldText(const char *field, const std::string &of, int width) {
	return "pg_catalog.lpad(" + FieldNumber(field, of) + "::pg_catalog.text, " + std::to_string(width) + ", '0')";
}

const char *FormName(Form form) noexcept {
	switch (form) {
	case Form::null: return "NULL";
	case Form::boolean: return "a condition";
	case Form::integer: return "an integer";
	case Form::decimal: return "a decimal";
	case Form::floating: return "a floating-point number";
	case Form::text: return "a text";
	case Form::label: return "an enum";
	case Form::binary: return "a binary string";
	case Form::date: return "a date";
	case Form::datetime: return "a datetime";
	case Form::instant: return "a timestamp";
	case Form::time: return "a time";
	case Form::json: return "a JSON value";
	case Form::uuid: return "a uuid";
	case Form::opaque: return "a value of a type without operators";
	}
	return "";
}

bool IsNumber(const Value &v) noexcept {
	return v.form == Form::boolean || v.form == Form::integer || v.form == Form::decimal || v.form == Form::floating;
}

bool IsConstant(const Value &v) noexcept { return v.form == Form::integer && v.constant; }

bool IsConstant(const Value &v, Wide number) noexcept { return IsConstant(v) && v.low == number; }

// ---- making -------------------------------------------------------------------------------------------------------------

Value Make(Form form, std::string sql) {
	Value v;
	v.form = form;
	v.sql = std::move(sql);
	return v;
}

Value MakeNull() { return Make(Form::null, "NULL"); }

Value MakeBoolean(std::string sql) { return Make(Form::boolean, std::move(sql)); }

Value MakeInteger(std::string sql, Wide low, Wide high) {
	Value v = Make(Form::integer, std::move(sql));
	v.low = low;
	v.high = high;
	v.wide = low < kMinSigned || high > kMaxSigned;
	return v;
}

Value MakeBigint(std::string sql, Wide low, Wide high) {
	Value v = MakeInteger(std::move(sql), low, high);
	v.bigint = true;
	return v;
}

Value MakeIntegerLiteral(Wide number) {
	Value v = MakeInteger(number < 0 ? "(" + IntegerText(number) + ")" : IntegerText(number), number, number);
	v.is_unsigned = number > kMaxSigned;
	v.constant = true;
	return v;
}

Value MakeDecimal(std::string sql, unsigned digits, unsigned scale) {
	constexpr unsigned kMaxDigits = 65, kMaxScale = 30; // "DECIMAL Data Type Characteristics"
	if (digits + scale > kMaxDigits || scale > kMaxScale)
		throw Refusal{"a decimal may have more digits than MySQL computes with"};
	Value v = Make(Form::decimal, std::move(sql));
	v.digits = digits;
	v.scale = scale;
	return v;
}

Value MakeText(std::string sql) {
	Value v = Make(Form::text, std::move(sql));
	v.ascii = true;
	return v;
}

Value MakeStringLiteral(std::string text) {
	if (ScanText(text).code != Code::ok)
		throw Refusal{"a literal contains U+0000 or is not UTF-8"};
	Value v = MakeText(SqlLiteral(text) + "::pg_catalog.text");
	v.ascii = IsAscii(text);
	v.literal = std::move(text);
	return v;
}

Value MakeBytesLiteral(std::string bytes) {
	std::string hex = "\\x";
	for (const char c : bytes) {
		char digits[2];
		PutHex(static_cast<unsigned char>(c), digits);
		hex.append(digits, 2);
	}
	Value v = Make(Form::binary, SqlLiteral(hex) + "::pg_catalog.bytea");
	v.literal = std::move(bytes);
	return v;
}

Value From(std::initializer_list<const Value *> parts, Value result) {
	for (const Value *part : parts) {
		result.volatility = std::max(result.volatility, part->volatility);
		result.mixed_scale = result.mixed_scale || part->mixed_scale;
	}
	return result;
}

std::string IntegerText(Wide number) {
	const bool negative = number < 0;
	std::string text;
	do {
		const auto digit = static_cast<int>(number % 10);
		text += static_cast<char>('0' + (digit < 0 ? -digit : digit));
		number /= 10;
	} while (number != 0);
	if (negative)
		text += '-';
	std::reverse(text.begin(), text.end());
	return text;
}

// ---- conversions --------------------------------------------------------------------------------------------------------

Value ToBoolean(const Value &v) {
	switch (v.form) {
	case Form::boolean: return v;
	case Form::null: return MakeBoolean("NULL::boolean");
	case Form::integer:
	case Form::decimal:
	case Form::floating: return From({&v}, MakeBoolean("(" + v.sql + " <> 0)"));
	default: Refuse(v, "a condition");
	}
}

Value ToNumber(const Value &v) {
	if (v.form == Form::boolean) {
		Value number = From({&v}, MakeInteger(v.sql + "::integer", 0, 1));
		number.is_unsigned = v.is_unsigned; // a BIT
		return number;
	}
	if (!IsNumber(v))
		Refuse(v, "a number");
	return v;
}

Value ToInteger(const Value &v) {
	Value number = ToNumber(v);
	if (number.form != Form::integer)
		Refuse(v, "an integer");
	if (!number.wide && !number.bigint) {
		number.sql += "::bigint";
		number.bigint = true;
	}
	return number;
}

Value ToNumeric(const Value &v) {
	Value number = ToNumber(v);
	if (number.form == Form::decimal)
		return number;
	if (number.form != Form::integer)
		Refuse(v, "a decimal");
	return From({&v}, MakeDecimal(number.sql + (number.wide ? "" : "::numeric"), DigitsOf(number.low, number.high), 0));
}

Value ToDouble(const Value &v) {
	Value number = ToNumber(v);
	if (number.form == Form::floating && !number.single)
		return number;
	return From({&v}, Make(Form::floating, number.sql + "::double precision"));
}

Value ToText(const Value &v) {
	switch (v.form) {
	case Form::text: return v;
	case Form::null: return MakeText("NULL::pg_catalog.text");
	case Form::label: {
		if (!v.label_is_text)
			throw Refusal{"an enum is used as a text, which is not immutable in Postgres"};
		Value text = v;
		text.form = Form::text;
		return text;
	}
	case Form::boolean:
	case Form::integer:
		if (v.bits)
			throw Refusal{"bits are used as a text"};
		if (v.zerofill)
			throw Refusal{"a ZEROFILL number is used as a text"};
		if (v.year) // 0000
			return From({&v}, MakeText("pg_catalog.lpad(" + v.sql + "::pg_catalog.text, 4, '0')"));
		return From({&v}, MakeText(ToNumber(v).sql + "::pg_catalog.text"));
	case Form::decimal:
		if (v.zerofill)
			throw Refusal{"a ZEROFILL number is used as a text"};
		if (v.mixed_scale)
			throw Refusal{"a decimal whose branches have different digits after the point is used as a text"};
		return From({&v},
					MakeText("pg_catalog.round(" + v.sql + ", " + std::to_string(v.scale) + ")::pg_catalog.text"));
	case Form::date: return From({&v}, MakeText("(" + DateText(v.sql) + ")"));
	case Form::datetime: return From({&v}, MakeText("(" + DateTimeText(v.sql, v.fsp) + ")"));
	case Form::uuid: return From({&v}, MakeText(v.sql + "::pg_catalog.text"));
	default: Refuse(v, "a text");
	}
}

Value ToBinary(const Value &v) {
	if (v.form == Form::binary)
		return v;
	if (v.form == Form::null)
		return Make(Form::binary, "NULL::pg_catalog.bytea");
	if (v.form == Form::text && v.literal)
		return MakeBytesLiteral(*v.literal);
	const Value text = ToText(v);
	if (!text.utf8)
		throw Refusal{"the bytes of a text are used whose charset is not UTF-8"};
	// convert_to() is not immutable; in a database in UTF-8 this is the same
	return From({&v}, Make(Form::binary,
						   "pg_catalog.decode(pg_catalog.replace(" + text.sql + ", E'\\\\', E'\\\\\\\\'), 'escape')"));
}

namespace {

// The date, or the date and time, that a literal spells in the standard form. MySQL reads many others.
TemporalText ParseLiteral(const std::string &literal) {
	TemporalText parsed{};
	const bool standard = (literal.size() == 10 || (literal.size() >= 19 && literal[10] == ' ')) &&
						  ParseTemporalText(literal, parsed) == Code::ok && parsed.has_date && !parsed.has_zone;
	if (!standard)
		throw Refusal{"\"" + literal.substr(0, 40) + "\" is used as a date"};
	if (CheckDate(parsed.value) != Code::ok || CheckTimeOfDay(parsed.value) != Code::ok)
		throw Refusal{"\"" + literal.substr(0, 40) + "\" is no date that Postgres has"};
	return parsed;
}

unsigned FractionDigits(const std::string &literal) {
	const size_t point = literal.find('.');
	return point == std::string::npos ? 0 : static_cast<unsigned>(literal.size() - point - 1);
}

} // namespace

Value ToDate(const Value &v) {
	if (v.form == Form::date)
		return v;
	if (v.form == Form::datetime)
		return From({&v}, Make(Form::date, v.sql + "::pg_catalog.date"));
	if (v.form == Form::null)
		return Make(Form::date, "NULL::pg_catalog.date");
	if (v.form == Form::text && v.literal && !ParseLiteral(*v.literal).has_time)
		return Make(Form::date, SqlLiteral(*v.literal) + "::pg_catalog.date");
	Refuse(v, "a date");
}

Value ToDateTime(const Value &v) {
	if (v.form == Form::datetime)
		return v;
	if (v.form == Form::date)
		return From({&v}, Make(Form::datetime, v.sql + "::timestamp"));
	if (v.form == Form::null)
		return Make(Form::datetime, "NULL::timestamp");
	if (v.form == Form::text && v.literal) {
		ParseLiteral(*v.literal);
		Value result = Make(Form::datetime, SqlLiteral(*v.literal) + "::timestamp");
		result.fsp = FractionDigits(*v.literal);
		return result;
	}
	Refuse(v, "a datetime");
}

Value ToTime(const Value &v) {
	if (v.form == Form::time)
		return v;
	if (v.form == Form::null)
		return Make(Form::time, "NULL::interval");
	TemporalText parsed{};
	if (v.form != Form::text || !v.literal)
		Refuse(v, "a time");
	const std::string &literal = *v.literal;
	const bool standard = ParseTemporalText(literal, parsed) == Code::ok && !parsed.has_date && !parsed.has_zone &&
						  std::count(literal.begin(), literal.end(), ':') == 2;
	if (!standard)
		throw Refusal{"\"" + literal.substr(0, 40) + "\" is used as a time"};
	Value result = Make(Form::time, SqlLiteral(literal) + "::interval");
	result.fsp = FractionDigits(literal);
	return result;
}

void MergeCollations(Value &into, const Value &other) {
	into.utf8 = into.utf8 && other.utf8;
	into.ascii = into.ascii && other.ascii;
	const bool take = into.collation == Collation::literal || (other.explicit_collation && !into.explicit_collation);
	if (take && other.collation != Collation::literal) {
		into.collation = other.collation;
		into.collation_name = other.collation_name;
		into.explicit_collation = other.explicit_collation;
	} else if (other.collation != Collation::literal && into.explicit_collation == other.explicit_collation &&
			   into.collation_name != other.collation_name) {
		into.collation = Collation::insensitive;
		into.collation_name = "of several";
	}
}

namespace {

template <typename Convert>
void ConvertAll(std::vector<Value> &values, Convert convert) {
	for (Value &v : values)
		if (v.form != Form::null)
			v = convert(v);
}

void UnifyNumbers(std::vector<Value> &values) {
	const auto any = [&](Form form) {
		return std::any_of(values.begin(), values.end(), [form](const Value &v) { return v.form == form; });
	};
	if (any(Form::floating)) {
		ConvertAll(values, ToDouble);
	} else if (any(Form::decimal)) {
		ConvertAll(values, ToNumeric);
		unsigned digits = 0, scale = 0;
		bool mixed = false;
		for (const Value &v : values) {
			digits = std::max(digits, v.digits);
			scale = std::max(scale, v.scale);
		}
		for (const Value &v : values)
			mixed = mixed || (v.form != Form::null && v.scale != scale);
		ConvertAll(values, [&](const Value &v) {
			Value result = From({&v}, MakeDecimal(v.sql, digits, scale));
			result.mixed_scale = result.mixed_scale || mixed;
			return result;
		});
	} else if (any(Form::integer)) {
		ConvertAll(values, ToNumber);
		Wide low = kMaxUnsigned, high = kMinSigned;
		bool wide = false, is_unsigned = false, zerofill = false, year = true;
		for (const Value &v : values)
			if (v.form != Form::null) {
				zerofill = zerofill || v.zerofill;
				year = year && v.year;
				low = std::min(low, v.low);
				high = std::max(high, v.high);
				wide = wide || v.wide;
				is_unsigned = is_unsigned || v.is_unsigned;
			}
		ConvertAll(values, [&](const Value &v) {
			Value result = v;
			result.low = low;
			result.high = high;
			result.is_unsigned = is_unsigned;
			result.wide = wide;
			result.bigint = false;
			result.zerofill = zerofill;
			result.year = year;
			if (wide && !v.wide)
				result.sql += "::numeric";
			return result;
		});
	}
}

void UnifyTexts(std::vector<Value> &values) {
	ConvertAll(values, ToText);
	const auto first = std::find_if(values.begin(), values.end(), [](const Value &v) { return v.form != Form::null; });
	Value merged = *first;
	for (const Value &v : values)
		if (v.form != Form::null)
			MergeCollations(merged, v);
	ConvertAll(values, [&](const Value &v) {
		Value result = merged;
		result.sql = v.sql;
		result.literal = v.literal;
		result.volatility = v.volatility;
		return result;
	});
}

// Digits of fractions of a second: the most that one of them has.
void UnifyFractions(std::vector<Value> &values) {
	unsigned fsp = 0;
	for (const Value &v : values)
		fsp = std::max(fsp, v.fsp);
	for (Value &v : values)
		v.fsp = fsp;
}

} // namespace

void Unify(std::vector<Value> &values, const char *what) {
	const auto all = [&](auto is) {
		return std::all_of(values.begin(), values.end(), [&](const Value &v) { return v.form == Form::null || is(v); });
	};
	const auto of = [&](Form form) { return all([form](const Value &v) { return v.form == form; }); };
	if (of(Form::null) || of(Form::boolean) || of(Form::binary) || of(Form::date) || of(Form::uuid))
		return;
	if (all([](const Value &v) { return IsNumber(v); })) {
		UnifyNumbers(values);
	} else if (of(Form::instant) || of(Form::time)) {
		UnifyFractions(values);
	} else if (all([](const Value &v) { return v.form == Form::date || v.form == Form::datetime; })) {
		ConvertAll(values, ToDateTime);
		UnifyFractions(values);
	} else if (all([](const Value &v) {
				   return v.form == Form::text || v.form == Form::label || v.form == Form::uuid || IsNumber(v) ||
						  v.form == Form::date || v.form == Form::datetime;
			   })) {
		UnifyTexts(values);
	} else {
		std::string forms;
		for (const Value &v : values)
			forms += (forms.empty() ? "" : " and ") + std::string(FormName(v.form));
		throw Refusal{std::string(what) + " mixes " + forms};
	}
}

} // namespace alkconv::core::expression
