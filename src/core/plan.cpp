// Regime: C++ (may throw, never calls Postgres)
//
// MakePlan: which source tables go where. What becomes of one table's columns is decided in plan_table.cpp.
#include "core/plan.hpp"

#include "core/plan_keys.hpp"
#include "core/plan_names.hpp"
#include "core/plan_table.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace alkconv::core {

namespace {

template <typename T, size_t N>
T ParseChoice(std::string_view text, const char *option, const std::pair<const char *, T> (&choices)[N]) {
	std::string known;
	for (const auto &[name, value] : choices) {
		if (text == name)
			return value;
		known += known.empty() ? "" : ", ";
		known += name;
	}
	throw Error(Code::invalid_option_value,
				std::string("invalid value for ") + option + ": \"" + std::string(text) + "\"")
		.Hint("Valid values: " + known + ".");
}

std::string TableName(const TargetSchema &schema, const std::string &table) {
	return Quoted(schema.name) + "." + Quoted(table);
}

void AppendTo(std::string &list, const std::string &text) { list += (list.empty() ? "" : "; ") + text; }

std::string ListOf(const std::vector<std::string> &names) {
	std::string list;
	for (const std::string &name : names)
		list += (list.empty() ? "" : ", ") + Quoted(name);
	return list;
}

const char *DescribeRelkind(char relkind) noexcept {
	switch (relkind) {
	case 'v': return "a view";
	case 'm': return "a materialized view";
	case 'f': return "a foreign table";
	default: return "not a table";
	}
}

// The work of one MakePlan call.
class Planner {
public:
	Planner(const SourceSchema &source, const TargetSchema &target, const RuleSet &rules, const PlanOptions &options)
		: source_(source), target_(target), rules_(rules), options_(options), names_(source, rules) {}

	Plan Make() {
		SelectTables();
		RefuseCommonNames();
		MatchTables();
		for (const size_t s : selected_)
			PlanOne(s);
		ApplyKeyRules(source_, target_, rules_, plan_);
		ListUnused();
		return std::move(plan_);
	}

private:
	const SourceSchema &source_;
	const TargetSchema &target_;
	const RuleSet &rules_;
	const PlanOptions &options_;
	const TargetNames names_;
	Plan plan_;
	std::vector<size_t> selected_;	 // source tables that take part, by name
	std::vector<NameMatch> matches_; // by position in source_.tables

	bool Included(const std::string &name) const {
		return options_.include.empty() || MatchesAny(options_.include, name);
	}

	static bool MatchesAny(const std::vector<std::string> &patterns, const std::string &name) {
		return std::any_of(patterns.begin(), patterns.end(),
						   [&](const std::string &pattern) { return LikeMatches(pattern, name); });
	}

	// A pattern that matches nothing is a slip, and one of exclude would let in what was to be left out.
	void RequireMatches(const char *argument, const std::vector<std::string> &patterns) {
		for (const std::string &pattern : patterns) {
			const bool used = std::any_of(source_.tables.begin(), source_.tables.end(),
										  [&](const SourceTable &table) { return LikeMatches(pattern, table.name); });
			if (!used)
				plan_.problems.push_back({Code::invalid_option_value, "", "",
										  std::string(argument) + " pattern \"" + pattern +
											  "\" matches no table of source database " + Quoted(source_.database),
										  "Patterns are compared with upper and lower case as the source spells its "
										  "tables; % matches any run of characters."});
		}
	}

	void SelectTables() {
		std::vector<size_t> by_name(source_.tables.size());
		for (size_t s = 0; s < by_name.size(); s++)
			by_name[s] = s;
		std::stable_sort(by_name.begin(), by_name.end(),
						 [&](size_t a, size_t b) { return source_.tables[a].name < source_.tables[b].name; });

		RequireMatches("include", options_.include);
		RequireMatches("exclude", options_.exclude);
		for (const size_t s : by_name) {
			const std::string &name = source_.tables[s].name;
			if (!Included(name))
				plan_.excluded.push_back({name, "not among the included", false});
			else if (MatchesAny(options_.exclude, name))
				plan_.excluded.push_back({name, "excluded by argument"});
			else if (const Rule *rule = rules_.Find(RuleAction::exclude_table, name))
				plan_.excluded.push_back({name, "rule " + RuleText(*rule), true, rule->own, !rule->own});
			else
				selected_.push_back(s);
		}
	}

