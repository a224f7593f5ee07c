// Regime: C++ (may throw, never calls Postgres)
//
// From a table's plan to the object that converts its rows.
#include "core/plan.hpp"

#include "core/mend.hpp"

#include <utility>

namespace alkconv::core {

size_t CountedRules(const TablePlan &table) noexcept {
	size_t count = 0;
	for (const ColumnPlan &column : table.columns)
		count += column.counted.size();
	return count;
}

RowConverter MakeRowConverter(const TablePlan &table) {
	std::vector<ConverterColumn> columns;
	columns.reserve(table.columns.size());
	for (const ColumnPlan &plan : table.columns)
		columns.push_back({plan.source_name, plan.target_name, plan.source_type,
						   ConvertedType(plan.target_type, plan.policy), plan.conversion,
						   plan.not_null && plan.policy.expression.empty()}); // an expression may make a value of NULL
	return RowConverter(table.source_name, std::move(columns), table.key);
}

} // namespace alkconv::core
