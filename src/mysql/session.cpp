// Regime: C++ (may throw, never calls Postgres)
//
// The fixed session.
#include "mysql/session.hpp"

#include <algorithm>
#include <cctype>

namespace alkconv::mysql {

namespace {

bool ContainsMariaDb(std::string_view text) noexcept {
	static constexpr std::string_view kName = "mariadb";
	return std::search(text.begin(), text.end(), kName.begin(), kName.end(),
					   [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; }) != text.end();
}

} // namespace

bool IsMariaDb(std::string_view version, std::string_view comment) noexcept {
	return ContainsMariaDb(version) || ContainsMariaDb(comment);
}

uint32_t ParseVersionNumber(std::string_view version) noexcept {
	// Older MariaDB pretends to be 5.5.5 towards replication clients and says the truth after the dash.
	static constexpr std::string_view kDisguise = "5.5.5-";
	if (version.substr(0, kDisguise.size()) == kDisguise && version.size() > kDisguise.size() &&
		std::isdigit(static_cast<unsigned char>(version[kDisguise.size()])))
		version.remove_prefix(kDisguise.size());
	uint32_t parts[3] = {0, 0, 0};
	size_t at = 0;
	for (uint32_t &part : parts) {
		const size_t start = at;
		while (at < version.size() && at < start + 2 && std::isdigit(static_cast<unsigned char>(version[at])))
			part = part * 10 + static_cast<uint32_t>(version[at++] - '0');
		if (at == start)
			return 0;
		if (at == version.size() || version[at] != '.')
			break;
		++at;
	}
	return parts[0] * 10000 + parts[1] * 100 + parts[2];
}

std::vector<std::string> PinStatements(bool mariadb, uint32_t version_number) {
	// One statement, so that pinning costs one round trip. Each variable has a way to change what a reader sees:
	std::string pin = "SET SESSION "
					  "time_zone = '+00:00', " // TIMESTAMP arrives in UTC
					  "sql_mode = '', " // no ANSI_QUOTES, NO_BACKSLASH_ESCAPES, PAD_CHAR_TO_FULL_LENGTH, REAL_AS_FLOAT
					  "autocommit = 1, completion_type = 'NO_CHAIN', "
					  "sql_select_limit = 18446744073709551615, " // a server-wide limit would cut tables silently
					  "sql_big_selects = 1, sql_auto_is_null = 0, sql_quote_show_create = 1, "
					  "group_concat_max_len = 1048576, div_precision_increment = 4, "
					  "max_sort_length = 65536, " // by 1024 bytes of a key's weights long keys would not be in order
					  // a slow target must not make the source hang up: seconds, the largest accepted values
					  "net_read_timeout = 31536000, net_write_timeout = 31536000, wait_timeout = 31536000";
	pin += mariadb && version_number < 110101 ? ", tx_isolation = 'REPEATABLE-READ'"
											  : ", transaction_isolation = 'REPEATABLE-READ'";
	if (mariadb) {
		// its subquery cache takes 'ada' for 'Ada' where the column's collation does
		pin += ", max_statement_time = 0, optimizer_switch = 'subquery_cache=off'";
		if (version_number >= 100300)
			pin += ", idle_transaction_timeout = 0, idle_readonly_transaction_timeout = 0, system_versioning_asof = "
				   "DEFAULT";
	} else {
		pin += ", max_execution_time = 0";
		if (version_number >= 80000)
			pin += ", information_schema_stats_expiry = 0"; // AUTO_INCREMENT and row estimates of now
		if (version_number >= 80030)
			pin += ", show_gipk_in_create_table_and_information_schema = 1"; // else such keys are hidden
	}
	return {"SET NAMES utf8mb4 COLLATE utf8mb4_bin", std::move(pin)};
}

} // namespace alkconv::mysql