	// Names that a rule gives to several tables, or to several columns of one. Without rules no two have the same.
	void RefuseCommonNames() {
		std::map<std::string, std::vector<std::string>> tables;
		for (const size_t s : selected_)
			tables[rules_.TargetName(source_.tables[s].name)].push_back(source_.tables[s].name);
		for (const auto &[name, sources] : tables)
			if (sources.size() > 1)
				plan_.problems.push_back(
					{Code::ambiguous_name, sources.front(), "",
					 "source tables " + ListOf(sources) + " would all be target table " + Quoted(name),
					 "Change the rules with action rename, or leave all but one in the source."});
		for (const size_t s : selected_)
			RefuseCommonNames(source_.tables[s]);
	}

	void RefuseCommonNames(const SourceTable &table) {
		std::map<std::string, std::vector<std::string>> columns;
		for (const SourceColumn &column : table.columns)
			if (rules_.Find(RuleAction::skip_column, table.name, column.name) == nullptr)
				columns[rules_.TargetName(table.name, column.name)].push_back(column.name);
		for (const auto &[name, sources] : columns)
			if (sources.size() > 1)
				plan_.problems.push_back({Code::ambiguous_name, table.name, sources.front(),
										  "source columns " + ListOf(sources) + " of table " + Quoted(table.name) +
											  " would all be target column " + Quoted(name),
										  "Change the rules with action rename, or skip all but one."});
	}

	static bool HasKey(const SourceTable &table, const std::string &name) {
		return std::any_of(table.keys.begin(), table.keys.end(),
						   [&](const SourceKey &key) { return key.name == name; });
	}

	// Whether the rule keeps one of duplicates of the table. A table that is not copied says nothing against it.
	bool Keeps(const Rule &rule, const SourceTable &source) const {
		for (const TablePlan &table : plan_.tables)
			if (table.source_name == source.name)
				return std::any_of(table.key_rules.begin(), table.key_rules.end(), [&](const KeyRule &key) {
					return key.kind == KeyRule::Kind::duplicate && key.rule.id == rule.id;
				});
		return true;
	}

	static bool HasCheck(const SourceTable &table, const std::string &name) {
		return std::any_of(table.checks.begin(), table.checks.end(),
						   [&](const SourceCheck &check) { return check.name == name; });
	}

	bool Matches(const Rule &rule) const {
		for (const SourceTable &table : source_.tables) {
			if (!LikeMatches(rule.table_pattern, table.name))
				continue;
			if (rule.action == RuleAction::keep_one && !Keeps(rule, table))
				continue;
			if (rule.action == RuleAction::skip_index && !HasKey(table, rule.argument))
				continue;
			if (rule.action == RuleAction::skip_validation && !HasCheck(table, rule.argument))
				continue;
			if (rule.column_pattern.empty() ||
				std::any_of(table.columns.begin(), table.columns.end(),
							[&](const SourceColumn &column) { return LikeMatches(rule.column_pattern, column.name); }))
				return true;
		}
		return false;
	}

	// A profile is for several versions of a schema; the DBA's own rule that matches nothing is a slip.
	void ListUnused() {
		for (const Rule &rule : rules_.rules())
			if (rule.own && !Matches(rule))
				plan_.unused.push_back({rule.table_pattern, rule.column_pattern, RuleText(rule)});
	}

	void MatchTables() {
		std::vector<std::string> sources, wanted, targets;
		for (const size_t s : selected_) {
			sources.push_back(source_.tables[s].name);
			wanted.push_back(names_[s].name);
		}
		for (const TargetTable &table : target_.tables)
			targets.push_back(table.name);
		std::vector<NameMatch> found = MatchNames(wanted, targets);

		std::vector<std::string> missing;
		matches_.resize(source_.tables.size());
		for (size_t i = 0; i < found.size(); i++) {
			if (found[i].ambiguous())
				ReportAmbiguousTable(sources, targets, i, found[i]);
			else if (!found[i].target)
				missing.push_back(sources[i]);
			matches_[selected_[i]] = std::move(found[i]);
		}
		if (missing.empty() || Creates())
			return;
		const bool one = missing.size() == 1;
		plan_.problems.push_back({Code::missing_target, missing.front(), "",
								  (one ? "source table " + ListOf(missing) + " has"
									   : std::to_string(missing.size()) + " source tables have") +
									  " no table in target schema " + Quoted(target_.name) +
									  (one ? "" : ": " + ListOf(missing)),
								  "Leave them in the source with a rule (action exclude) or with argument exclude, or "
								  "let them be created with "
								  "mode => 'create'."});
	}

