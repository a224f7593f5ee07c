// Regime: C++ (may throw, never calls Postgres)
//
// A suggestion keeps as much as the target can hold, makes nulls only where the target allows them, and invents nothing: what stands for a
// value that is not there, those know who know the data.
#include "core/preflight_remedy.hpp"

#include "core/conversion_table.hpp"
#include "core/fault.hpp"
#include "core/mend.hpp"
#include "core/preflight_operand.hpp"
#include "core/sql_literal.hpp"

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

namespace alkconv::core {

namespace {

// A LIKE pattern that matches this name alone.
std::string Pattern(std::string_view name) {
	std::string pattern;
	for (const char c : name) {
		if (c == '%' || c == '_' || c == '\\')
			pattern += '\\';
		pattern += c;
	}
	return pattern;
}

bool Is(const ValueCondition &fault, const char *check) { return std::strcmp(fault.check, check) == 0; }

bool IsNumber(PgKind kind) {
	return kind == PgKind::int2 || kind == PgKind::int4 || kind == PgKind::int8 || kind == PgKind::numeric ||
		   kind == PgKind::float4 || kind == PgKind::float8;
}

Suggestion ByTransform(std::string argument) {
	Suggestion suggestion;
	suggestion.action = "transform";
	suggestion.argument = std::move(argument);
	return suggestion;
}

Suggestion ByExpression(std::string argument) {
	Suggestion suggestion = ByTransform(std::move(argument));
	suggestion.action = "expression";
	return suggestion;
}

// One whose argument has to be filled in.
Suggestion ToFill(const char *action, std::string gap) {
	Suggestion suggestion;
	suggestion.action = action;
	suggestion.gap = std::move(gap);
	return suggestion;
}

// Does it make NULLs and nothing else?
bool GivesNullOnly(const Suggestion &suggestion) {
	return suggestion.action == "empty_to_null" || (suggestion.action == "transform" && suggestion.gap.empty() &&
													GivesNull(ParseTransform(suggestion.argument)));
}

// Rounded, but where that would be one number too far: then cut. What is out of range stays so.
Suggestion RoundedWithin(const std::string &digits, const std::string &range) {
	const std::string rounded = "round(value::numeric" + digits + ")";
	return ByExpression("CASE WHEN " + rounded + " BETWEEN " + range + " THEN " + rounded +
						" ELSE trunc(value::numeric" + digits + ") END");
}

Suggestion RoundedNumeric(const TargetType &target) {
	const std::string digits = ", " + std::to_string(target.scale);
	if (target.precision < 0)
		return ByExpression("round(value::numeric" + digits + ")");
	if (target.scale < 0 || target.scale > target.precision)
		return {};
	const auto nines = [](int32_t count) { return std::string(static_cast<size_t>(count), '9'); };
	const std::string whole = nines(target.precision - target.scale);
	const std::string limit = (whole.empty() ? "0" : whole) + (target.scale > 0 ? "." + nines(target.scale) : "");
	return RoundedWithin(digits, "-" + limit + " AND " + limit);
}

// Digits or parts that the target would drop.
Suggestion Rounded(const ColumnPlan &column) {
	const Family family = FamilyOf(column.source_type.kind);
	switch (column.target_type.kind) {
	case PgKind::int2:
	case PgKind::int4:
	case PgKind::int8:
		if (family == Family::float_ || family == Family::double_) {
			const preflight::IntegerRange *range = preflight::RangeOf(column.target_type.kind);
			return RoundedWithin("", std::string(range->minimum) + " AND " + range->maximum);
		}
		return ByExpression("round(value::numeric)");
	case PgKind::numeric: return RoundedNumeric(column.target_type);
	case PgKind::float4: return ByExpression("value::real");
	case PgKind::float8: return ByExpression("value::double precision");
	case PgKind::date: return ByExpression("left(value, 10)::date");
	case PgKind::time:
	case PgKind::timestamp:
	case PgKind::timestamptz:
	case PgKind::interval: return ByExpression("value::" + column.target_type.stored());
	default: return {};
	}
}

// The expression, of the target's type where no text is wanted.
Suggestion ByTypedExpression(const std::string &expression, const ColumnPlan &column) {
	if (IsTextTarget(column.target_type.kind))
		return ByExpression(expression);
	const std::string &type = column.target_type.stored();
	return ByExpression(expression + "::" + type.substr(0, type.find('(')));
}

// "an expression over value, of type uuid, with what stands for NULL"
std::string ExpressionGap(const ColumnPlan &column, const char *standing_for) {
	return "an expression over value, of type " + column.target_type.stored() + ", with what stands for " +
		   standing_for;
}

Suggestion Empty(const ColumnPlan &column) {
	if (!column.not_null) {
		Suggestion suggestion;
		suggestion.action = "empty_to_null";
		return suggestion;
	}
	const PgKind kind = column.target_type.kind;
	if (kind == PgKind::date || kind == PgKind::timestamp) // as zero_date for columns that allow no null
		return ByTypedExpression("coalesce(nullif(value, ''), '-infinity')", column);
	return ToFill("expression", ExpressionGap(column, "''"));
}

// What no calendar has lies before all that it has.
Suggestion YearZero(const ColumnPlan &column) {
	const PgKind kind = column.target_type.kind;
	const bool plain = kind == PgKind::date || kind == PgKind::timestamp;
	return plain ? ByExpression("(CASE WHEN value LIKE '0000-%' THEN '-infinity' ELSE value END)::" +
								column.target_type.stored())
				 : Suggestion();
}

// Where an expression takes the value as text, transforms that work for the target's own type have no place.
bool FitsBesideExpression(const Transform &transform, const ColumnPlan &column) {
	ColumnPolicy policy;
	policy.expression = "value";
	return MisfitOf(transform, column.source_type, ConvertedType(column.target_type, policy)) == nullptr;
}

// Characters may be cut, digits may not.
bool MayBeCut(const ColumnPlan &column) {
	return FamilyOf(column.source_type.kind) == Family::text && column.target_type.length > 0;
}

} // namespace

std::string RuleStatement(const RuleBinding &binding, std::string_view table, std::string_view column,
						  std::string_view action, std::string_view argument, std::string_view reason) {
	std::string names, values;
	const auto add = [&](const char *name, std::string_view value) {
		if (value.empty())
			return;
		names += (names.empty() ? "" : ", ") + std::string(name);
		values += (values.empty() ? "" : ", ") + SqlLiteral(value);
	};
	add("source", binding.source);
	add("target_schema", binding.target_schema);
	add("table_pattern", Pattern(table));
	add("column_pattern", Pattern(column));
	add("action", action);
	add("argument", argument);
	add("reason", reason);
	return "INSERT INTO alkconv.rule (" + names + ") VALUES (" + values + ");";
}

std::string RuleTemplate(const RuleBinding &binding, std::string_view table, std::string_view column,
						 std::string_view action, const std::string &gap) {
	std::string statement = RuleStatement(binding, table, column, action, gap);
	const std::string literal = SqlLiteral(gap);
	return statement.replace(statement.find(literal), literal.size(), "<" + gap + ">");
}

std::string WhyNoRule(const std::string &tied) {
	return tied.empty()
			   ? ""
			   : " No rule is suggested: the column is part of " + tied + ", for which other values may be wrong.";
}

std::string RemedyFor(const ValueCondition &fault, const ColumnPlan &column) {
	if (Is(fault, "enum_empty"))
		return HintForIndex0();
	if (!Is(fault, "year_zero"))
		return HintForFault(fault.code, column.source_type, column.target_type);
	return "There is no year zero. Mend the value in the source, or decide it by a rule in alkconv.rule: transform "
		   "partial_date(null), or an expression. partial_date(first) is for dates whose year is known.";
}

namespace {

Suggestion Suggest(const ValueCondition &fault, const ColumnPlan &column) {
	const bool nullable = !column.not_null;
	const PgKind kind = column.target_type.kind;
	switch (fault.code) {
	case Code::zero_date: return ByTransform(nullable ? "zero_date(null)" : "zero_date(-infinity)");
	case Code::partial_date:
		if (Is(fault, "year_zero") && !nullable)
			return YearZero(column);
		return ByTransform(nullable ? "partial_date(null)" : "partial_date(first)");
	case Code::nul_in_text: // U+2400 has three bytes, of which a name has few
		return kind == PgKind::json || kind == PgKind::jsonb || kind == PgKind::name ? Suggestion()
																					 : ByTransform("replace_nul");
	case Code::nul_in_json: return ByTransform("json_nul(replace)");
	case Code::duplicate_member: return ByTypedExpression("value", column); // the last one stays
	case Code::not_boolean: return ByTransform("tinyint_to_boolean");
	case Code::out_of_range: return IsNumber(kind) ? ByTransform("clamp") : Suggestion();
	case Code::inexact_number: return Rounded(column);
	case Code::trailing_blanks: return ByTransform("trim_pad");
	case Code::text_too_long:
		return MayBeCut(column) ? ByExpression("left(value, " + std::to_string(column.target_type.length) + ")")
								: Suggestion();
	case Code::empty_uuid: return Empty(column);
	case Code::invalid_text: return Is(fault, "empty_text") ? Empty(column) : Suggestion();
	case Code::unknown_label:
		if (!Is(fault, "enum_empty"))
			return {};
		return nullable ? ByTransform("enum_empty(null)")
						: ToFill("transform", "'enum_empty(...)' with the label that stands for it");
	case Code::null_for_not_null: return ToFill("expression", ExpressionGap(column, "NULL"));
	default: return {};
	}
}

} // namespace

namespace {

// The policy that governs the column already may have no place for it.
bool FitsPolicy(Suggestion &suggestion, const ColumnPlan &column) {
	if (!column.policy.expression.empty()) // there is one for each column
		return false;
	if (suggestion.action == "transform" && suggestion.gap.empty()) {
		const Transform transform = ParseTransform(suggestion.argument);
		if (HasTransform(column.policy, transform.name)) // of those that govern it decides one of each name
			return false;
		suggestion.beside = FitsBesideExpression(transform, column) ? RuleBeside::any : RuleBeside::no_expression;
		return MisfitOf(transform, column.source_type, column.target_type) == nullptr;
	}
	if (suggestion.action != "expression")
		return true;
	suggestion.beside = RuleBeside::no_typed_transform;
	const std::vector<Transform> &transforms = column.policy.transforms;
	return std::all_of(transforms.begin(), transforms.end(),
					   [&](const Transform &transform) { return FitsBesideExpression(transform, column); });
}

} // namespace

Suggestion SuggestRule(const ValueCondition &fault, const ColumnPlan &column, const ColumnTies &ties) {
	Suggestion suggestion = Suggest(fault, column);
	if (suggestion.action.empty() || !FitsPolicy(suggestion, column))
		return {};
	const std::string &tied = GivesNullOnly(suggestion) ? ties.nulls : ties.values;
	if (tied.empty())
		return suggestion;
	Suggestion none;
	none.tied = tied;
	return none;
}

void DropClashingRules(std::vector<Finding> &findings) {
	std::set<std::pair<std::string, std::string>> typed, expressions;
	for (const Finding &finding : findings)
		if (finding.beside == RuleBeside::no_expression)
			typed.emplace(finding.table, finding.column);
	for (Finding &finding : findings) {
		if (finding.beside != RuleBeside::no_typed_transform)
			continue;
		const std::pair<std::string, std::string> column(finding.table, finding.column);
		if (typed.count(column) == 0 && expressions.insert(column).second)
			continue;
		finding.rule.clear();
		finding.remedy += " One expression has to settle all that is wrong with the column.";
	}
}

} // namespace alkconv::core
