// Regime: Postgres (may longjmp, never throws)
//
// A plan as the rows of alkconv_plan.
#pragma once

#include "migrate/planning.hpp"

extern "C" {
#include "fmgr.h"
}

namespace alkconv::sql {

// Puts a row per problem, table, column, unused rule, excluded table and note into the set that the call returns.
// Precondition: InitMaterializedSRF was called.
void put_plan(FunctionCallInfo fcinfo, const migrate::Planning *planning);

} // namespace alkconv::sql
