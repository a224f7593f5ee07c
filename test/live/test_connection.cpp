// Regime: C++ (may throw, never calls Postgres)
//
// Connecting, the pinned session, errors and interruption, on a real server.
#include "live.hpp"
#include "mysql/task.hpp"

#include <chrono>
#include <optional>
#include <thread>

namespace alkconv::live {

using core::Code;
using mysql::Connection;
using mysql::ConnectOptions;
using mysql::SslMode;
using mysql::Task;

namespace {

// Keeps a server busy for longer than any test runs.
const std::string kBusy =
	"SELECT COUNT(*) FROM information_schema.COLUMNS a, information_schema.COLUMNS b, information_schema.COLUMNS c";

std::string Cell(Connection &connection, const std::string &sql) {
	return Ask(connection, sql).rows.at(0).at(0).value_or("NULL");
}

} // namespace

TEST(Connection, KnowsTheServer) {
	Connection connection(ServerOptions());
	EXPECT_EQ(connection.mariadb(), std::string(std::getenv("ALKCONV_TEST_MYSQL_FLAVOR")) == "mariadb");
	EXPECT_EQ(connection.version(), Cell(connection, "SELECT VERSION()"));
	EXPECT_GE(connection.version_number(), connection.mariadb() ? 101100u : 80000u);
	EXPECT_EQ(std::to_string(connection.id()), Cell(connection, "SELECT CONNECTION_ID()"));
	EXPECT_TRUE(connection.Ping());
}

TEST(Connection, SessionIsPinnedWhateverTheServerSays) {
	Connection root(ServerOptions());
	const std::vector<std::pair<std::string, std::string>> hostile = {
		{"sql_mode", "'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PAD_CHAR_TO_FULL_LENGTH'"},
		{"sql_select_limit", "7"},
		{"net_write_timeout", "2"},
		{"wait_timeout", "30"},
		{"sql_auto_is_null", "1"},
		{root.mariadb() ? "max_statement_time" : "max_execution_time", "5"},
	};
	std::vector<std::string> before;
	for (const auto &[name, value] : hostile) {
		before.push_back(Cell(root, "SELECT @@GLOBAL." + name));
		root.Execute("SET GLOBAL " + name + " = " + value);
	}
	for (const char *user : {"root", "reader", "plain"}) {
		Connection connection(ServerOptions(user));
		EXPECT_EQ(Cell(connection, "SELECT @@time_zone"), "+00:00");
		EXPECT_EQ(Cell(connection, "SELECT @@sql_mode"), "");
		EXPECT_EQ(Cell(connection, "SELECT @@sql_select_limit"), "18446744073709551615");
		EXPECT_EQ(Cell(connection, "SELECT @@max_sort_length"), "65536");
		if (connection.mariadb()) {
			EXPECT_EQ(Cell(connection, "SELECT @@optimizer_switch LIKE '%subquery_cache=off%'"), "1");
		}
		EXPECT_EQ(Cell(connection, "SELECT @@net_write_timeout"), "31536000");
		EXPECT_EQ(Cell(connection, "SELECT @@wait_timeout"), "31536000");
		EXPECT_EQ(Cell(connection, "SELECT @@sql_auto_is_null"), "0");
		EXPECT_EQ(Cell(connection, "SELECT @@character_set_client"), "utf8mb4");
		EXPECT_EQ(Cell(connection, "SELECT @@character_set_results"), "utf8mb4");
		EXPECT_EQ(Cell(connection, "SELECT @@collation_connection"), "utf8mb4_bin");
		EXPECT_EQ(std::stod(Cell(connection, "SELECT @@" + hostile.back().first)), 0);
		EXPECT_EQ(Cell(connection, "SELECT 'a\\\\b'"), "a\\b");
		EXPECT_EQ(Cell(connection, "SELECT '\xF0\x9F\x98\x80'"), "\xF0\x9F\x98\x80");
	}
	for (size_t i = 0; i < hostile.size(); ++i) {
		const bool number = !before[i].empty() && before[i].find_first_not_of("0123456789.") == std::string::npos;
		root.Execute("SET GLOBAL " + hostile[i].first + " = " + (number ? before[i] : "'" + before[i] + "'"));
	}
}

// The least of three is neither nothing nor more than their mean.
TEST(Connection, RoundTrip) {
	Connection connection(ServerOptions());
	const auto start = std::chrono::steady_clock::now();
	const double round_trip = connection.RoundTrip();
	const std::chrono::duration<double, std::milli> all = std::chrono::steady_clock::now() - start;
	EXPECT_GT(round_trip, 0);
	EXPECT_LE(3 * round_trip, all.count());
	Connection killer(ServerOptions());
	killer.Execute("KILL " + std::to_string(connection.id()));
	EXPECT_EQ(ErrorOf([&] { connection.RoundTrip(); }).code(), Code::connection_lost);
}

TEST(Connection, TextResultKeepsNullsAndBytes) {
	Connection connection(ServerOptions());
	const mysql::TextResult result =
		Ask(connection, "SELECT NULL AS a, '' AS b, 'x\\0y' AS c UNION ALL SELECT 1, 'q', 'z'");
	EXPECT_EQ(result.columns, (std::vector<std::string>{"a", "b", "c"}));
	ASSERT_EQ(result.rows.size(), 2u);
	EXPECT_FALSE(result.rows[0][0].has_value());
	EXPECT_EQ(result.rows[0][1], "");
	EXPECT_EQ(result.rows[0][2], std::string("x\0y", 3));
}

TEST(Connection, WrongPassword) {
	ConnectOptions options = ServerOptions("reader");
	options.password = "not-the-password-8241";
	const core::Error e = ErrorOf([&] { Connection connection(options); });
	EXPECT_EQ(e.code(), Code::authentication_failed) << e.what();
	EXPECT_EQ((e.message() + e.detail() + e.hint()).find(options.password), std::string::npos);
	EXPECT_NE(e.detail().find("user \"reader\""), std::string::npos) << e.detail();
	EXPECT_NE(e.hint(), "");
}

TEST(Connection, UnknownDatabase) {
	ConnectOptions options = ServerOptions();
	options.database = "no_such_database";
	const core::Error e = ErrorOf([&] { Connection connection(options); });
	EXPECT_EQ(e.code(), Code::unknown_database) << e.what();
	EXPECT_NE(e.message().find("no_such_database"), std::string::npos);
}

TEST(Connection, DatabaseWithoutPrivilege) {
	Scratch scratch;
	scratch.Run({"CREATE USER 'nobody'@'%' IDENTIFIED BY '" + ServerOptions().password + "'"});
	const core::Error e = ErrorOf([&] { Connection connection(scratch.options("nobody")); });
	scratch.Run({"DROP USER 'nobody'@'%'"});
	EXPECT_EQ(e.code(), Code::source_privilege) << e.what();
	EXPECT_NE(e.hint(), "");
}

TEST(Connection, NobodyListens) {
	ConnectOptions options = ServerOptions();
	{
		const SilentServer gone;
		options.port = gone.options().port;
	}
	const core::Error e = ErrorOf([&] { Connection connection(options); });
	EXPECT_EQ(e.code(), Code::connection_failed) << e.what();
	EXPECT_NE(e.detail().find(std::to_string(options.port)), std::string::npos) << e.detail();
}

TEST(Connection, UnknownHost) {
	ConnectOptions options = ServerOptions();
	options.host = "no-such-host.invalid";
	EXPECT_EQ(ErrorOf([&] { Connection connection(options); }).code(), Code::connection_failed);
}

TEST(Connection, SilentServerEndsByConnectTimeout) {
	const SilentServer silent;
	ConnectOptions options = silent.options();
	options.connect_timeout = 1;
	const double seconds = Seconds([&] {
		const core::Error e = ErrorOf([&] { Connection connection(options); });
		EXPECT_EQ(e.code(), Code::connection_failed) << e.what();
	});
	EXPECT_LT(seconds, 5);
}

TEST(Connection, UnixSocket) {
	ConnectOptions options = ServerOptions();
	options.socket = std::getenv("ALKCONV_TEST_MYSQL_SOCKET");
	options.host = "no-such-host.invalid";
	Connection connection(options);
	EXPECT_TRUE(connection.Ping());
	options.socket += ".missing";
	EXPECT_EQ(ErrorOf([&] { Connection other(options); }).code(), Code::connection_failed);
}

TEST(Connection, KilledConnectionIsLost) {
	for (const SslMode mode : {SslMode::disabled, SslMode::preferred}) {
		ConnectOptions options = ServerOptions();
		options.ssl_mode = mode;
		Connection connection(options), other(ServerOptions());
		other.Execute("KILL " + std::to_string(connection.id()));
		const core::Error e = ErrorOf([&] { Ask(connection, "SELECT 1"); });
		EXPECT_EQ(e.code(), Code::connection_lost) << e.what();
		EXPECT_FALSE(connection.Ping());
	}
}

TEST(Connection, ErrorsOfTheServerKeepTheConnection) {
	Connection connection(ServerOptions());
	EXPECT_EQ(ErrorOf([&] { Ask(connection, "SELECT * FROM mysql.no_such_table"); }).code(), Code::source_error);
	EXPECT_EQ(ErrorOf([&] { connection.Execute("nonsense"); }).code(), Code::source_error);
	Connection plain(ServerOptions("plain"));
	EXPECT_EQ(ErrorOf([&] { plain.Execute("CREATE DATABASE no_right_to_do_so"); }).code(), Code::source_privilege);
	EXPECT_TRUE(connection.Ping());
	EXPECT_TRUE(plain.Ping());
}

TEST(Connection, StatementLimitOfTheServerIsATimeout) {
	Connection connection(ServerOptions());
	const core::Error e = ErrorOf([&] {
		Ask(connection, connection.mariadb() ? "SET STATEMENT max_statement_time = 0.1 FOR " + kBusy
											 : "SELECT /*+ MAX_EXECUTION_TIME(100) */" + kBusy.substr(6));
	});
	EXPECT_EQ(e.code(), Code::source_timeout) << e.what();
}

TEST(Connection, LocalInfileIsRefused) {
	Scratch scratch;
	scratch.Run({"CREATE TABLE t (line text)"});
	const core::Error e =
		ErrorOf([&] { scratch.admin().Execute("LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE t"); });
	EXPECT_EQ(e.code(), Code::source_error) << e.what();
	EXPECT_EQ(Cell(scratch.admin(), "SELECT COUNT(*) FROM t"), "0");
}

TEST(Connection, InterruptEndsAWaitingQuery) {
	for (const SslMode mode : {SslMode::disabled, SslMode::preferred}) {
		ConnectOptions options = ServerOptions();
		options.ssl_mode = mode;
		Connection connection(options);
		std::optional<core::Error> error;
		const double seconds = Seconds([&] {
			Task task([&] { error = ErrorOf([&] { Ask(connection, "SELECT SLEEP(60)"); }); },
					  [&] { connection.interrupt(); });
			std::this_thread::sleep_for(std::chrono::milliseconds(300));
			EXPECT_FALSE(task.done());
		});
		EXPECT_LT(seconds, 5);
		ASSERT_TRUE(error.has_value());
		EXPECT_EQ(error->code(), Code::connection_lost) << error->what();
		EXPECT_EQ(ErrorOf([&] { Ask(connection, "SELECT 1"); }).code(), Code::connection_lost);
		EXPECT_EQ(ExtraThreads(), 0u);
	}
}

TEST(Connection, InterruptedStatementEndsOnTheServerToo) {
	uint64_t id;
	{
		Connection connection(ServerOptions());
		id = connection.id();
		Task task([&] { ErrorOf([&] { Ask(connection, kBusy); }); }, [&] { connection.interrupt(); });
		std::this_thread::sleep_for(std::chrono::milliseconds(300));
	}
	EXPECT_TRUE(ConnectionIsGone(id));
}

TEST(Connection, InterruptEndsConnecting) {
	const SilentServer silent;
	ConnectOptions options = silent.options();
	options.connect_timeout = 60;
	mysql::Interrupter interrupter;
	std::optional<core::Error> error;
	const double seconds = Seconds([&] {
		Task task([&] { error = ErrorOf([&] { Connection connection(options, &interrupter); }); },
				  [&] { interrupter.interrupt(); });
		std::this_thread::sleep_for(std::chrono::milliseconds(300));
		EXPECT_FALSE(task.done());
	});
	EXPECT_LT(seconds, 5);
	ASSERT_TRUE(error.has_value());
	EXPECT_EQ(error->code(), Code::connection_lost) << error->what();
	EXPECT_EQ(ErrorOf([&] { Connection connection(ServerOptions(), &interrupter); }).code(), Code::connection_lost);
}

TEST(Connection, InterrupterBreaksOffWhatWasMadeWithIt) {
	mysql::Interrupter interrupter;
	Connection one(ServerOptions(), &interrupter), two(ServerOptions(), &interrupter), free(ServerOptions());
	interrupter.interrupt();
	EXPECT_FALSE(one.Ping());
	EXPECT_EQ(ErrorOf([&] { Ask(two, "SELECT 1"); }).code(), Code::connection_lost);
	EXPECT_TRUE(free.Ping());
}

TEST(Connection, MovedConnectionWorks) {
	Connection first(ServerOptions());
	const uint64_t id = first.id();
	Connection second(std::move(first));
	EXPECT_EQ(Cell(second, "SELECT CONNECTION_ID()"), std::to_string(id));
}

TEST(Connection, KillQueryEndsTheStatementOnly) {
	Connection connection(ServerOptions());
	std::optional<core::Error> error;
	{
		Task task([&] { error = ErrorOf([&] { Ask(connection, kBusy); }); }, [&] { connection.interrupt(); });
		for (int i = 0; i < 100 && !task.done(); ++i) {
			std::this_thread::sleep_for(std::chrono::milliseconds(100));
			EXPECT_TRUE(mysql::KillQuery(ServerOptions(), connection.mark()));
		}
		ASSERT_TRUE(task.done());
		task.Finish();
	}
	EXPECT_EQ(error->code(), Code::source_error) << error->what();
	EXPECT_NE(error->hint().find("KILL QUERY"), std::string::npos);
	EXPECT_FALSE(mysql::KillQuery(SilentServer().options(), {"alkconv-none", 1}));
}

TEST(Task, RethrowsAndLeavesNoThread) {
	Task task([] { throw core::Error(Code::unsupported, "as thrown"); }, [] {});
	while (!task.done())
		std::this_thread::sleep_for(std::chrono::milliseconds(1));
	try {
		task.Finish();
		FAIL();
	} catch (const core::Error &e) {
		EXPECT_EQ(e.code(), Code::unsupported);
	}
	EXPECT_EQ(ExtraThreads(), 0u);
}

} // namespace alkconv::live
