// Regime: C++ (may throw, never calls Postgres)
//
// Pattern matching and precedence of rules.
#include "core/rules.hpp"

#include "core/catalog.hpp"
#include "core/keep_one.hpp"
#include "core/status.hpp"
#include "core/transforms.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace alkconv::core {

namespace {

// Bytes of the UTF-8 character that starts `text`; 1 for a byte that starts none.
size_t CharacterLength(std::string_view text) noexcept {
	const auto lead = static_cast<unsigned char>(text.front());
	const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
	return std::min(length, text.size());
}

// Smaller governs.
auto Rank(const Rule &rule, std::string_view table, std::string_view column) noexcept {
	return std::make_tuple(!rule.own, !rule.of_source, !rule.of_target_schema,
						   !SpellsExactly(rule.column_pattern, column), !SpellsExactly(rule.table_pattern, table),
						   rule.id);
}

bool Matches(const Rule &rule, RuleAction action, std::string_view table, std::string_view column) noexcept {
	return rule.action == action && LikeMatches(rule.table_pattern, table) && LikeMatches(rule.column_pattern, column);
}

[[noreturn]] void Refuse(const std::string &message, const std::string &hint) {
	throw Error(Code::invalid_option_value, message).Hint(hint);
}

const ActionInfo &InfoOf(RuleAction action) noexcept { return KnownActions()[static_cast<size_t>(action)]; }

} // namespace

const std::vector<ActionInfo> &KnownActions() {
	using Action = RuleAction;
	using Argument = ActionInfo::Argument;
	static const std::vector<ActionInfo> known = {
		{Action::exclude_table, "exclude", false, Argument::none, nullptr, "the table stays in the source"},
		{Action::replace_seeded, "replace_seeded", false, Argument::none, nullptr,
		 "rows that the application put into the target are replaced by the source's"},
		{Action::rename_table, "rename", false, Argument::required,
		 "name of the target table; % stands for what the pattern's % matches",
		 "the table has another name in the target"},
		{Action::flatten, "flatten", false, Argument::none, nullptr,
		 "a partitioned table becomes a plain one, where alkconv creates it"},
		{Action::skip_index, "skip_index", false, Argument::required, "name of an index of the source",
		 "the index or unique key is not made, where alkconv creates the table"},
		{Action::keep_one, "keep_one", false, Argument::required,
		 "key of the target, or (columns); then first or last, and by a column",
		 "of rows that are equal under this key one is copied, the first or last by the primary key or a column"},
		{Action::skip_validation, "skip_validation", false, Argument::required, "name of a CHECK of the source",
		 "the constraint is made NOT VALID, where alkconv creates the table: rows that violate it stay, new ones are "
		 "refused"},
		{Action::skip_column, "skip_column", true, Argument::none, nullptr, "the column stays in the source"},
		{Action::rename_column, "rename", true, Argument::required,
		 "name of the target column; % stands for what the pattern's % matches",
		 "the column has another name in the target"},
		{Action::target_type, "target_type", true, Argument::required, "a type of the target's server",
		 "the type of the column, where alkconv creates it"},
		{Action::collation, "collation", true, Argument::required, "a collation of the target's server",
		 "the collation of the column, where alkconv creates it"},
		{Action::orphans, "orphans", true, Argument::required, "delete, null",
		 "rows whose value has no parent are left out, or the value becomes null; the column is one of a foreign key"},
		{Action::empty_to_null, "empty_to_null", true, Argument::optional, "the only target type it is for",
		 "the empty string becomes null where the target column is nullable"},
		{Action::transform, "transform", true, Argument::required, "a transform", "changes values in a named way"},
		{Action::expression, "expression", true, Argument::required, "an SQL expression over value",
		 "the value that is stored is computed by the target's server from value, the source's value as text"},
		{Action::secret, "secret", true, Argument::none, nullptr,
		 "messages and records show a hash, salted for each run, in place of the column's values"},
		{Action::same_maximum, "same_maximum", true, Argument::none, nullptr,
		 "the column's highest value must be the same on both sides, also of a table that is left out"},
	};
	return known;
}

RuleAction ParseRuleAction(std::string_view name, bool of_column) {
	std::vector<std::string_view> names; // rename once
	const ActionInfo *found = nullptr;
	for (const ActionInfo &info : KnownActions()) {
		if (name == info.name && (found == nullptr || info.of_column == of_column))
			found = &info;
		if (std::find(names.begin(), names.end(), info.name) == names.end())
			names.emplace_back(info.name);
	}
	if (found != nullptr)
		return found->action;
	std::string known;
	for (const std::string_view other : names)
		known.append(known.empty() ? "" : ", ").append(other);
	throw Error(Code::unknown_rule, "unknown rule action \"" + std::string(name) + "\"")
		.Hint("Known actions: " + known + ".");
}

const char *RuleActionName(RuleAction action) noexcept { return InfoOf(action).name; }

