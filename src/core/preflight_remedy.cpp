// Regime: C++ (may throw, never calls Postgres)
//
// A suggestion keeps as much as the target can hold, and makes nulls only where the target allows them.
#include "core/preflight_remedy.hpp"

#include "core/mend.hpp"
#include "core/sql_literal.hpp"

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

namespace alkconv::core {

namespace {

constexpr const char *kReason = "suggested by alkconv_preflight";

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

Suggestion ByTransform(std::string argument) { return {"transform", std::move(argument)}; }
Suggestion ByExpression(std::string argument) { return {"expression", std::move(argument)}; }

// Digits or parts that the target would drop.
Suggestion Rounded(const ColumnPlan &column) {
	switch (column.target_type.kind) {
	case PgKind::int2:
	case PgKind::int4:
	case PgKind::int8: return ByExpression("round(value::numeric)");
	case PgKind::numeric:
		return ByExpression("round(value::numeric, " + std::to_string(column.target_type.scale) + ")");
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

// What stands for "none" in a column that allows no null.
const char *Neutral(const ColumnPlan &column) {
	switch (column.target_type.kind) {
	case PgKind::text:
	case PgKind::varchar:
	case PgKind::bpchar: return "''";
	case PgKind::boolean: return "'false'";
	case PgKind::uuid: return "'00000000-0000-0000-0000-000000000000'";
	case PgKind::json:
	case PgKind::jsonb: return "'null'";
	default: return IsNumber(column.target_type.kind) ? "'0'" : nullptr;
	}
}

// The expression, of the target's type where no text is wanted.
Suggestion ByTypedExpression(const std::string &expression, const ColumnPlan &column) {
	if (IsTextTarget(column.target_type.kind))
		return ByExpression(expression);
	const std::string &type = column.target_type.stored();
	return ByExpression(expression + "::" + type.substr(0, type.find('(')));
}

Suggestion Empty(const ColumnPlan &column) {
	if (!column.not_null)
		return {"empty_to_null", ""};
	const PgKind kind = column.target_type.kind;
	// as zero_date for columns that allow no null
	const char *neutral = kind == PgKind::date || kind == PgKind::timestamp ? "'-infinity'" : Neutral(column);
	return neutral == nullptr ? Suggestion()
							  : ByTypedExpression("coalesce(nullif(value, ''), " + std::string(neutral) + ")", column);
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

// A label stands for "none" best where it is the first.
std::string FirstLabel(const ColumnPlan &column) {
	const std::vector<std::string> &labels =
		column.target_type.labels.empty() ? column.source_type.labels : column.target_type.labels;
	return labels.empty() ? "" : "'" + labels.front() + "'";
}

} // namespace

std::string RuleStatement(const RuleBinding &binding, std::string_view table, std::string_view column,
						  std::string_view action, std::string_view argument) {
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
	add("reason", kReason);
	return "INSERT INTO alkconv.rule (" + names + ") VALUES (" + values + ");";
}

std::string RemedyFor(const ValueCondition &fault, const ColumnPlan &column) {
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
	case Code::nul_in_text:
		return kind == PgKind::json || kind == PgKind::jsonb ? Suggestion() : ByTransform("replace_nul");
	case Code::nul_in_json: return ByTransform("json_nul(replace)");
	case Code::duplicate_member: return ByTypedExpression("value", column); // the last one stays
	case Code::not_boolean: return ByTransform("tinyint_to_boolean");
	case Code::out_of_range: return IsNumber(kind) ? ByTransform("clamp") : Suggestion();
	case Code::inexact_number: return Rounded(column);
	case Code::trailing_blanks: return ByTransform("trim_pad");
	case Code::text_too_long:
		return column.target_type.length > 0
				   ? ByExpression("left(value, " + std::to_string(column.target_type.length) + ")")
				   : Suggestion();
	case Code::empty_uuid: return Empty(column);
	case Code::invalid_text: return Is(fault, "empty_text") ? Empty(column) : Suggestion();
	case Code::unknown_label:
		if (Is(fault, "enum_empty"))
			return ByTransform(nullable ? "enum_empty(null)" : "enum_empty(" + FirstLabel(column) + ")");
		return {};
	case Code::null_for_not_null: {
		const char *neutral = Neutral(column);
		return neutral == nullptr ? Suggestion()
								  : ByTypedExpression("coalesce(value, " + std::string(neutral) + ")", column);
	}
	default: return {};
	}
}

} // namespace

Suggestion SuggestRule(const ValueCondition &fault, const ColumnPlan &column) {
	Suggestion suggestion = Suggest(fault, column);
	if (!column.policy.expression.empty()) // there is one for each column
		return {};
	if (suggestion.action == "transform") {
		const Transform transform = ParseTransform(suggestion.argument);
		if (HasTransform(column.policy, transform.name)) // of those that govern it decides one of each name
			return {};
		if (MisfitOf(transform, column.source_type, column.target_type) != nullptr)
			return {};
		suggestion.beside = FitsBesideExpression(transform, column) ? RuleBeside::any : RuleBeside::no_expression;
	} else if (suggestion.action == "expression") {
		const std::vector<Transform> &transforms = column.policy.transforms;
		if (!std::all_of(transforms.begin(), transforms.end(),
						 [&](const Transform &transform) { return FitsBesideExpression(transform, column); }))
			return {};
		suggestion.beside = RuleBeside::no_typed_transform;
	}
	return suggestion;
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
