// Regime: C++ (may throw, never calls Postgres)
//
// Equality as the target sees it, in the source's SQL.
#include "core/preflight_compare.hpp"

#include "core/conversion_table.hpp"
#include "core/digest_mysql.hpp"
#include "core/mend.hpp"
#include "core/preflight_conditions.hpp"
#include "core/preflight_operand.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace alkconv::core {

namespace {

namespace my = digest::mysql;

const ColumnPlan *ColumnOf(const TablePlan &table, int16_t attnum) noexcept {
	for (const ColumnPlan &column : table.columns)
		if (column.attnum == attnum)
			return &column;
	return nullptr;
}

} // namespace

std::string Joined(const std::vector<std::string> &parts, const char *separator) {
	std::string text;
	for (const std::string &part : parts)
		text += (text.empty() ? "" : separator) + part;
	return text;
}

bool IsCaseless(const ColumnPlan &column) noexcept {
	constexpr std::string_view kName = "citext";
	const std::string_view stored = column.target_type.stored();
	return stored.size() >= kName.size() && stored.substr(stored.size() - kName.size()) == kName;
}

bool MakesOthers(const ColumnPolicy &policy) noexcept {
	const auto keeps_apart = [](const Transform &transform) {
		return GivesNull(transform) || transform.name == TransformName::uuid_swap ||
			   transform.name == TransformName::code_points_to_base64 ||
			   transform.name == TransformName::code_points_to_bytea;
	};
	return !policy.expression.empty() || !std::all_of(policy.transforms.begin(), policy.transforms.end(), keeps_apart);
}

bool IsText(const ColumnPlan &column) noexcept { return FamilyOf(column.source_type.kind) == Family::text; }

std::string Comparable(const ColumnPlan &column, bool mariadb, const std::string &alias, bool insensitive) {
	if (!IsRuledBySql(column.policy))
		return "";
	std::string x = RuledOperand(column, mariadb, alias);
	const SourceType &source = column.source_type;
	const Family family = FamilyOf(source.kind);
	if (insensitive || IsCaseless(column))
		return family == Family::text || family == Family::enum_ ? "LOWER(" + my::Characters(x, source) + ")" : "";
	switch (column.target_type.kind) {
	case PgKind::int2:
	case PgKind::int4:
	case PgKind::int8:
	case PgKind::numeric:
	case PgKind::timestamp:
		if (family == Family::text)
			return preflight::TextAs(column.target_type, my::Characters(x, source));
		break;
	case PgKind::uuid:
		if (family == Family::text || family == Family::binary) // which are texts for NULL as well
			return "IF(" + x + " IS NULL,NULL," +
				   (family == Family::text ? my::UuidFromText(my::Characters(x, source)) : my::UuidFromBytes(x)) + ")";
		return my::AsChar(x);
	case PgKind::text:
	case PgKind::varchar:
	case PgKind::bpchar:
	case PgKind::name:
	case PgKind::enum_:
	case PgKind::bytea:
		switch (family) {
		case Family::text:
		case Family::enum_:
		case Family::set:
		case Family::binary: return Utf8Bytes(x, source);
		case Family::integer:
		case Family::decimal:
		case Family::date:
		case Family::datetime:
		case Family::timestamp:
		case Family::time:
		case Family::year: return x;
		default: return "";
		}
	default: break;
	}
	switch (family) {
	case Family::bit: return x + "+0";
	case Family::integer:
	case Family::year:
	case Family::decimal:
	case Family::float_:
	case Family::double_:
	case Family::date:
	case Family::datetime:
	case Family::timestamp:
	case Family::time: return x;
	default: return "";
	}
}

std::vector<const ColumnPlan *> ColumnsOf(const TablePlan &table, const std::vector<int16_t> &attnums) {
	std::vector<const ColumnPlan *> columns;
	for (const int16_t attnum : attnums) {
		const ColumnPlan *column = ColumnOf(table, attnum);
		if (column == nullptr)
			return {};
		columns.push_back(column);
	}
	return columns;
}

std::vector<size_t> PositionsOf(const TablePlan &table, const std::vector<int16_t> &attnums) {
	std::vector<size_t> positions;
	for (const ColumnPlan *column : ColumnsOf(table, attnums))
		positions.push_back(static_cast<size_t>(column - table.columns.data()));
	return positions;
}

const TablePlan *TableOf(const Plan &plan, uint32_t oid) noexcept {
	for (const TablePlan &table : plan.tables)
		if (table.target_oid == oid && !table.create)
			return &table;
	return nullptr;
}

std::string NamesOf(const std::vector<const ColumnPlan *> &columns) {
	std::vector<std::string> names;
	for (const ColumnPlan *column : columns)
		names.push_back(column->source_name);
	return Joined(names, ", ");
}

bool IgnoresCase(const std::string &collation) { return collation.find("_ci") != std::string::npos; }

std::string FromTable(const SourceSchema &source, const TablePlan &table) {
	return my::Identifier(source.database) + "." + my::Identifier(table.source_name);
}

std::string RowsOf(const SourceSchema &source, const TablePlan &table, const char *alias) {
	const std::string from = FromTable(source, table);
	if (table.source_filter.empty())
		return from + " AS " + alias;
	std::vector<std::string> columns; // by name: * leaves invisible ones out
	for (const SourceColumn &column : source.tables[table.source].columns)
		columns.push_back(my::Identifier(column.name));
	return "(SELECT " + Joined(columns, ",") + " FROM " + from + " WHERE " + table.source_filter + ") AS " + alias;
}

Finding AboutTable(Severity severity, const TablePlan &table, std::string columns, const char *check,
				   std::string remedy) {
	Finding finding;
	finding.severity = severity;
	finding.table = table.source_name;
	finding.column = std::move(columns);
	finding.check = check;
	finding.remedy = std::move(remedy);
	return finding;
}

Finding NotKnown(const TablePlan &table, std::string columns, const std::string &what) {
	return AboutTable(Severity::info, table, std::move(columns), "not_checked_ahead",
					  "Not known before the run: " + what);
}

} // namespace alkconv::core