namespace {

// A type's name goes into statements as it is spelled: what could hide the rest of a line has no place in it.
bool HoldsComment(const std::string &text) {
	return text.find("--") != std::string::npos || text.find("/*") != std::string::npos ||
		   text.find('\n') != std::string::npos || text.find('\r') != std::string::npos;
}

// Where the first % stands that is not escaped; npos: nowhere.
size_t FindWildcard(std::string_view text, size_t from = 0) noexcept {
	for (size_t i = from; i < text.size(); i++) {
		if (text[i] == '%')
			return i;
		if (text[i] == '\\')
			i++;
	}
	return std::string_view::npos;
}

bool HasOneWildcard(std::string_view text) noexcept {
	const size_t first = FindWildcard(text);
	return first != std::string_view::npos && FindWildcard(text, first + 1) == std::string_view::npos;
}

void CheckRename(const Rule &rule, const std::string &name) {
	if (rule.argument.size() > kMaxIdentifierBytes)
		Refuse(name + " gives a name of " + std::to_string(rule.argument.size()) + " bytes",
			   "Postgres keeps " + std::to_string(kMaxIdentifierBytes) + ".");
	const std::string &pattern = rule.action == RuleAction::rename_table ? rule.table_pattern : rule.column_pattern;
	if (FindWildcard(rule.argument) == std::string_view::npos)
		return;
	if (!HasOneWildcard(rule.argument) || !HasOneWildcard(pattern))
		Refuse(name + " does not say what % in \"" + rule.argument + "\" stands for",
			   "It stands for what the % of the pattern matches: both have exactly one. Write \\% for the character.");
}

} // namespace

void CheckRule(const Rule &rule) {
	const ActionInfo &info = InfoOf(rule.action);
	const std::string name = "rule " + (rule.id > 0 ? std::to_string(rule.id) + " (" + info.name + ")" : info.name);
	if (rule.table_pattern.empty())
		Refuse(name + " has no table pattern", "Use % for all tables.");
	if (info.of_column && rule.column_pattern.empty())
		Refuse(name + " has no column pattern", "Use % for all columns.");
	if (!info.of_column && !rule.column_pattern.empty())
		Refuse(name + " is about whole tables, but has a column pattern", "Leave the column pattern empty.");
	if (info.takes == ActionInfo::Argument::none && !rule.argument.empty())
		Refuse(name + " takes no argument", "Leave the argument empty.");
	if (rule.action == RuleAction::transform)
		(void) ParseTransform(rule.argument);
	else if (info.takes == ActionInfo::Argument::required && rule.argument.empty())
		Refuse(name + " needs an argument", std::string("The argument is: ") + info.argument + ".");
	if (rule.action == RuleAction::orphans && rule.argument != "delete" && rule.argument != "null")
		Refuse(name + " does not take the argument \"" + rule.argument + "\"",
			   std::string("The argument is one of: ") + info.argument + ".");
	if (rule.action == RuleAction::keep_one)
		(void) ParseKeepOne(rule.argument);
	if (rule.action == RuleAction::target_type && HoldsComment(rule.argument))
		Refuse(name + " does not take the argument \"" + rule.argument + "\"",
			   "The argument is a type, without comments and in one line.");
	if (rule.action == RuleAction::rename_table || rule.action == RuleAction::rename_column)
		CheckRename(rule, name);
}

std::string RuleText(const Rule &rule) {
	std::string text = RuleActionName(rule.action);
	if (!rule.argument.empty())
		text += "(" + rule.argument + ")";
	if (!rule.reason.empty())
		text += ": " + rule.reason;
	return text;
}

namespace {

// What the only % of a pattern matches in a name that the pattern matches.
std::string_view Matched(std::string_view pattern, std::string_view name) noexcept {
	const size_t wildcard = FindWildcard(pattern);
	const std::string_view before = pattern.substr(0, wildcard), behind = pattern.substr(wildcard + 1);
	size_t first = 0;
	while (first < name.size() && !LikeMatches(before, name.substr(0, first)))
		first++;
	size_t end = first;
	while (end < name.size() && !LikeMatches(behind, name.substr(end)))
		end++;
	return name.substr(first, end - first);
}

} // namespace

std::string RenamedBy(const Rule &rule, std::string_view name) {
	const bool of_table = rule.action == RuleAction::rename_table;
	const size_t wildcard = FindWildcard(rule.argument);
	std::string renamed;
	for (size_t i = 0; i < rule.argument.size(); i++) {
		if (i == wildcard)
			renamed += Matched(of_table ? rule.table_pattern : rule.column_pattern, name);
		else if (rule.argument.compare(i, 2, "\\%") == 0)
			renamed += rule.argument[++i];
		else
			renamed += rule.argument[i];
	}
	return renamed.empty() ? std::string(name) : renamed;
}

bool SpellsExactly(std::string_view pattern, std::string_view text) noexcept {
	if (pattern == text)
		return true;
	size_t at = 0;
	for (size_t i = 0; i < pattern.size(); i++, at++) {
		if (pattern[i] == '%' || pattern[i] == '_')
			return false;
		if (pattern[i] == '\\' && i + 1 < pattern.size())
			i++;
		if (at >= text.size() || pattern[i] != text[at])
			return false;
	}
	return at == text.size();
}

