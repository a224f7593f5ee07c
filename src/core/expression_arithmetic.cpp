// Regime: C++ (may throw, never calls Postgres)
//
// Arithmetic and bit operators. MySQL computes integers with 64 bits, signed or (when an operand is unsigned) unsigned, and raises
// an error for what leaves them; so does bigint for signed ones. Results that can only be right stay; where MySQL's error would be
// lost, or its rounding is not Postgres', the operator is refused.
#include "core/expression_translator.hpp"

#include <algorithm>
#include <string>

namespace alkconv::core::expression {

namespace {

struct Range {
	Wide low, high;
};

std::string Operation(const std::string &left, const std::string &op, const std::string &right) {
	return "(" + left + " " + op + " " + right + ")";
}

// NULL for a divisor of 0, as MySQL has it, where Postgres raises an error.
std::string Divisor(const Value &v) { return IsConstant(v) && v.low != 0 ? v.sql : "NULLIF(" + v.sql + ", 0)"; }

// A product of corners; saturates far beyond 64 bits.
Wide Multiply(Wide a, Wide b) noexcept {
	Wide product = 0;
	if (__builtin_mul_overflow(a, b, &product))
		return (a < 0) == (b < 0) ? kMaxUnsigned * 2 : kMinSigned * 4;
	return product;
}

Range RangeOf(const std::string &op, const Value &a, const Value &b) {
	if (op == "+")
		return {a.low + b.low, a.high + b.high};
	if (op == "-")
		return {a.low - b.high, a.high - b.low};
	const Wide corners[] = {Multiply(a.low, b.low), Multiply(a.low, b.high), Multiply(a.high, b.low),
							Multiply(a.high, b.high)};
	return {*std::min_element(std::begin(corners), std::end(corners)),
			*std::max_element(std::begin(corners), std::end(corners))};
}

// + - * of integers.
Value IntegerArithmetic(const std::string &op, const Value &left, const Value &right) {
	Range range = RangeOf(op, left, right);
	const bool is_unsigned = left.is_unsigned || right.is_unsigned;
	if (is_unsigned && (range.low < 0 || range.high > kMaxUnsigned))
		throw Refusal{"unsigned " + op + " can leave its range, which is an error in MySQL only"};
	const bool overflows = range.low < kMinSigned || range.high > kMaxSigned;
	if (!is_unsigned)
		range = {std::max(range.low, kMinSigned), std::min(range.high, kMaxSigned)};
	bool wide = range.high > kMaxSigned || left.wide || right.wide;
	std::string sql =
		wide ? Operation(ToNumeric(left).sql, op, ToNumeric(right).sql) : Operation(ToInteger(left).sql, op, right.sql);
	if (wide && overflows && !is_unsigned) { // MySQL's error
		sql += "::bigint";
		wide = false;
	}
	Value result = From({&left, &right}, MakeInteger(sql, range.low, range.high));
	result.is_unsigned = is_unsigned;
	result.wide = wide;
	result.bigint = !wide;
	return result;
}

Value DecimalArithmetic(const std::string &op, const Value &l, const Value &r) {
	const Value left = ToNumeric(l), right = ToNumeric(r);
	const std::string sql = Operation(left.sql, op, right.sql);
	if (op == "*")
		return From({&l, &r}, MakeDecimal(sql, left.digits + right.digits, left.scale + right.scale));
	return From({&l, &r}, MakeDecimal(sql, std::max(left.digits, right.digits) + 1, std::max(left.scale, right.scale)));
}

// MySQL's quotient has four digits more than the dividend. It has no more when the divisor is a literal made of 2, 5 and 10.
Value Divide(const Value &l, const Value &r) {
	if (l.form == Form::floating || r.form == Form::floating)
		return From({&l, &r}, Make(Form::floating, Operation(ToDouble(l).sql, "/", Divisor(ToDouble(r)))));
	constexpr Wide kPower = 10000;
	const Value left = ToNumeric(l);
	if (!IsConstant(r) || r.low <= 0 || kPower % r.low != 0)
		throw Refusal{"/ rounds the quotient to four digits more than the dividend has"};
	const std::string factor = IntegerText(kPower / r.low);
	const std::string reciprocal = "0." + std::string(4 - std::min<size_t>(4, factor.size()), '0') + factor;
	const unsigned scale = left.scale + 4;
	const std::string sql = r.low == 1 ? left.sql : Operation(left.sql, "*", reciprocal);
	return From({&l}, MakeDecimal("pg_catalog.round(" + sql + ", " + std::to_string(scale) + ")", left.digits, scale));
}

Value Modulo(const Value &l, const Value &r) {
	const Value left = ToNumber(l), right = ToNumber(r);
	if (left.form == Form::floating || right.form == Form::floating)
		throw Refusal{"the remainder of floating-point numbers"};
	const bool integers = left.form == Form::integer && right.form == Form::integer;
	if (integers && !left.wide && !right.wide) {
		const Wide magnitude = std::max(left.low < 0 ? -left.low : left.low, left.high < 0 ? -left.high : left.high);
		Value result = MakeBigint(Operation(ToInteger(left).sql, "%", Divisor(right)), left.low < 0 ? -magnitude : 0,
								  left.high > 0 ? magnitude : 0);
		result.is_unsigned = left.is_unsigned;
		result.wide = false;
		return From({&l, &r}, result);
	}
	const Value a = ToNumeric(left), b = ToNumeric(right);
	const std::string sql = Operation(a.sql, "%", Divisor(b));
	if (!integers)
		return From({&l, &r}, MakeDecimal(sql, std::max(a.digits, b.digits), std::max(a.scale, b.scale)));
	Value result = MakeInteger(sql, std::min<Wide>(left.low, 0), std::max<Wide>(left.high, 0));
	result.is_unsigned = left.is_unsigned;
	result.wide = true;
	return From({&l, &r}, result);
}

// DIV of integers: both cut towards zero.
Value IntegerDivide(const Value &l, const Value &r) {
	const Value left = ToNumber(l), right = ToNumber(r);
	if (left.form != Form::integer || right.form != Form::integer)
		throw Refusal{"DIV of other numbers than integers"};
	if ((left.is_unsigned || right.is_unsigned) && (left.low < 0 || right.low < 0))
		throw Refusal{"unsigned DIV can leave its range, which is an error in MySQL only"};
	const Wide magnitude = std::max(left.low < 0 ? -left.low : left.low, left.high < 0 ? -left.high : left.high);
	const bool negative = left.low < 0 || right.low < 0;
	const bool wide = left.wide || right.wide;
	const std::string divisor = Divisor(wide ? ToNumeric(right) : right);
	const std::string sql = wide ? "pg_catalog.div(" + ToNumeric(left).sql + ", " + divisor + ")"
								 : Operation(ToInteger(left).sql, "/", divisor);
	Value result = MakeInteger(sql, negative ? std::max(-magnitude, kMinSigned) : 0,
							   left.is_unsigned ? magnitude : std::min(magnitude, kMaxSigned));
	result.is_unsigned = left.is_unsigned || right.is_unsigned;
	result.wide = wide;
	result.bigint = !wide;
	return From({&l, &r}, result);
}

bool IsNatural(const Value &v) noexcept { return v.low >= 0 && v.high <= kMaxSigned; }

// MySQL's bit operators work on 64 unsigned bits. bigint's give the same where the sign is not among them.
Value BitArithmetic(const std::string &op, const Value &l, const Value &r) {
	const Value left = ToInteger(l), right = ToInteger(r);
	const bool shift = op == "<<" || op == ">>";
	Range range{0, kMaxSigned};
	if (shift) {
		if (!IsConstant(right) || right.low < 0 || right.low > 63 || !IsNatural(left))
			throw Refusal{op + " of what may be negative, or by a number that is not known"};
		const Wide factor = Wide{1} << static_cast<int>(right.low);
		range.high = op == "<<" ? left.high * factor : left.high / factor;
		if (range.high > kMaxSigned)
			throw Refusal{op + " can give more than 63 bits"};
	} else if (op == "&") {
		if (!IsNatural(left) && !IsNatural(right))
			throw Refusal{"& of two numbers that may both be negative"};
		if (left.wide || right.wide)
			throw Refusal{"& of a number with more than 63 bits"};
		range.high = std::min(IsNatural(left) ? left.high : kMaxSigned, IsNatural(right) ? right.high : kMaxSigned);
	} else {
		if (!IsNatural(left) || !IsNatural(right))
			throw Refusal{op + " of a number that may be negative"};
		Wide bits = 1;
		while (bits <= std::max(left.high, right.high))
			bits *= 2;
		range.high = bits - 1;
	}
	const auto bigint = [](const Value &v) { return v.wide ? v.sql + "::bigint" : v.sql; };
	const std::string sql =
		Operation(bigint(left), op == "^" ? "#" : op, shift ? IntegerText(right.low) : bigint(right));
	Value result = MakeBigint(sql, range.low, range.high);
	result.is_unsigned = true;
	return From({&l, &r}, result);
}

} // namespace

Value Arithmetic(const std::string &op, const Value &left, const Value &right) {
	for (const Value *v : {&left, &right})
		if (v->form != Form::null && !IsNumber(*v))
			throw Refusal{std::string(FormName(v->form)) + " is used as a number"};
	if (left.form == Form::null || right.form == Form::null)
		throw Refusal{"it computes with NULL"};
	if (op == "/")
		return Divide(ToNumber(left), ToNumber(right));
	if (op == "div")
		return IntegerDivide(left, right);
	if (op == "%")
		return Modulo(left, right);
	if (op != "+" && op != "-" && op != "*")
		return BitArithmetic(op, left, right);
	const Value l = ToNumber(left), r = ToNumber(right);
	if (l.form == Form::floating || r.form == Form::floating)
		return From({&l, &r}, Make(Form::floating, Operation(ToDouble(l).sql, op, ToDouble(r).sql)));
	if (l.form == Form::decimal || r.form == Form::decimal)
		return DecimalArithmetic(op, l, r);
	return IntegerArithmetic(op, l, r);
}

Value Negate(const Value &v) {
	const Value number = ToNumber(v);
	Value result = number;
	if (number.form == Form::integer) {
		if (IsConstant(number) && number.low > 0 && number.low <= -kMinSigned)
			return MakeIntegerLiteral(-number.low);
		if (number.wide && number.is_unsigned && number.high > kMaxSigned)
			throw Refusal{"an unsigned number is negated, which may leave its range"};
		result = MakeInteger("(- " + ToInteger(number).sql + ")", -number.high,
							 std::min(-number.low, kMaxSigned)); // bigint raises the same error as MySQL
		result.wide = number.wide;
		result.bigint = !number.wide;
		result.volatility = v.volatility;
		return result;
	}
	result.sql = "(- " + number.sql + ")";
	return result;
}

Value Invert(const Value &v) {
	const Value number = ToInteger(v);
	if (number.low < 0)
		throw Refusal{"~ of a number that may be negative"};
	Value result = MakeInteger("(18446744073709551615 - " + number.sql + ")", kMaxUnsigned - number.high,
							   kMaxUnsigned - number.low);
	result.is_unsigned = true;
	result.wide = true;
	return From({&v}, result);
}

} // namespace alkconv::core::expression
