// Regime: C++ (may throw, never calls Postgres)
//
// From a table's plan to the object that converts its rows.
#include "core/plan.hpp"

#include "core/mend.hpp"

#include <algorithm>
#include <utility>

namespace alkconv::core {

size_t CountedRules(const TablePlan &table) noexcept {
	size_t count = 0;
	for (const ColumnPlan &column : table.columns)
		count += column.counted.size();
	return count;
}

bool HasSecrets(const TablePlan &table) noexcept {
	return std::any_of(table.columns.begin(), table.columns.end(),
					   [](const ColumnPlan &column) { return !column.secret.empty(); });
}

bool HasSecretKey(const TablePlan &table) noexcept {
	return std::any_of(table.key.begin(), table.key.end(),
					   [&](size_t position) { return !table.columns[position].secret.empty(); });
}

RowConverter MakeRowConverter(const TablePlan &table) {
	std::vector<ConverterColumn> columns;
	columns.reserve(table.columns.size());
	for (const ColumnPlan &plan : table.columns)
		columns.push_back({plan.source_name, plan.target_name, plan.source_type,
						   ConvertedType(plan.target_type, plan.policy), plan.conversion,
						   plan.not_null && plan.policy.expression.empty(), // an expression may make a value of NULL
						   plan.secret, StoredTypeOf(plan.target_type, plan.policy)});
	return RowConverter(table.source_name, std::move(columns), table.key);
}

} // namespace alkconv::core
