// Regime: C++ (may throw, never calls Postgres)
//
// The proof of columns whose wall times become instants, or the reverse. The target's server turns what is stored back by its own AT TIME ZONE, which
// shares nothing with the conversion; what that cannot give back, because two values became one, the source's SQL is told by lists of the zone's changes:
// it needs no time zone tables. docs/verification.md says why this is exact.
#pragma once

#include "core/time_zone.hpp"

#include <string>

namespace alkconv::core::digest {

namespace mysql {

// Of TIMESTAMP `x` for PostgresWallTime; of DATETIME or DATE `x` for PostgresInstant.
std::string InstantForZone(const std::string &x, const Zone &zone);
std::string WallTimeForZone(const std::string &x, const Zone &zone, ClockChange choice);

// True for the wall times that the zone did not have, or had twice; empty for a zone without such.
std::string IsDoubtful(const std::string &x, const Zone &zone);

} // namespace mysql

namespace postgres {

// Of the stored timestamp without time zone `c`; NULL for what no instant shows in the zone.
std::string WallTimeInZone(const std::string &c, const Zone &zone);
// Of the stored timestamp with time zone `c`; NULL for the instant that `choice` does not take of two.
std::string InstantInZone(const std::string &c, const Zone &zone, ClockChange choice);

} // namespace postgres

} // namespace alkconv::core::digest
