// Regime: C++ (may throw, never calls Postgres)
//
// Unique keys of the target that need no look at the rows: rows that the digest has proved equal to the source's share
// no key where the source's own
// unique key forbids it and no two of its values become one.
#pragma once

#include "core/catalog.hpp"
#include "core/plan.hpp"

#include <cstdint>
#include <vector>

namespace alkconv::core {

// Whether the source has a unique key over some of the target's columns `attnums`, each of which holds the source's
// values as they are. The target's
// collations are deterministic, and NULLs differ from each other.
bool IsUniqueInSource(const SourceTable &source, const TablePlan &plan, const std::vector<int16_t> &attnums);

} // namespace alkconv::core
