// Regime: C++ (may throw, never calls Postgres)
//
// Pattern matching and precedence of rules.
#include "core/rules.hpp"

#include "core/status.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace alkconv::core {

namespace {

struct ActionInfo {
	const char *name;
	RuleAction action;
	bool of_column;
	bool takes_argument;
};

constexpr ActionInfo kActions[] = {
	{"exclude", RuleAction::exclude_table, false, false},
	{"skip_column", RuleAction::skip_column, true, false},
	{"replace_seeded", RuleAction::replace_seeded, false, false},
	{"empty_to_null", RuleAction::empty_to_null, true, true},
	{"transform", RuleAction::transform, true, true},
};

const ActionInfo &InfoOf(RuleAction action) noexcept {
	for (const ActionInfo &info : kActions)
		if (info.action == action)
			return info;
	return kActions[0]; // not reached: the table names every action
}

// Bytes of the UTF-8 character that starts `text`; 1 for a byte that starts none.
size_t CharacterLength(std::string_view text) noexcept {
	const auto lead = static_cast<unsigned char>(text.front());
	const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
	return std::min(length, text.size());
}

// True when the pattern spells `text`, either as it stands or with its escapes taken away and no wildcard in it.
bool IsExact(std::string_view pattern, std::string_view text) noexcept {
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

// Smaller governs.
auto Rank(const Rule &rule, std::string_view table, std::string_view column) noexcept {
	return std::make_tuple(!rule.own, !IsExact(rule.column_pattern, column), !IsExact(rule.table_pattern, table),
						   rule.id);
}

bool Matches(const Rule &rule, RuleAction action, std::string_view table, std::string_view column) noexcept {
	return rule.action == action && LikeMatches(rule.table_pattern, table) && LikeMatches(rule.column_pattern, column);
}

void Check(const Rule &rule) {
	const ActionInfo &info = InfoOf(rule.action);
	const std::string name = "rule " + std::to_string(rule.id) + " (" + info.name + ")";
	if (rule.table_pattern.empty())
		throw Error(Code::invalid_option_value, name + " has no table pattern").Hint("Use % for all tables.");
	if (info.of_column && rule.column_pattern.empty())
		throw Error(Code::invalid_option_value, name + " has no column pattern").Hint("Use % for all columns.");
	if (!info.of_column && !rule.column_pattern.empty())
		throw Error(Code::invalid_option_value, name + " is about whole tables, but has a column pattern")
			.Hint("Leave the column pattern empty.");
	if (!info.takes_argument && !rule.argument.empty())
		throw Error(Code::invalid_option_value, name + " takes no argument").Hint("Leave the argument empty.");
	if (rule.action == RuleAction::transform && rule.argument.empty())
		throw Error(Code::invalid_option_value, name + " names no transform")
			.Hint("Put the transform's name into the argument.");
}

} // namespace

RuleAction ParseRuleAction(std::string_view name) {
	std::string known;
	for (const ActionInfo &info : kActions) {
		if (name == info.name)
			return info.action;
		known += known.empty() ? "" : ", ";
		known += info.name;
	}
	throw Error(Code::unknown_rule, "unknown rule action \"" + std::string(name) + "\"")
		.Hint("Known actions: " + known + ".");
}

const char *RuleActionName(RuleAction action) noexcept { return InfoOf(action).name; }

std::string RuleText(const Rule &rule) {
	std::string text = RuleActionName(rule.action);
	if (!rule.argument.empty())
		text += "(" + rule.argument + ")";
	if (!rule.reason.empty())
		text += ": " + rule.reason;
	return text;
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
		Check(rule);
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

std::vector<const Rule *> RuleSet::FindAll(RuleAction action, std::string_view table, std::string_view column) const {
	std::vector<const Rule *> found;
	for (const Rule &rule : rules_)
		if (Matches(rule, action, table, column))
			found.push_back(&rule);
	std::stable_sort(found.begin(), found.end(),
					 [&](const Rule *a, const Rule *b) { return Rank(*a, table, column) < Rank(*b, table, column); });
	return found;
}

} // namespace alkconv::core
