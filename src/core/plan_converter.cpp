// Regime: C++ (may throw, never calls Postgres)
//
// From a table's plan to the object that converts its rows.
#include "core/plan.hpp"

#include <utility>

namespace alkconv::core {

RowConverter MakeRowConverter(const TablePlan &table) {
	std::vector<ConverterColumn> columns;
	columns.reserve(table.columns.size());
	for (const ColumnPlan &plan : table.columns)
		columns.push_back(
			{plan.source_name, plan.target_name, plan.source_type, plan.target_type, plan.conversion, plan.not_null});
	return RowConverter(table.source_name, std::move(columns), table.key);
}

} // namespace alkconv::core
