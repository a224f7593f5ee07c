// Regime: Postgres (may longjmp, never throws)
//
// Which values of a heap the server would compress when it stores them, so that the reader's thread can do it instead.
#pragma once

#include "core/plan.hpp"
#include "pg/postgres.hpp"

extern "C" {
#include "utils/rel.h"
}

namespace alkconv::pg {

// Has `converter` (of `plan`) compress the large values of the columns of `heap` that lz4 is for: by the column's own setting, or by
// default_toast_compression as it is now. Nothing on servers without lz4.
void compress_in_reader(Relation heap, const core::TablePlan *plan, core::RowConverter *converter);

} // namespace alkconv::pg
