// Regime: C++ (may throw, never calls Postgres)
//
// What SHOW GRANTS says.
#pragma once

#include <string>
#include <vector>

namespace alkconv::mysql {

// Whether these lines of SHOW GRANTS give what a snapshot over several connections takes: LOCK TABLES on the database, or RELOAD. Roles count when
// the server lists what they give, as it does for active ones.
bool MayHoldWriters(const std::vector<std::string> &grants, const std::string &database);

} // namespace alkconv::mysql
