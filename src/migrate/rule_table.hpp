// Regime: Postgres (may longjmp, never throws)
//
// Reads the rules that apply to a source from alkconv.rule.
#pragma once

#include "core/rules.hpp"
#include "pg/postgres.hpp"

namespace alkconv::migrate {

// The rules of `profile` (may be null) and those without a profile; owned by `context`. Raises an ERROR when the profile has no rules
// at all, with the list of those that exist. Precondition: SPI is connected and search_path pinned.
core::RuleSet *read_rules(MemoryContext context, const char *profile);

} // namespace alkconv::migrate
