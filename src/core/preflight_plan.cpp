// Regime: C++ (may throw, never calls Postgres)
//
// Findings that need no query: they follow from both catalogs and the rules.
#include "core/ddl_notes.hpp"
#include "core/plan_table.hpp"
#include "core/preflight.hpp"
#include "core/sight.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

namespace alkconv::core {

namespace {

const char *CheckOf(Code code) noexcept {
	switch (code) {
	case Code::missing_target: return "missing_target";
	case Code::ambiguous_name: return "ambiguous_name";
	case Code::not_null_without_source: return "not_null_without_source";
	case Code::cannot_convert: return "cannot_convert";
	case Code::zone_unknown: return "zone_unknown";
	case Code::versions_differ: return "versions_differ";
	case Code::too_many_columns: return "too_many_columns";
	case Code::too_many_locks: return "too_many_locks";
	case Code::unsupported: return "unsupported";
	case Code::source_privilege: return "hidden_columns";
	case Code::invalid_option_value: return "invalid_argument";
	default: return "plan";
	}
}

Finding MakeFinding(Severity severity, std::string table, std::string column, const char *check, std::string remedy) {
	Finding finding;
	finding.severity = severity;
	finding.table = std::move(table);
	finding.column = std::move(column);
	finding.check = check;
	finding.remedy = std::move(remedy);
	return finding;
}

// First letter as a sentence begins.
std::string Sentence(std::string text) {
	if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
		text[0] = static_cast<char>(text[0] - 'a' + 'A');
	return text.empty() || text.back() == '.' ? text : text + ".";
}

void AddIdleRules(const Plan &plan, std::vector<Finding> &findings) {
	for (const UnusedRule &rule : plan.unused)
		findings.push_back(MakeFinding(
			Severity::warning, rule.table_pattern, rule.column_pattern, "idle_rule",
			"Rule " + rule.rule +
				" matches nothing in the source. Patterns are compared with upper and lower case as the source "
				"spells its names; correct it or delete it from alkconv.rule."));
}

// Whatever is no table: one line for each kind.
void AddObjects(const SourceSchema &source, std::vector<Finding> &findings) {
	std::map<std::string, std::vector<std::string>> kinds;
	for (const SourceObject &object : source.objects)
		kinds[object.kind].push_back(object.name);
	for (const auto &[kind, names] : kinds) {
		std::string list;
		for (const std::string &name : names)
			list += (list.empty() ? "" : ", ") + Quoted(name);
		Finding finding = MakeFinding(Severity::info, "", "", "left_behind",
									  Sentence(std::to_string(names.size()) + " " + kind +
											   (names.size() == 1 ? "" : "s") + " of the source stay there: " + list));
		finding.rows = names.size();
		findings.push_back(std::move(finding));
	}
}

// The last number of an integer type; 0: it is none.
uint64_t LastOf(PgKind kind) noexcept {
	switch (kind) {
	case PgKind::int2: return INT16_MAX;
	case PgKind::int4: return INT32_MAX;
	case PgKind::int8: return INT64_MAX;
	default: return 0;
	}
}

// The source's catalog says the last number both before and after it has been given.
void AddCounters(const SourceTable &source, const TablePlan &table, std::vector<Finding> &findings) {
	for (const ColumnPlan &column : table.columns) {
		const uint64_t last = LastOf(column.target_type.kind);
		if (source.columns[column.source].auto_increment && last != 0 && source.auto_increment >= last)
			findings.push_back(
				MakeFinding(Severity::warning, source.name, column.source_name, "counter_at_end",
							"AUTO_INCREMENT of the source is at " + std::to_string(source.auto_increment) +
								", and the last number of the target's type " + column.target_type.text + " is " +
								std::to_string(last) +
								": everything loads, and the next INSERT that asks for a number fails. Give the column "
								"a wider type" +
								(table.create ? " by a rule (action target_type)." : " in the target.")));
	}
}

bool IsObject(const std::string &kind, const SourceSchema &source) {
	return std::any_of(source.objects.begin(), source.objects.end(),
					   [&](const SourceObject &object) { return object.kind == kind; });
}

} // namespace

std::vector<Finding> FindingsOfPlan(const SourceSchema &source, const Plan &plan, const Ddl &ddl) {
	std::vector<Finding> findings;
	for (const PlanProblem &problem : plan.problems) {
		findings.push_back(MakeFinding(Severity::error, problem.table, problem.column, CheckOf(problem.code),
									   Sentence(problem.message) + (problem.hint.empty() ? "" : " " + problem.hint)));
	}
	AddIdleRules(plan, findings);
	const std::vector<Finding> hidden = FindingsOfSight(source, plan);
	findings.insert(findings.end(), hidden.begin(), hidden.end());
	for (const TablePlan &table : plan.tables) {
		const SourceTable &from = source.tables[table.source];
		AddCounters(from, table, findings);
		if (!IsTransactional(from.engine))
			findings.push_back(MakeFinding(
				Severity::warning, from.name, "", "snapshot",
				"Engine " + from.engine +
					" has no transactions: its rows are not part of the snapshot. Stop writers for the run, or "
					"change the table's engine to InnoDB."));
	}
	for (const ExcludedTable &table : plan.excluded)
		if (table.asked_for)
			findings.push_back(MakeFinding(Severity::info, table.name, "", "table_left_out",
										   Sentence("stays in the source: " + table.reason)));
	AddObjects(source, findings);
	for (const DdlNote &note : SummarizedNotes(ddl, source.database)) {
		const char *where = IsRename(note) && !note.source.empty() ? "; alkconv_baseline lists them" : "";
		if (!IsObject(note.kind, source)) // they are listed above
			findings.push_back(MakeFinding(Severity::info, note.table, "", "not_as_in_source",
										   Sentence(note.kind + " " + Quoted(note.object) + ": " + note.text + where)));
	}
	return findings;
}

} // namespace alkconv::core
