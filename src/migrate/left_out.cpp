// Regime: Postgres (may longjmp, never throws)
//
// Entries of the verdict `left out`.
#include "migrate/left_out.hpp"

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

void list_left_out(verify::CheckList *checks, const core::TablePlan *table) {
	for (size_t i = 0; i < table->omitted.size(); ++i) {
		const core::OmittedColumn *column = &table->omitted[i];
		if (column->computed)
			continue;
		verify::add_check(checks, table->target_name.c_str(),
						  psprintf("%s column %s", column->in_target ? "target" : "source", column->name.c_str()),
						  nullptr, nullptr, verify::Verdict::left_out, column->reason.c_str());
	}
}

void list_tables_left_out(verify::CheckList *checks, const core::Plan *plan) {
	for (size_t i = 0; i < plan->excluded.size(); ++i)
		if (plan->excluded[i].by_own_rule)
			verify::add_check(checks, plan->excluded[i].name.c_str(), "table", nullptr, nullptr,
							  verify::Verdict::left_out, plan->excluded[i].reason.c_str());
}

} // namespace alkconv::migrate
