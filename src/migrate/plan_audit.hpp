// Regime: Postgres (may longjmp, never throws)
//
// The plan decides what is copied where, and both sides of the proof go by it: a table or a column that it forgets,
// takes for another, or reads a
// wrong rule for would be proved equal. So the plan is audited, by SQL that knows nothing of the planner: the source is
// asked for its tables and
// columns once more, the rules are derived again from alkconv.rule as docs/rules.md says which one governs, and the
// target's names are those of its
// catalog.
#pragma once

#include "migrate/planning.hpp"
#include "verify/check_list.hpp"

namespace alkconv::migrate {

// Adds a mismatch for everything in which the plan differs: a source table or column that is neither planned nor left
// out, or twice; one that is
// left out, or copied, against the rules; a name that is neither the source's nor a rule's; a rule that does not
// govern, or one that does and is not
// applied; an AUTO_INCREMENT counter. Adds nothing for a plan that is right. Precondition: the plan was made under the
// locks, its targets exist;
// nothing else is being asked on the source's first connection; SPI is connected and search_path pinned.
void audit_plan(MemoryContext context, const Planning *planning, verify::CheckList *checks);

// What to say to whoever meets such a mismatch.
extern const char *const kPlanHint;

} // namespace alkconv::migrate
