// Regime: C++ (may throw, never calls Postgres)
//
// Functions of numbers.
#include "core/expression_translator.hpp"

#include <algorithm>

namespace alkconv::core::expression {

namespace {

Value Abs(const CallOf &call) {
	call.Expect(1, 1);
	Value number = ToNumber(call[0]);
	if (number.form == Form::integer)
		number = ToInteger(number);
	number.sql = "pg_catalog.abs(" + number.sql + ")";
	if (number.form == Form::integer) {
		const Wide high =
			std::max(number.low < 0 ? -number.low : number.low, number.high < 0 ? -number.high : number.high);
		number.low = 0;
		number.high = std::max(high, number.high);
		if (!number.wide)
			number.high = std::min(number.high, kMaxSigned);
	}
	number.literal.reset();
	number.constant = false;
	return number;
}

// ROUND and TRUNCATE of exact numbers: half away from zero on both sides.
Value Round(const CallOf &call) {
	call.Expect(call.name == "round" ? 1 : 2, 2);
	Value number = ToNumber(call[0]);
	if (number.form == Form::floating)
		throw Refusal{call.name + "() of a floating-point number"};
	const Wide wanted = call.arguments.size() == 2 ? call.Constant(1) : 0;
	if (wanted < 0 || wanted > 30)
		throw Refusal{call.name + "() before the point or beyond 30 digits"};
	if (number.form == Form::integer)
		return number;
	// MySQL adds no zeros
	const auto scale = static_cast<unsigned>(call.mariadb ? wanted : std::min<Wide>(wanted, number.scale));
	const char *function = call.name == "round" ? "round" : "trunc";
	return MakeDecimal(std::string("pg_catalog.") + function + "(" + number.sql + ", " + std::to_string(scale) + ")",
					   number.digits + 1, scale);
}

Value FloorOrCeiling(const CallOf &call, const char *function) {
	call.Expect(1, 1);
	Value number = ToNumber(call[0]);
	if (number.form == Form::integer)
		return number;
	const std::string sql = std::string("pg_catalog.") + function + "(" + number.sql + ")";
	if (number.form == Form::floating)
		return Make(Form::floating, number.single ? sql + "::double precision" : sql);
	return MakeDecimal(sql, number.digits + 1, 0);
}

Value Sign(const CallOf &call) {
	call.Expect(1, 1);
	return MakeBigint("pg_catalog.sign(" + ToNumber(call[0]).sql + ")::bigint", -1, 1);
}

} // namespace

bool CallNumber(const CallOf &call, Value &result) {
	if (call.name == "abs")
		result = Abs(call);
	else if (call.name == "round" || call.name == "truncate")
		result = Round(call);
	else if (call.name == "floor")
		result = FloorOrCeiling(call, "floor");
	else if (call.name == "ceiling" || call.name == "ceil")
		result = FloorOrCeiling(call, "ceil");
	else if (call.name == "sign")
		result = Sign(call);
	else if (call.name == "mod") {
		call.Expect(2, 2);
		result = Arithmetic("%", call[0], call[1]);
	} else if (call.name == "sqrt") {
		call.Expect(1, 1);
		const Value number = ToDouble(call[0]);
		result =
			Make(Form::floating, "(CASE WHEN " + number.sql + " >= 0 THEN pg_catalog.sqrt(" + number.sql + ") END)");
	} else
		return false;
	return true;
}

} // namespace alkconv::core::expression
