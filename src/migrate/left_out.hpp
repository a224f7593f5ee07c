// Regime: Postgres (may longjmp, never throws)
//
// What takes no part stands among the checks, so that nobody who looks for what is not `ok` overlooks it.
#pragma once

#include "core/plan.hpp"
#include "verify/check_list.hpp"

namespace alkconv::migrate {

// The table's columns that are not copied, and those of the target that get no values.
void list_left_out(verify::CheckList *checks, const core::TablePlan *table);
// The tables that rules of the DBA's own leave in the source; what an argument of this call leaves out the caller knows.
void list_tables_left_out(verify::CheckList *checks, const core::Plan *plan);

} // namespace alkconv::migrate
