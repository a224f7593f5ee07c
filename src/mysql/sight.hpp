// Regime: C++ (may throw, never calls Postgres)
//
// What the account sees, as the server says.
#pragma once

#include "core/catalog.hpp"
#include "mysql/connection.hpp"

#include <string>
#include <vector>

namespace alkconv::mysql {

// The lines of SHOW GRANTS for the account, its active roles and PUBLIC. Empty where the server does not tell.
std::vector<std::string> ShowGrants(Connection &connection);

// What of the database the account sees.
core::SourceSight ReadSight(Connection &connection, const std::string &database);

} // namespace alkconv::mysql
