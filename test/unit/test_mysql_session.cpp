// Regime: C++ (may throw, never calls Postgres)
//
// Versions, and what a session is pinned to on each of them.
#include "mysql/session.hpp"

#include <gtest/gtest.h>

namespace alkconv::mysql {

namespace {

bool Pins(bool mariadb, uint32_t version, const std::string &setting) {
	for (const std::string &statement : PinStatements(mariadb, version))
		if (statement.find(setting) != std::string::npos)
			return true;
	return false;
}

} // namespace

TEST(MySqlSession, Versions) {
	EXPECT_EQ(ParseVersionNumber("8.0.46"), 80046u);
	EXPECT_EQ(ParseVersionNumber("8.4.3-log"), 80403u);
	EXPECT_EQ(ParseVersionNumber("9.7.4-2"), 90704u);
	EXPECT_EQ(ParseVersionNumber("11.8.6-MariaDB-0+deb13u1 from Debian"), 110806u);
	EXPECT_EQ(ParseVersionNumber("5.5.5-10.11.6-MariaDB-log"), 101106u);
	EXPECT_EQ(ParseVersionNumber("5.5.5-log"), 50505u);
	EXPECT_EQ(ParseVersionNumber("10"), 100000u);
	EXPECT_EQ(ParseVersionNumber(""), 0u);
	EXPECT_EQ(ParseVersionNumber("x.y"), 0u);
	EXPECT_TRUE(IsMariaDb("11.8.6-MariaDB", ""));
	EXPECT_TRUE(IsMariaDb("8.0.99", "mariadb.org binary distribution"));
	EXPECT_FALSE(IsMariaDb("9.7.4-2", "(Debian)"));
}

TEST(MySqlSession, PinsWhatTheVersionHas) {
	for (const bool mariadb : {false, true})
		for (const uint32_t version : {80400u, 101106u, 110806u}) {
			EXPECT_EQ(PinStatements(mariadb, version).front(), "SET NAMES utf8mb4 COLLATE utf8mb4_bin");
			for (const char *always :
				 {"time_zone = '+00:00'", "sql_mode = ''", "sql_select_limit = 18446744073709551615",
				  "net_write_timeout", "wait_timeout", "autocommit = 1", "max_sort_length = 65536"})
				EXPECT_TRUE(Pins(mariadb, version, always)) << always;
		}
	EXPECT_TRUE(Pins(false, 80046, "max_execution_time = 0"));
	EXPECT_TRUE(Pins(false, 80046, "information_schema_stats_expiry = 0"));
	EXPECT_FALSE(Pins(false, 50744, "information_schema_stats_expiry"));
	EXPECT_TRUE(Pins(false, 80030, "show_gipk_in_create_table_and_information_schema = 1"));
	EXPECT_FALSE(Pins(false, 80029, "show_gipk"));
	EXPECT_TRUE(Pins(true, 101106, "max_statement_time = 0"));
	EXPECT_TRUE(Pins(true, 101106, "optimizer_switch = 'subquery_cache=off'"));
	EXPECT_FALSE(Pins(false, 90704, "optimizer_switch")); // MySQL has no such cache
	EXPECT_FALSE(Pins(true, 101106, "max_execution_time"));
	EXPECT_TRUE(Pins(true, 101106, "tx_isolation = 'REPEATABLE-READ'"));
	EXPECT_TRUE(Pins(true, 110806, "transaction_isolation = 'REPEATABLE-READ'"));
}

} // namespace alkconv::mysql
