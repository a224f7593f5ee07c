// Regime: C++ (may throw, never calls Postgres)
//
// From privileges to sentences.
#include "core/sight.hpp"

#include "core/plan_table.hpp"

#include <algorithm>
#include <utility>

namespace alkconv::core {

namespace {

constexpr const char *kGrantSelect = "Grant the account SELECT on the whole database.";

// The tables of which columns may be hidden.
std::vector<std::string> PartlySeen(const SourceSchema &source) {
	std::vector<std::string> names;
	for (const SourceTable &table : source.tables)
		if (!source.sight.SeesAllColumns(table.name))
			names.push_back(table.name);
	return names;
}

std::string Listed(const std::vector<std::string> &names) {
	constexpr size_t kShown = 5;
	std::string list;
	for (size_t i = 0; i < names.size() && i < kShown; ++i)
		list += (i == 0 ? "" : ", ") + Quoted(names[i]);
	return names.size() > kShown ? list + " and " + std::to_string(names.size() - kShown) + " more" : list;
}

Finding MakeFinding(Severity severity, std::string table, const char *check, std::string remedy) {
	Finding finding;
	finding.severity = severity;
	finding.table = std::move(table);
	finding.check = check;
	finding.remedy = std::move(remedy);
	return finding;
}

} // namespace

std::string HiddenTables(const SourceSchema &source) {
	const SourceSight &sight = source.sight;
	if (!sight.known)
		return "the source does not tell the account's privileges: tables and columns may be hidden from it";
	if (sight.database)
		return "";
	const std::vector<std::string> partly = PartlySeen(source);
	return "the account has no SELECT on the whole database: tables may be hidden from it" +
		   (partly.empty() ? "" : ", and columns of " + Listed(partly));
}

std::string HiddenObjects(const SourceSchema &source) {
	const SourceSight &sight = source.sight;
	const std::pair<bool, const char *> kinds[] = {{sight.triggers, "triggers (privilege TRIGGER)"},
												   {sight.routines, "routines (EXECUTE, or SHOW_ROUTINE)"},
												   {sight.events, "events (EVENT)"},
												   {sight.view_texts, "the texts of views (SHOW VIEW)"}};
	std::string list;
	for (const auto &[seen, kind] : kinds)
		if (!seen)
			list += (list.empty() ? "" : ", ") + std::string(kind);
	return list.empty() ? "" : "the account may not see: " + list;
}

std::vector<Finding> FindingsOfSight(const SourceSchema &source, const Plan &plan) {
	std::vector<Finding> findings;
	const auto sentence = [](std::string text) {
		text[0] = static_cast<char>(text[0] - 'a' + 'A'); // of the two above, which begin in lower case
		return text + ".";
	};
	if (const std::string hidden = HiddenTables(source); !hidden.empty())
		findings.push_back(MakeFinding(Severity::warning, "", "hidden_tables", sentence(hidden) + " " + kGrantSelect));
	for (const TablePlan &table : plan.tables)
		if (!source.sight.SeesAllColumns(table.source_name))
			findings.push_back(MakeFinding(
				Severity::warning, table.source_name, "hidden_columns",
				"The account has SELECT on some columns of this table only: the others do not exist for a run. "
				"Grant it SELECT on the table."));
	if (const std::string hidden = HiddenObjects(source); !hidden.empty())
		findings.push_back(
			MakeFinding(Severity::info, "", "hidden_objects",
						sentence(hidden) + " None of them is copied, and a run does not list what is not seen."));
	return findings;
}

} // namespace alkconv::core
