// Regime: C++ (may throw, never calls Postgres)
//
// Which client library this is built with, for alkconv_version() and reports.
#pragma once

namespace alkconv::mysql {

// Name and version of the library in use, for instance "libmysqlclient 9.7.0" or "libmariadb 3.4.8".
const char *client_version() noexcept;

} // namespace alkconv::mysql
