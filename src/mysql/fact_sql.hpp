// Regime: C++ (may throw, never calls Postgres)
//
// The questions to rows, in MySQL's SQL.
#pragma once

#include "core/facts.hpp"

#include <string>

namespace alkconv::mysql {

// The predicate over column `name` (quoted) that the question is about; true for every value of an answer "all".
std::string FactPredicate(core::FactKind kind, const core::SourceType &type, const std::string &name);

} // namespace alkconv::mysql
