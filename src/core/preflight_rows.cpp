// Regime: C++ (may throw, never calls Postgres)
//
// What is selected for the target's server to judge.
#include "core/preflight_rows.hpp"

#include "core/conversion_table.hpp"
#include "core/digest_mysql.hpp"
#include "core/mend.hpp"
#include "core/preflight_compare.hpp"
#include "core/preflight_sample.hpp"

#include <algorithm>
#include <utility>

namespace alkconv::core {

namespace {

namespace my = digest::mysql;

std::string Selected(const ColumnPlan &column) {
	return column.source_sql.empty() ? my::Identifier(column.source_name) : column.source_sql;
}

// GROUP BY finds values equal as their collation does, and MIN gives others of numbers' kin than it got.
bool IsGrouped(const ColumnPlan &column) noexcept {
	switch (FamilyOf(column.source_type.kind)) {
	case Family::integer:
	case Family::decimal:
	case Family::text:
	case Family::binary:
	case Family::uuid:
	case Family::date:
	case Family::datetime:
	case Family::timestamp:
	case Family::time: return column.source_sql.empty();
	default: return false;
	}
}

ConverterColumn ReadAs(const char *source, PgKind target) {
	ConverterColumn column;
	column.source = ParseSourceType(source, "utf8mb4", "utf8mb4_bin");
	column.target.kind = target;
	column.target.text = target == PgKind::int8 ? "bigint" : "text";
	column.conversion = ChooseConversion(column.source, column.target, {});
	return column;
}

} // namespace

TablePlan PlanOfColumns(const TablePlan &table, const std::vector<size_t> &columns) {
	TablePlan plan;
	plan.source = table.source;
	plan.source_name = table.source_name;
	plan.target_name = table.target_name;
	plan.target_oid = table.target_oid;
	plan.source_filter = table.source_filter;
	std::vector<size_t> all = columns;
	for (const size_t key : table.key) {
		const auto found = std::find(all.begin(), all.end(), key);
		plan.key.push_back(static_cast<size_t>(found - all.begin()));
		if (found == all.end())
			all.push_back(key);
	}
	for (const size_t position : all)
		plan.columns.push_back(table.columns[position]);
	return plan;
}

std::string RowsQuery(const SourceTable &source, const TablePlan &columns, const std::string &from,
					  const std::string &condition) {
	std::string list, order;
	for (const ColumnPlan &column : columns.columns)
		list += (list.empty() ? "" : ",") + Selected(column);
	const bool primary = std::any_of(source.keys.begin(), source.keys.end(), [&](const SourceKey &key) {
		return key.name == "PRIMARY" && key.parts.size() == columns.key.size() && !columns.key.empty() &&
			   key.parts[0].column == columns.columns[columns.key[0]].source;
	});
	for (size_t i = 0; primary && i < columns.key.size(); ++i)
		order += (order.empty() ? " ORDER BY " : ",") + my::Identifier(columns.columns[columns.key[i]].source_name);
	std::vector<std::string> conditions;
	for (const std::string &part : {columns.source_filter, condition})
		if (!part.empty())
			conditions.push_back("(" + part + ")");
	return "SELECT " + list + " FROM " + from + (conditions.empty() ? "" : " WHERE " + Joined(conditions, " AND ")) +
		   order;
}

std::string DistinctQuery(const SourceTable &source, const TablePlan &table, const std::vector<size_t> &columns,
						  const std::string &from) {
	std::vector<std::string> list, groups, present;
	std::vector<const ColumnPlan *> shown;
	for (const size_t position : columns) {
		const ColumnPlan &column = table.columns[position];
		if (!IsGrouped(column))
			return "";
		const std::string name = my::Identifier(column.source_name);
		const bool text = FamilyOf(column.source_type.kind) == Family::text;
		list.push_back(text ? "MIN(" + name + ")" : name);
		groups.push_back(text ? "CAST(" + name + " AS BINARY)" : name);
		present.push_back(name + " IS NOT NULL");
		shown.push_back(&column);
	}
	if (!table.source_filter.empty())
		present.push_back(table.source_filter);
	return "SELECT " + Joined(list, ",") + ",COUNT(*),MIN(" +
		   SampleExpression(KeyOf(source, table), ShownValues(shown)) + ") FROM " + from + " WHERE " +
		   Joined(present, " AND ") + " GROUP BY " + Joined(groups, ",");
}

RowConverter MakeDistinctConverter(const TablePlan &table, const std::vector<size_t> &columns) {
	std::vector<ConverterColumn> all;
	for (const size_t position : columns) {
		const ColumnPlan &plan = table.columns[position];
		all.push_back({plan.source_name, plan.target_name, plan.source_type,
					   ConvertedType(plan.target_type, plan.policy), plan.conversion, false, plan.secret,
					   StoredTypeOf(plan.target_type, plan.policy)});
	}
	all.push_back(ReadAs("bigint", PgKind::int8));
	all.push_back(ReadAs("longtext", PgKind::text));
	// values that do not convert are a finding of their own: they name themselves and are passed over
	std::vector<size_t> key;
	for (size_t i = 0; i < columns.size(); ++i)
		key.push_back(i);
	RowConverter converter(table.source_name, std::move(all), std::move(key));
	converter.RejectRows();
	return converter;
}

void SampleRow(const RowConverter &converter, const RowBatch &batch, size_t row, const std::vector<size_t> &columns,
			   Finding &finding) {
	std::vector<std::string> values;
	for (const size_t column : columns)
		values.push_back(converter.Shown(batch, row, column));
	finding.sampled = true;
	finding.sample_key = converter.KeyText(batch, row);
	finding.sample_value = values.size() == 1 ? values.front() : SampleText(Joined(values, ", "));
}

} // namespace alkconv::core
