// Regime: C++ (may throw, never calls Postgres)
//
// Who answers for which family of types.
#include "core/preflight_conditions.hpp"

#include "core/conversion_table.hpp"
#include "core/digest_mends.hpp"
#include "core/digest_mysql.hpp"
#include "core/mend.hpp"
#include "core/preflight_operand.hpp"
#include "core/shapes.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace alkconv::core {

namespace {

using namespace preflight;
namespace my = digest::mysql;

// RefusesSrid.
void FromShape(const Operand &o) {
	if (o.target().shape == ShapeType::none)
		return;
	const std::string srid = "ST_SRID(" + o.x + ")";
	const std::string none = o.target().shape == ShapeType::geography ? srid + "=0 OR " : "";
	o.Add("reference_system", Code::invalid_text,
		  o.target().srid != 0 ? srid + "<>" + std::to_string(o.target().srid)
							   : "(" + none + srid + ">" + std::to_string(kMaxSrid) + ")");
	o.Unchecked(kInputDecides);
}

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
	case Family::shape: return FromShape(o);
	case Family::opaque:
	case Family::unknown: return;
	}
}

bool Has(const ColumnPolicy &policy, bool (*is)(const Transform &)) {
	return std::any_of(policy.transforms.begin(), policy.transforms.end(), is);
}

bool TakesCodePoints(const Transform &transform) noexcept {
	return transform.name == TransformName::code_points_to_base64 ||
		   transform.name == TransformName::code_points_to_bytea;
}

// Of the policy in `column`; `x` is what its rules leave.
ColumnConditions ConditionsOn(const ColumnPlan &column, bool mariadb, const std::string &x) {
	ColumnConditions conditions;
	const Operand operand{column, mariadb, x, conditions};
	const Family family = FamilyOf(column.source_type.kind);
	if (Has(column.policy, TakesCodePoints))
		CodePoints(operand);
	else if (HasTransform(column.policy, TransformName::inflate))
		Inflated(operand);
	else if (column.policy.expression.empty() || (family != Family::binary && family != Family::opaque)) // hex digits
		Dispatch(operand);
	return conditions;
}

// A transform of a table that is still to be created was chosen before its types were known.
void KeepFitting(ColumnPlan &column) {
	const TargetType &target = ConvertedType(column.target_type, column.policy);
	std::vector<Transform> &transforms = column.policy.transforms;
	transforms.erase(std::remove_if(transforms.begin(), transforms.end(),
									[&](const Transform &transform) {
										return MisfitOf(transform, column.source_type, target) != nullptr;
									}),
					 transforms.end());
}

bool IsRuled(const ColumnPlan &column) noexcept {
	return !column.policy.transforms.empty() || column.policy.empty_to_null || !column.source_sql.empty();
}

// What would be a fault of the stored value and is none of what rules leave of it.
std::vector<ValueCondition> SettledBy(const std::vector<ValueCondition> &left, const ColumnPlan &column, bool mariadb) {
	ColumnPlan plain = column;
	plain.policy.transforms.clear();
	plain.policy.empty_to_null = false;
	plain.policy.clock_change = ClockChange::refuse;
	std::vector<ValueCondition> settled;
	for (ValueCondition &fault : ConditionsOn(plain, mariadb, SourceOperand(plain)).faults) {
		bool same = false;
		std::string still;
		for (const ValueCondition &other : left)
			if (std::strcmp(other.check, fault.check) == 0) {
				same |= other.sql == fault.sql;
				still += " AND NOT IFNULL(" + other.sql + ",FALSE)";
			}
		if (same)
			continue;
		fault.sql = "(" + fault.sql + ")" + still;
		settled.push_back(std::move(fault));
	}
	return settled;
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
	return (alias.empty() ? "" : alias + ".") + my::Identifier(column.source_name);
}

std::string RuledOperand(const ColumnPlan &plan, bool mariadb, const std::string &alias) {
	ColumnPlan column = plan;
	KeepFitting(column);
	std::vector<Transform> &transforms =
		column.policy.transforms; // of compressed values nothing but these is looked at
	transforms.erase(std::remove_if(transforms.begin(), transforms.end(),
									[](const Transform &t) { return t.name == TransformName::inflate; }),
					 transforms.end());
	const std::string x = alias.empty() ? digest::MendedColumn(column, mariadb)
										: digest::MendedValue(SourceOperand(column, alias), column, mariadb);
	return column.policy.empty_to_null ? "IF(LENGTH(" + x + ")=0,NULL," + x + ")" : x;
}

bool IsRuledBySql(const ColumnPolicy &policy) noexcept {
	return policy.expression.empty() && !HasTransform(policy, TransformName::inflate);
}

ColumnConditions FaultConditions(const ColumnPlan &plan, bool mariadb) {
	ColumnPlan column = plan;
	column.target_type = ConvertedType(plan.target_type, plan.policy); // of an expression: text
	KeepFitting(column);
	ColumnConditions conditions = ConditionsOn(column, mariadb, RuledOperand(column, mariadb));
	if (Has(column.policy, [](const Transform &transform) { return transform.Is("-infinity"); }))
		conditions.faults.erase(std::remove_if(conditions.faults.begin(), conditions.faults.end(),
											   [](const ValueCondition &f) { return f.code == Code::zero_date; }),
								conditions.faults.end());
	if (IsRuled(column))
		conditions.settled = SettledBy(conditions.faults, column, mariadb);
	if (!column.policy.expression.empty())
		conditions.unchecked = "what an expression makes of a value is known when it is computed";
	return conditions;
}

} // namespace alkconv::core
