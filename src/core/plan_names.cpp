// Regime: C++ (may throw, never calls Postgres)
//
// Name matching, level by level.
#include "core/plan_names.hpp"

#include <map>

namespace alkconv::core {

namespace {

bool IsUpper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
bool IsLowerOrDigit(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
char Lower(char c) noexcept { return IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

std::string Fold(std::string_view name, NameLevel level) {
	if (level == NameLevel::snake_case)
		return SnakeCase(name);
	std::string folded(name);
	if (level == NameLevel::folded_case)
		for (char &c : folded)
			c = Lower(c);
	return folded;
}

} // namespace

std::string SnakeCase(std::string_view name) {
	std::string snake;
	for (size_t i = 0; i < name.size(); i++) {
		// a word begins at an upper-case letter after a lower-case one, and at the last capital of a run ("HTTPServer")
		const bool begins = i > 0 && IsUpper(name[i]) &&
							(IsLowerOrDigit(name[i - 1]) ||
							 (IsUpper(name[i - 1]) && i + 1 < name.size() && name[i + 1] >= 'a' && name[i + 1] <= 'z'));
		if (begins)
			snake += '_';
		snake += Lower(name[i]);
	}
	return snake;
}

std::vector<NameMatch> MatchNames(const std::vector<std::string> &sources, const std::vector<std::string> &targets) {
	std::vector<NameMatch> matches(sources.size());
	std::vector<bool> taken(targets.size(), false);

	for (const NameLevel level : {NameLevel::exact, NameLevel::folded_case, NameLevel::snake_case}) {
		struct Group {
			std::vector<size_t> sources, targets;
		};
		std::map<std::string, Group> groups; // by folded name
		for (size_t s = 0; s < sources.size(); s++)
			if (!matches[s].target && !matches[s].ambiguous())
				groups[Fold(sources[s], level)].sources.push_back(s);
		for (size_t t = 0; t < targets.size(); t++) {
			const auto group = taken[t] ? groups.end() : groups.find(Fold(targets[t], level));
			if (group != groups.end())
				group->second.targets.push_back(t);
		}
		for (const auto &[name, group] : groups) {
			if (group.targets.empty())
				continue;
			if (group.sources.size() == 1 && group.targets.size() == 1) {
				NameMatch &match = matches[group.sources.front()];
				match.target = group.targets.front();
				match.level = level;
				taken[group.targets.front()] = true;
				continue;
			}
			for (const size_t s : group.sources) {
				matches[s].level = level;
				matches[s].candidates = group.targets;
				for (const size_t other : group.sources)
					if (other != s)
						matches[s].competitors.push_back(other);
			}
		}
	}
	return matches;
}

} // namespace alkconv::core
