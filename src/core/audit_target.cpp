// Regime: C++ (may throw, never calls Postgres)
//
// One kind of rows after the other; rows of one object follow each other.
#include "core/audit_target.hpp"

#include <cstdlib>

namespace alkconv::core {

namespace {

using Row = std::vector<std::optional<std::string>>;

std::string Text(const Row &row, size_t column) { return row[column].value_or(""); }

bool Is(const Row &row, size_t column) { return row[column] == std::optional<std::string>("t"); }

AuditTarget &Of(AuditTargets &targets, const Row &row) {
	return targets[static_cast<uint32_t>(std::strtoul(Text(row, 0).c_str(), nullptr, 10))];
}

// The object that the row continues, or a new one.
template <typename Object>
Object &Continued(std::vector<Object> &objects, const std::string &name, bool &is_new) {
	is_new = objects.empty() || objects.back().name != name;
	if (is_new)
		objects.emplace_back().name = name;
	return objects.back();
}

std::string Action(const std::string &code) {
	switch (code.empty() ? ' ' : code[0]) {
	case 'a': return "NO ACTION";
	case 'r': return "RESTRICT";
	case 'c': return "CASCADE";
	case 'n': return "SET NULL";
	case 'd': return "SET DEFAULT";
	default: return code; // MATCH FULL, which no source has
	}
}

void AddTables(AuditTargets &targets, const TextRows &rows) {
	for (const Row &row : rows) {
		AuditTarget &target = Of(targets, row);
		target.name = Text(row, 1);
		target.partitioned = Is(row, 2);
		target.comment = Text(row, 3);
		target.partition_key = Text(row, 4);
	}
}

void AddColumns(AuditTargets &targets, const TextRows &rows) {
	for (const Row &row : rows) {
		AuditTargetColumn &column = Of(targets, row).columns.emplace_back();
		column.name = Text(row, 1);
		column.type = Text(row, 2);
		column.not_null = Is(row, 3);
		column.identity = Text(row, 4);
		column.generated = Is(row, 5);
		column.comment = Text(row, 6);
		column.default_text = row[7];
		column.default_is_constant = Is(row, 8);
		column.collation = Text(row, 9);
	}
}

void AddLabels(AuditTargets &targets, const TextRows &rows) {
	for (const Row &row : rows)
		for (AuditTargetColumn &column : Of(targets, row).columns)
			if (column.name == Text(row, 1))
				column.labels.push_back(Text(row, 2));
}

void AddKeys(AuditTargets &targets, const TextRows &rows) {
	for (const Row &row : rows) {
		bool is_new;
		AuditKey &key = Continued(Of(targets, row).keys, Text(row, 1), is_new);
		key.primary = Is(row, 2);
		key.unique = Is(row, 3);
		key.method = Text(row, 4);
		key.condition = Text(row, 5);
		key.parts.push_back({Text(row, 6), 0, Is(row, 8), Text(row, 7)});
	}
}

void AddForeignKeys(AuditTargets &targets, const TextRows &rows) {
	for (const Row &row : rows) {
		bool is_new;
		AuditForeignKey &key = Continued(Of(targets, row).foreign_keys, Text(row, 1), is_new);
		key.parent_schema = Text(row, 2);
		key.parent = Text(row, 3);
		key.on_update = Action(Text(row, 4));
		key.on_delete = Action(Text(row, 5));
		key.columns.push_back(Text(row, 6));
		key.parent_columns.push_back(Text(row, 7));
	}
}

void AddChecks(AuditTargets &targets, const TextRows &rows) {
	for (const Row &row : rows) {
		bool is_new;
		AuditCheck &check = Continued(Of(targets, row).checks, Text(row, 1), is_new);
		check.text = Text(row, 2);
		check.validated = Is(row, 3);
		check.enforced = Is(row, 4);
		if (row[5])
			check.columns.push_back(*row[5]);
	}
}

} // namespace

AuditTargets ReadAuditTargets(const AuditTargetRows &rows) {
	AuditTargets targets;
	AddTables(targets, *rows.tables);
	AddColumns(targets, *rows.columns);
	AddLabels(targets, *rows.labels);
	AddKeys(targets, *rows.keys);
	AddForeignKeys(targets, *rows.foreign_keys);
	AddChecks(targets, *rows.checks);
	for (const Row &row : *rows.triggers)
		Of(targets, row).on_update.push_back({Text(row, 1), Text(row, 2)});
	for (const Row &row : *rows.partitions)
		Of(targets, row).partitions.push_back({Text(row, 1), Text(row, 2), std::nullopt});
	for (auto &[oid, target] : targets)
		target.oid = oid;
	return targets;
}

std::string AuditDefaultsQuery(const AuditTarget &target) {
	std::string list;
	for (const AuditTargetColumn &column : target.columns)
		if (const std::string value = AuditDefaultQuery(column); !value.empty())
			list += (list.empty() ? "SELECT " : ", ") + value;
	return list;
}

void SetAuditDefaults(AuditTarget &target, const TextRows &answer) {
	size_t i = 0;
	for (AuditTargetColumn &column : target.columns)
		if (!AuditDefaultQuery(column).empty())
			column.default_value = answer.front()[i++];
}

} // namespace alkconv::core
