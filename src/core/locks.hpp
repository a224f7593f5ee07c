// Regime: C++ (may throw, never calls Postgres)
//
// How many relations a run makes, each of which is locked until the transaction ends: a table, its TOAST table with that one's index, its
// partitions, indexes and sequences.
#pragma once

#include "core/ddl.hpp"

#include <cstdint>

namespace alkconv::core {

// Whether the server gives such a table a TOAST table: where its rows could be long (needs_toast_table, heapam_handler.c, 17).
bool NeedsToast(const TablePlan &table) noexcept;

// Of all tables that the plan creates.
uint64_t CountNewRelations(const SourceSchema &source, const Plan &plan, const Ddl &ddl);

} // namespace alkconv::core
