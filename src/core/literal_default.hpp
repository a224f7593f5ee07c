// Regime: C++ (may throw, never calls Postgres)
//
// Literal defaults whose text in information_schema may be less than the default: that is utf8mb3, rounds FLOAT to six digits, and on MySQL
// ends binaries at the first zero byte and spells TIMESTAMPs in the time zone of whoever made the table.
#pragma once

#include "core/catalog.hpp"

namespace alkconv::core {

// Why the text of the column's literal default may not be it; nullptr: it is, or the column has none.
const char *DoubtAboutDefault(const SourceColumn &column, bool mariadb);

// MySQL before 8.0 has no mark for the one expression that it has.
bool IsClock(const SourceColumn &column);

// Whether its default is the time of now and nothing else, in as many digits as the column has.
bool IsPlainClock(const SourceColumn &column);

// Whether a character of the type may be beyond utf8mb3.
bool IsWide(const SourceType &type);

} // namespace alkconv::core
