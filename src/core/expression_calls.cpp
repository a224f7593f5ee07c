// Regime: C++ (may throw, never calls Postgres)
//
// Functions: where a call goes, and those that choose among their arguments.
#include "core/expression_translator.hpp"

#include <algorithm>

namespace alkconv::core::expression {

void CallOf::Expect(size_t at_least, size_t at_most) const {
	if (arguments.size() < at_least || arguments.size() > at_most)
		throw Refusal{name + "() with " + std::to_string(arguments.size()) + " arguments"};
}

Wide CallOf::Constant(size_t argument) const {
	const Value &v = arguments[argument];
	if (!IsConstant(v))
		throw Refusal{name + "() with a length, position or number of digits that is no literal"};
	return v.low;
}

Value Call(const Node &node, std::vector<Value> arguments, bool mariadb) {
	const CallOf call{node.text, node.name, arguments, mariadb};
	Value result;
	for (const auto part : {CallText, CallHash, CallNumber, CallChoice, CallTemporal, CallClock, CallJson})
		if (part(call, result)) {
			for (const Value &argument : arguments)
				result = From({&argument}, result);
			return result;
		}
	throw Refusal{"function " + node.text + "() is not translated"};
}

namespace {

Value FirstOf(const std::vector<Value> &values) {
	const auto first = std::find_if(values.begin(), values.end(), [](const Value &v) { return v.form != Form::null; });
	Value result = first == values.end() ? values.front() : *first;
	result.literal.reset();
	result.constant = false;
	return result;
}

Value If(const CallOf &call) {
	call.Expect(3, 3);
	const Value condition = ToBoolean(call[0]);
	std::vector<Value> branches{call[1], call[2]};
	Unify(branches, "IF()");
	Value result = FirstOf(branches);
	result.sql = "CASE WHEN " + condition.sql + " THEN " + branches[0].sql + " ELSE " + branches[1].sql + " END";
	return result;
}

Value Coalesce(const CallOf &call) {
	call.Expect(call.name == "ifnull" ? 2 : 1, call.name == "ifnull" ? 2 : 1000);
	Unify(call.arguments, "COALESCE()");
	Value result = FirstOf(call.arguments);
	std::string list;
	for (const Value &v : call.arguments)
		list += (list.empty() ? "" : ", ") + v.sql;
	result.sql = "COALESCE(" + list + ")";
	return result;
}

Value NullIf(const CallOf &call) {
	call.Expect(2, 2);
	Value result = call[0];
	result.literal.reset();
	result.constant = false;
	result.sql = "CASE WHEN " + Compare("=", call[0], call[1]).sql + " THEN NULL ELSE " + call[0].sql + " END";
	return result;
}

// NULL when one argument is, where Postgres leaves it out.
Value Extreme(const CallOf &call) {
	call.Expect(2, 1000);
	std::vector<Value> values = call.arguments;
	const bool comparable = std::all_of(values.begin(), values.end(), [&](const Value &v) {
		return v.form == values.front().form || (IsNumber(v) && IsNumber(values.front()));
	});
	const Form form = values.front().form;
	if (!comparable || !(IsNumber(values.front()) || form == Form::date || form == Form::datetime ||
						 (form == Form::text && values.front().collation == Collation::exact)))
		throw Refusal{call.name + "() of other values than numbers, dates and texts that are compared byte by byte"};
	if (form == Form::text)
		PrepareComparison("<", values);
	for (Value &v : values)
		if (v.form == Form::boolean)
			v = ToNumber(v);
	Unify(values, "GREATEST() or LEAST()");
	Value result = FirstOf(values);
	std::string list;
	for (const Value &v : values)
		list += (list.empty() ? "" : ", ") + v.sql;
	result.sql = IfNotNull(values, (call.name == "greatest" ? "GREATEST(" : "LEAST(") + list + ")");
	return result;
}

// Constants take the form of what they stand beside.
Value Field(const CallOf &call) {
	call.Expect(2, 1000);
	std::string sql = "CASE";
	for (size_t i = 1; i < call.arguments.size(); ++i)
		sql += " WHEN " + Compare("=", call[0], call[i]).sql + " THEN " + std::to_string(i);
	return MakeInteger(sql + " ELSE 0 END", 0, static_cast<Wide>(call.arguments.size() - 1));
}

Value Elt(const CallOf &call) {
	call.Expect(2, 1000);
	std::vector<Value> values(call.arguments.begin() + 1, call.arguments.end());
	for (Value &v : values)
		v = ToText(v);
	Unify(values, "ELT()");
	Value result = FirstOf(values);
	std::string sql = "CASE " + ToInteger(call[0]).sql;
	for (size_t i = 0; i < values.size(); ++i)
		sql += " WHEN " + std::to_string(i + 1) + " THEN " + values[i].sql;
	result.sql = sql + " END";
	return result;
}

} // namespace

bool CallChoice(const CallOf &call, Value &result) {
	if (call.name == "if")
		result = If(call);
	else if (call.name == "ifnull" || call.name == "coalesce" || call.name == "nvl")
		result = Coalesce(call);
	else if (call.name == "nullif")
		result = NullIf(call);
	else if (call.name == "greatest" || call.name == "least")
		result = Extreme(call);
	else if (call.name == "field")
		result = Field(call);
	else if (call.name == "elt")
		result = Elt(call);
	else if (call.name == "isnull") {
		call.Expect(1, 1);
		result = MakeBoolean("(" + call[0].sql + " IS NULL)");
	} else
		return false;
	if (result.form != Form::boolean || call.name != "isnull")
		result.sql = "(" + result.sql + ")";
	return true;
}

} // namespace alkconv::core::expression