	// Design 2.6: what exists decides; alkconv creates tables where the application has made none.
	bool Creates() const noexcept {
		return options_.mode == Mode::create || (options_.mode == Mode::automatic && target_.tables.empty());
	}

	void ReportAmbiguousTable(const std::vector<std::string> &sources, const std::vector<std::string> &targets,
							  size_t i, const NameMatch &match) {
		std::vector<std::string> candidates, competitors;
		for (const size_t t : match.candidates)
			candidates.push_back(targets[t]);
		for (const size_t s : match.competitors)
			competitors.push_back(sources[s]);
		plan_.problems.push_back({Code::ambiguous_name, sources[i], "",
								  "source table " + Quoted(sources[i]) + " could be " + ListOf(candidates) +
									  " of target schema " + Quoted(target_.name) +
									  (competitors.empty() ? "" : ", and so could " + ListOf(competitors)),
								  "Rename a target table so that it is spelled exactly as its source, or exclude the "
								  "tables that are not meant."});
	}

	void PlanOne(size_t s) {
		const SourceTable &source = source_.tables[s];
		const NameMatch &match = matches_[s];
		if (match.ambiguous() || (!match.target && !Creates()))
			return;
		TablePlan table;
		table.source = s;
		table.source_name = source.name;
		if (const Rule *rule = rules_.Find(RuleAction::rename_table, source.name))
			AppendTo(table.rule, RuleText(*rule));
		if (!match.target) {
			table.target_name = names_[s].name;
			table.create = true;
			PlanNewTable({source_, source, names_[s]}, target_, rules_, table, plan_.problems);
			plan_.tables.push_back(std::move(table));
			return;
		}
		const TargetTable &target = target_.tables[*match.target];
		if (target.relkind != 'r' && target.relkind != 'p') {
			plan_.problems.push_back(
				{Code::unsupported, source.name, "",
				 "target " + TableName(target_, target.name) + " of source table " + Quoted(source.name) + " is " +
					 DescribeRelkind(target.relkind) + ", which alkconv cannot load",
				 "Rename or move it so that a table can take its place, or exclude the source table."});
			return;
		}
		table.target_name = target.name;
		table.target_oid = target.oid;
		if (match.level != NameLevel::exact)
			table.notes.push_back("the target is spelled " + Quoted(target.name));
		if (const Rule *rule = rules_.Find(RuleAction::replace_seeded, source.name)) {
			table.replace = true;
			AppendTo(table.rule, RuleText(*rule));
		} else if (options_.on_existing == OnExisting::replace) {
			table.replace = true;
		}
		const bool created =
			std::find(options_.created.begin(), options_.created.end(), source.name) != options_.created.end();
		PlanExistingTable({source_, source, names_[s]}, target, created, rules_, table, plan_.problems);
		plan_.tables.push_back(std::move(table));
	}
};

} // namespace

Mode ParseMode(std::string_view text) {
	return ParseChoice<Mode>(text, "mode",
							 {{"auto", Mode::automatic}, {"existing", Mode::existing}, {"create", Mode::create}});
}

OnExisting ParseOnExisting(std::string_view text) {
	return ParseChoice<OnExisting>(text, "on_existing",
								   {{"error", OnExisting::error}, {"replace", OnExisting::replace}});
}

VerifyLevel ParseVerifyLevel(std::string_view text) {
	return ParseChoice<VerifyLevel>(text, "verify", {{"full", VerifyLevel::full}, {"counts", VerifyLevel::counts}});
}

OnBadValue ParseOnBadValue(std::string_view text) {
	return ParseChoice<OnBadValue>(text, "on_bad_value",
								   {{"error", OnBadValue::error}, {"reject", OnBadValue::reject}});
}

Plan MakePlan(const SourceSchema &source, const TargetSchema &target, const RuleSet &rules,
			  const PlanOptions &options) {
	return Planner(source, target, rules, options).Make();
}

} // namespace alkconv::core
