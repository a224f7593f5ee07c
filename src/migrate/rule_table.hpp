// Regime: Postgres (may longjmp, never throws)
//
// Reads the rules that apply to a run from alkconv.rule.
#pragma once

#include "migrate/source.hpp"

namespace alkconv::migrate {

// A rule of another role's that is not for the caller's runs.
struct ForeignRule {
	std::string table_pattern, column_pattern, text, author;
};

struct RunRules {
	core::RuleSet *rules;
	std::vector<ForeignRule> *foreign;
};

// The rules for this source, its profile and the target schema, owned by `context`. Rules are code and decide about data, so a run takes those of
// the extension's owner and of superusers, of roles whose member the caller is, and of roles that own the foreign server or are members of its owner;
// not counted is what superusers are by being superusers. Raises an ERROR when the profile has no rules at all, with the list of those that exist,
// when the author of a rule for this run is gone, and when a rule of another role gives a column the type of a role that the caller need not trust.
// Precondition: SPI is connected and search_path pinned.
RunRules read_rules(MemoryContext context, const Source *source, const char *target_schema);

} // namespace alkconv::migrate