bool LikeMatches(std::string_view pattern, std::string_view text) noexcept {
	// Greedy with one point of return: a later % makes every earlier one irrelevant.
	std::string_view retry_pattern, retry_text;
	bool can_retry = false;
	for (;;) {
		if (!pattern.empty() && pattern.front() == '%') {
			pattern.remove_prefix(1);
			retry_pattern = pattern;
			retry_text = text;
			can_retry = true;
			continue;
		}
		if (text.empty() && pattern.empty())
			return true;
		bool matched = false;
		if (!text.empty() && !pattern.empty()) {
			if (pattern.front() == '_') {
				pattern.remove_prefix(1);
				text.remove_prefix(CharacterLength(text));
				matched = true;
			} else {
				const size_t escape = pattern.front() == '\\' && pattern.size() > 1 ? 1 : 0;
				if (pattern[escape] == text.front()) {
					pattern.remove_prefix(escape + 1);
					text.remove_prefix(1);
					matched = true;
				}
			}
		}
		if (matched)
			continue;
		if (!can_retry || retry_text.empty())
			return false;
		retry_text.remove_prefix(CharacterLength(retry_text));
		pattern = retry_pattern;
		text = retry_text;
	}
}

RuleSet::RuleSet(std::vector<Rule> rules) : rules_(std::move(rules)) {
	for (const Rule &rule : rules_)
		CheckRule(rule);
	std::stable_sort(rules_.begin(), rules_.end(), [](const Rule &a, const Rule &b) {
		return std::make_tuple(!a.own, a.id) < std::make_tuple(!b.own, b.id);
	});
}

const Rule *RuleSet::Find(RuleAction action, std::string_view table, std::string_view column) const noexcept {
	const Rule *best = nullptr;
	for (const Rule &rule : rules_)
		if (Matches(rule, action, table, column) && (!best || Rank(rule, table, column) < Rank(*best, table, column)))
			best = &rule;
	return best;
}

std::string RuleSet::TargetName(std::string_view table) const {
	const Rule *rule = Find(RuleAction::rename_table, table);
	return rule != nullptr ? RenamedBy(*rule, table) : std::string(table);
}

std::string RuleSet::TargetName(std::string_view table, std::string_view column) const {
	const Rule *rule = Find(RuleAction::rename_column, table, column);
	return rule != nullptr ? RenamedBy(*rule, column) : std::string(column);
}

std::string RuleSet::SecretSalt(std::string_view table, std::string_view column) const {
	return Find(RuleAction::secret, table, column) != nullptr ? salt_ : std::string();
}

std::vector<const Rule *> RuleSet::FindAll(RuleAction action, std::string_view table, std::string_view column) const {
	std::vector<const Rule *> found;
	for (const Rule &rule : rules_)
		if (Matches(rule, action, table, column))
			found.push_back(&rule);
	std::stable_sort(found.begin(), found.end(),
					 [&](const Rule *a, const Rule *b) { return Rank(*a, table, column) < Rank(*b, table, column); });
	return found;
}

const Rule *RuleSet::FindWith(RuleAction action, std::string_view table, std::string_view argument) const {
	for (const Rule *rule : FindAll(action, table))
		if (rule->argument == argument)
			return rule;
	return nullptr;
}

std::vector<const Rule *> RuleSet::Transforms(std::string_view table, std::string_view column) const {
	std::vector<const Rule *> governing(KnownTransforms().size());
	for (const Rule *rule : FindAll(RuleAction::transform, table, column)) {
		const Rule *&first = governing[static_cast<size_t>(ParseTransform(rule->argument).name)];
		if (first == nullptr)
			first = rule;
	}
	governing.erase(std::remove(governing.begin(), governing.end(), nullptr), governing.end());
	return governing;
}

std::vector<std::string> RuleSet::ZoneNames() const {
	std::vector<std::string> names;
	for (const Rule &rule : rules_) {
		WallTimeArgument wall_time;
		int32_t offset;
		if (rule.action == RuleAction::transform && ParseTransform(rule.argument).name == TransformName::wall_time &&
			ParseWallTime(ParseTransform(rule.argument).argument, wall_time) &&
			ReadZone(wall_time.zone, offset) == ZoneSpelling::name)
			names.push_back(wall_time.zone);
	}
	std::sort(names.begin(), names.end());
	names.erase(std::unique(names.begin(), names.end()), names.end());
	return names;
}

void RuleSet::SetZones(std::vector<ZonePointer> zones, WallTimes wall_times) {
	zones_ = std::move(zones);
	wall_times_ = std::move(wall_times);
}

ZonePointer RuleSet::ZoneNamed(const std::string &name) const {
	int32_t offset;
	if (ReadZone(name, offset) == ZoneSpelling::offset)
		return MakeZone(name, offset);
	for (const ZonePointer &zone : zones_)
		if (zone->name() == name)
			return zone;
	throw Error(Code::invalid_option_value, "time zone \"" + name + "\" is not known");
}

} // namespace alkconv::core
