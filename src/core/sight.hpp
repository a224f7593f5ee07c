// Regime: C++ (may throw, never calls Postgres)
//
// What to say where the account's privileges may hide something of the source: MySQL leaves out of its catalog what an account may not see.
#pragma once

#include "core/plan.hpp"
#include "core/preflight.hpp"

#include <string>
#include <vector>

namespace alkconv::core {

// That tables or columns may be hidden; empty where the account has SELECT on the whole database.
std::string HiddenTables(const SourceSchema &source);
// Which other objects and texts may be; empty where the account sees all of them.
std::string HiddenObjects(const SourceSchema &source);

// A warning for what the plan may lack, one for each of its tables that is seen in part, and what else is not seen.
std::vector<Finding> FindingsOfSight(const SourceSchema &source, const Plan &plan);

} // namespace alkconv::core
