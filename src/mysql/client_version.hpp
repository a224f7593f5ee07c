// Regime: C++ (may throw, never calls Postgres)
//
// Which client library this is built with, for alkconv_version() and reports.
#pragma once

namespace alkconv::mysql {

// Name and version of the library in use, for instance "libmysqlclient 9.7.0" or "libmariadb 3.4.8".
const char *client_version() noexcept;

// Whether the library trusts a server with the length of its rows: libmariadb before 3.3.20, and 3.4 before 3.4.10, reads beyond the end of a
// row of a prepared statement that announces more than it holds.
bool client_trusts_rows() noexcept;

} // namespace alkconv::mysql
