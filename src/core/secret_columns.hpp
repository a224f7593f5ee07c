// Regime: C++ (may throw, never calls Postgres)
//
// Which columns are secret: those that a rule marks, and those that refer to one by a foreign key of the source.
#pragma once

#include "core/catalog.hpp"
#include "core/rules.hpp"

#include <string>

namespace alkconv::core {

// The salt of the hashes that stand for the column's values in messages; empty: they are shown.
std::string SecretSaltOf(const SourceSchema &schema, const RuleSet &rules, const SourceTable &table, size_t column);

} // namespace alkconv::core
