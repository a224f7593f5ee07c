// Regime: C++ (may throw, never calls Postgres)
//
// Who answers for which family of types.
#include "core/preflight_conditions.hpp"

#include "core/conversion_table.hpp"
#include "core/digest_mysql.hpp"
#include "core/mend.hpp"
#include "core/preflight_operand.hpp"

#include <algorithm>

namespace alkconv::core {

namespace {

using namespace preflight;
namespace my = digest::mysql;

void Dispatch(const Operand &o) {
	switch (FamilyOf(o.source().kind)) {
	case Family::integer:
	case Family::year:
	case Family::bit: return FromInteger(o);
	case Family::decimal: return FromDecimal(o);
	case Family::float_:
	case Family::double_: return FromFloat(o);
	case Family::date: return FromDate(o);
	case Family::datetime:
	case Family::timestamp: return FromDateTime(o);
	case Family::time: return FromTime(o);
	case Family::text: return FromText(o);
	case Family::binary: return FromBinary(o);
	case Family::enum_: return FromEnum(o);
	case Family::set: return FromSet(o);
	case Family::json: return FromJson(o);
	case Family::uuid:
	case Family::inet:
		if (IsTextTarget(o.kind()))
			TooLong(o, "LENGTH(" + my::AsChar(o.x) + ")");
		else if (o.kind() == PgKind::other)
			o.Unchecked(kInputDecides);
		return;
	case Family::opaque:
	case Family::unknown: return;
	}
}

// Each character is to be a byte.
void CodePoints(const Operand &o) {
	o.Add("code_point_beyond_byte", Code::code_point_beyond_byte,
		  my::Characters(o.x, o.source()) + " REGEXP " + RegexLiteral("[^\\x{0}-\\x{FF}]"));
}

} // namespace

bool IsTextTarget(PgKind kind) noexcept {
	return kind == PgKind::text || kind == PgKind::varchar || kind == PgKind::bpchar || kind == PgKind::name;
}

bool HasTransform(const ColumnPolicy &policy, TransformName name) noexcept {
	return std::any_of(policy.transforms.begin(), policy.transforms.end(),
					   [&](const Transform &transform) { return transform.name == name; });
}

std::string RegexLiteral(std::string_view pattern) {
	std::string literal = "'";
	for (const char c : pattern) {
		if (c == '\'' || c == '\\')
			literal += c;
		literal += c;
	}
	return literal + '\'';
}

std::string Utf8Bytes(const std::string &x, const SourceType &type) {
	if (FamilyOf(type.kind) == Family::binary)
		return x;
	return "CAST(" + (type.charset == "utf8mb4" ? x : "CONVERT(" + x + " USING utf8mb4)") + " AS BINARY)";
}

std::string SourceOperand(const ColumnPlan &column, const std::string &alias) {
	const std::string name = (alias.empty() ? "" : alias + ".") + my::Identifier(column.source_name);
	const bool to_null = column.policy.empty_to_null || HasTransform(column.policy, TransformName::empty_to_null);
	return to_null && !column.not_null ? "IF(LENGTH(" + name + ")=0,NULL," + name + ")" : name;
}

ColumnConditions FaultConditions(const ColumnPlan &plan, bool mariadb) {
	ColumnConditions conditions;
	ColumnPlan column = plan;
	column.target_type = ConvertedType(plan.target_type, plan.policy); // of an expression: text
	if (!plan.policy.expression.empty())
		conditions.unchecked = "what an expression makes of a value is known when it is computed";
	const Operand operand{column, mariadb, SourceOperand(column), conditions};
	if (HasTransform(column.policy, TransformName::code_points_to_base64) ||
		HasTransform(column.policy, TransformName::code_points_to_bytea))
		CodePoints(operand);
	else if (HasTransform(column.policy, TransformName::inflate))
		operand.Unchecked("what a value holds is known when it is inflated");
	else
		Dispatch(operand);
	return conditions;
}

} // namespace alkconv::core
