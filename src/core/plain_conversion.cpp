// Regime: C++ (may throw, never calls Postgres)
//
// The same conversion that the plan would have chosen, with the column's transforms.
#include "core/plain_conversion.hpp"

#include "core/mend.hpp"
#include "core/render.hpp"

namespace alkconv::core {

namespace {

std::optional<Conversion> WithoutExpression(const ColumnPlan &plan) {
	ColumnPolicy policy = plan.policy;
	policy.expression.clear();
	try {
		return ChooseConversion(plan.source_type, plan.target_type, policy);
	} catch (const Error &) {
		return std::nullopt; // which is why there is an expression
	}
}

} // namespace

PlainConversion::PlainConversion(const ColumnPlan &plan)
	: source_(plan.source_type), target_(plan.target_type), not_null_(plan.not_null),
	  conversion_(WithoutExpression(plan)), counters_(conversion_ ? CountersOf(*conversion_) + 1 : 1) {}

bool PlainConversion::Convert(const Cell &cell, Value &value) noexcept {
	value.kind = ValueKind::null;
	if (cell.kind == CellKind::null)
		return !not_null_;
	if (!conversion_ || !CellFits(CellKindsOf(source_), cell))
		return false;
	arena_.Reset();
	const ConversionContext context = {&source_, &target_, counters_.data(), &json_, &jsonb_};
	return ConvertCell(*conversion_, context, counters_.data(), cell, arena_, value) == Code::ok &&
		   !(not_null_ && value.kind == ValueKind::null);
}

} // namespace alkconv::core
