// Regime: C++ (may throw, never calls Postgres)
//
// What SHOW GRANTS says. Roles count when the server lists what they give, as it does for active ones.
#pragma once

#include "core/catalog.hpp"

#include <string>
#include <vector>

namespace alkconv::mysql {

// Whether these lines give what a snapshot over several connections takes: LOCK TABLES on the database, or RELOAD.
bool MayHoldWriters(const std::vector<std::string> &grants, const std::string &database);

// What of the database an account with these lines sees. Where it cannot be told whether something is hidden, it may be. `mariadb`: the
// privileges that show routines differ.
core::SourceSight SightOf(const std::vector<std::string> &grants, const std::string &database, bool mariadb);

} // namespace alkconv::mysql
