// Regime: C++ (may throw, never calls Postgres)
//
// The fixed session: what must not depend on how a server happens to be configured.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace alkconv::mysql {

// True for the VERSION() or @@version_comment of a MariaDB server.
bool IsMariaDb(std::string_view version, std::string_view comment) noexcept;
// "8.0.46-log" to 80046, "11.8.6-MariaDB-ubu2404" and "5.5.5-10.11.6-MariaDB" to 110806 and 101106; 0 for text that is
// no version.
uint32_t ParseVersionNumber(std::string_view version) noexcept;

// The statements that pin a new session, in order.
std::vector<std::string> PinStatements(bool mariadb, uint32_t version_number);

} // namespace alkconv::mysql
