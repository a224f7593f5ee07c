// Regime: Postgres (may longjmp, never throws)
//
// A table outside the run refers to one of it, whose columns may be secret.
#include "migrate/secret_notes.hpp"

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

bool shows_secrets(const char *table, const core::Plan *plan) {
	bool any = false;
	for (const core::TablePlan &planned : plan->tables) {
		if (strcmp(planned.target_name.c_str(), table) == 0)
			return core::HasSecrets(planned);
		any = any || core::HasSecrets(planned);
	}
	return any;
}

} // namespace

void withhold_samples(verify::CheckList *foreign_keys, const core::Plan *plan) {
	ListCell *cell;
	foreach (cell, foreign_keys->checks) {
		auto *check = static_cast<verify::Check *>(lfirst(cell));
		if (check->note != nullptr && shows_secrets(check->table, plan))
			check->note = "not shown: a rule with action secret is about a column of the table";
	}
}

} // namespace alkconv::migrate
