// Regime: Postgres (may longjmp, never throws)
//
// Which values of a heap the server would compress when it stores them, so that the reader's thread can do it instead.
#pragma once

#include "core/plan.hpp"
#include "pg/postgres.hpp"

extern "C" {
#include "utils/rel.h"
}

#include <cstdint>
#include <vector>

namespace alkconv::pg {

// For each column of `plan` the longest payload that is not compressed in the reader (core::RowConverter::CompressAbove), UINT64_MAX where none
// is. `target` is the table of heap's kind whose storage the loader makes anew; large values are lz4's by the column's own setting, or because the
// loader chooses it for columns without one (owner.cpp). None on servers without lz4.
void choose_compression(Relation target, const core::TablePlan *plan, std::vector<uint64_t> *compress_above);

} // namespace alkconv::pg
