// Regime: C++ (may throw, never calls Postgres)
//
// Asks the library that was loaded, which may be newer than the one compiled against.
#include "mysql/client_version.hpp"

#include "mysql/client_library.hpp"

#include <cstdio>

namespace alkconv::mysql {

const char *client_version() noexcept {
#ifdef MARIADB_PACKAGE_VERSION
	constexpr const char *kName = "libmariadb";
#else
	constexpr const char *kName = "libmysqlclient";
#endif
	static char text[64];
	std::snprintf(text, sizeof text, "%s %s", kName, mysql_get_client_info());
	return text;
}

bool client_trusts_rows() noexcept {
#ifdef MARIADB_PACKAGE_VERSION
	const unsigned long version = mysql_get_client_version(); // 30410
	return version < 30320 || (version >= 30400 && version < 30410);
#else
	return false;
#endif
}

} // namespace alkconv::mysql
