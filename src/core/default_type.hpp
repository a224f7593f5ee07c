// Regime: C++ (may throw, never calls Postgres)
//
// The type that mode `create` gives a column when the data are not looked at: the smallest type that holds every value the MySQL
// type can have.
#pragma once

#include "core/types.hpp"

namespace alkconv::core {

// DefaultTargetType (conversion.hpp) with its parts; `text` is format_type's spelling and `oid` 0.
// Raises Error(cannot_convert) for an unknown source type.
TargetType DefaultTarget(const SourceType &source);

} // namespace alkconv::core
