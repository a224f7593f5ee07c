// Regime: Postgres (may longjmp, never throws)
//
// What is refused when a rule is written: what core::CheckRule refuses, and types, collations and expressions that this server does not
// know.
#pragma once

#include "pg/postgres.hpp"

namespace alkconv::migrate {

// The columns of alkconv.rule; null pointers are NULL.
struct RuleFields {
	const char *table_pattern, *column_pattern, *action, *argument;
};

// Raises an ERROR for a rule that cannot be. Precondition: SPI is connected and search_path pinned.
void check_rule(const RuleFields *rule);

} // namespace alkconv::migrate
