// Regime: C++ (may throw, never calls Postgres)
//
// Counted, and what rules leave out by name.
#include "core/left_out.hpp"

#include "core/plan_table.hpp"

#include <algorithm>
#include <vector>

namespace alkconv::core {

namespace {

constexpr size_t kNamed = 5;

std::string Count(size_t number, const char *one, const char *more) {
	return std::to_string(number) + " " + (number == 1 ? one : more);
}

// What rules leave in the source, as "table"."column".
std::vector<std::string> ColumnsByRule(const Plan &plan) {
	std::vector<std::string> names;
	for (const TablePlan &table : plan.tables)
		for (const OmittedColumn &column : table.omitted)
			if (!column.rule.empty())
				names.push_back(Quoted(table.source_name) + "." + Quoted(column.name));
	return names;
}

// Columns of the target that the source lacks, and those of the source that it computes and the target lacks.
size_t ColumnsOfOneSide(const Plan &plan) {
	size_t count = 0;
	for (const TablePlan &table : plan.tables)
		count += static_cast<size_t>(
			std::count_if(table.omitted.begin(), table.omitted.end(),
						  [](const OmittedColumn &column) { return column.rule.empty() && !column.computed; }));
	return count;
}

uint64_t Duplicates(const Plan &plan) {
	uint64_t count = 0;
	for (const TablePlan &table : plan.tables)
		for (const KeyRule &rule : table.key_rules)
			if (rule.kind == KeyRule::Kind::duplicate)
				count += rule.touched;
	return count;
}

std::string Listed(const std::vector<std::string> &names) {
	std::string list;
	for (size_t i = 0; i < std::min(names.size(), kNamed); ++i)
		list += (list.empty() ? "" : ", ") + names[i];
	return list + (names.size() > kNamed ? " and " + std::to_string(names.size() - kNamed) + " more" : "");
}

} // namespace

bool LeavesColumnsByRule(const TablePlan &table) noexcept {
	return std::any_of(table.omitted.begin(), table.omitted.end(),
					   [](const OmittedColumn &column) { return !column.rule.empty(); });
}

std::string DescribeLeftOut(const Plan &plan) {
	std::vector<std::string> parts;
	if (!plan.excluded.empty())
		parts.push_back(Count(plan.excluded.size(), "table", "tables"));
	if (const std::vector<std::string> names = ColumnsByRule(plan); !names.empty())
		parts.push_back(Count(names.size(), "column by a rule", "columns by rules") + " (" + Listed(names) + ")");
	if (const size_t others = ColumnsOfOneSide(plan); others > 0)
		parts.push_back(Count(others, "column that only one side has", "columns that only one side has"));
	if (const uint64_t rows = Duplicates(plan); rows > 0)
		parts.push_back(Count(rows, "duplicate row by a rule", "duplicate rows by rules"));
	std::string text;
	for (const std::string &part : parts)
		text += (text.empty() ? "left out: " : ", ") + part;
	return text;
}

} // namespace alkconv::core
