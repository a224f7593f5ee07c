// Regime: C++ (may throw, never calls Postgres)
//
// Whether the source's own time zone tables say the same of a zone as the target's server, by whose rules values are converted. Nothing that alkconv does
// needs them; what the application's sessions wrote may have gone through them.
#pragma once

#include "core/preflight.hpp"
#include "core/time_zone.hpp"

#include <optional>
#include <string>
#include <vector>

namespace alkconv::core {

// The zones with names by which columns of the plan are converted.
std::vector<ZonePointer> NamedZones(const Plan &plan);

// One row, a column for each side of every change since 1970: the instant, and what the source's zone is ahead of UTC then, in seconds; NULL where the
// source does not know the zone.
std::string ZoneTablesQuery(const Zone &zone);
// How many columns its one row has.
size_t ColumnsOfZoneTables(const Zone &zone);
// Nothing, where the row is what the target says. Raises Error(source_error) for a row of another form.
std::optional<Finding> FindingOfZoneTables(const Zone &zone, const std::vector<std::optional<std::string>> &row);

} // namespace alkconv::core
