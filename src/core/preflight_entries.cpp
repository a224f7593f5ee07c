// Regime: C++ (may throw, never calls Postgres)
//
// Entries of btree indexes have an end.
#include "core/preflight_keys.hpp"

#include "core/conversion_table.hpp"
#include "core/plan_table.hpp"
#include "core/preflight_compare.hpp"
#include "core/preflight_conditions.hpp"
#include "core/preflight_sample.hpp"

#include <algorithm>
#include <utility>

namespace alkconv::core {

namespace {

constexpr uint64_t kMaxBtreeEntry = 2704; // BTMaxItemSize of pages of 8 kB
constexpr uint64_t kEntryHeader = 8, kValueHeader = 4;

uint64_t LongestBytes(const ColumnPlan &column) noexcept {
	const SourceType &type = column.source_type;
	if (FamilyOf(type.kind) == Family::text)
		return type.kind == MySqlKind::text ? type.length : type.length * 4;
	return FamilyOf(type.kind) == Family::binary ? type.length : 32;
}

} // namespace

void AskAboutEntries(const TablePlan &table, const TargetFacts &facts, bool mariadb, TableQuestions &questions) {
	for (const TargetKey &key : facts.keys) {
		const std::vector<const ColumnPlan *> columns = ColumnsOf(table, key.columns);
		if (key.table != table.target_oid || table.create || !key.btree || key.with_expressions || columns.empty() ||
			!std::all_of(columns.begin(), columns.end(), [](const ColumnPlan *c) { return IsRuledBySql(c->policy); }))
			continue;
		uint64_t longest = kEntryHeader, fixed = kEntryHeader;
		std::vector<std::string> lengths;
		std::string first;
		for (const ColumnPlan *column : columns) {
			longest += LongestBytes(*column) + kValueHeader;
			const bool varies = IsTextTarget(column->target_type.kind) || column->target_type.kind == PgKind::bytea;
			const Family family = FamilyOf(column->source_type.kind);
			if (varies && (family == Family::text || family == Family::binary)) {
				lengths.push_back("IFNULL(LENGTH(" + Utf8Bytes(RuledOperand(*column, mariadb), column->source_type) +
								  "),0)");
				fixed += kValueHeader;
				if (first.empty())
					first = column->source_name;
			} else
				fixed += 16;
		}
		if (lengths.empty() || longest <= kMaxBtreeEntry)
			continue;
		ValueQuestion question;
		question.finding.severity = Severity::warning;
		question.finding.table = table.source_name;
		question.finding.column = first;
		question.finding.check = "index_entry_too_long";
		question.finding.remedy =
			"Entries of index " + Quoted(key.name) + " may have " + std::to_string(kMaxBtreeEntry) +
			" bytes after compression; what does not compress to that stops the run. Index a digest or a prefix of "
			"the column instead, or use a hash index.";
		question.condition = Joined(lengths, "+") + ">" + std::to_string(kMaxBtreeEntry - fixed);
		question.sample = ShownValues(columns);
		questions.questions.push_back(std::move(question));
	}
}

} // namespace alkconv::core
