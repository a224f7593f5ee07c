// Regime: Postgres (may longjmp, never throws)
//
// What happens when rules are written: who is their author, and what is refused: what core::CheckRule refuses, and types, collations and
// expressions that this server does not know.
#pragma once

#include "pg/postgres.hpp"

namespace alkconv::migrate {

// The columns of alkconv.rule; null pointers are NULL.
struct RuleFields {
	int64 id;
	const char *source, *table_pattern, *column_pattern, *action, *argument;
	const char *author;
	Oid author_id;
	bool shipped;
	const char *shipped_name;
};

struct Author {
	const char *name;
	Oid id;		// invalid: no such role
	bool named; // by a superuser; as restoring a dump does
};

// The author of a new rule: whoever writes it. Only a superuser may name another.
Author author_of_new(const RuleFields *rule);
// The author of a changed rule stays who it was, so that nobody's code comes to run as somebody else; only who has that role's privileges may change
// the rule. `named`: the statement sets column author.
Author author_of_changed(const RuleFields *before, const RuleFields *after, bool named);
// Deleting is also the right of the rules' owner.
void require_may_delete(const RuleFields *rule, Oid rule_table);

// Raises an ERROR for a rule that cannot be. What a superuser writes in somebody's name is looked at without running any of it: the objects it names may
// come later. Precondition: SPI is connected and search_path pinned.
void check_rule(const RuleFields *rule, const Author *author);

} // namespace alkconv::migrate
