// Regime: C++ (may throw, never calls Postgres)
//
// What the source says of its own clock. The session's time_zone is '+00:00' (session.hpp) and says nothing.
#pragma once

#include "core/time_zone.hpp"
#include "mysql/connection.hpp"

namespace alkconv::mysql {

core::SourceClock ReadClock(Connection &connection);

} // namespace alkconv::mysql
