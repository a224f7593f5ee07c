// Regime: C++ (may throw, never calls Postgres)
//
// One snapshot over several connections while others write; what is possible with fewer privileges.
#include "live.hpp"
#include "mysql/snapshot.hpp"

#include <atomic>
#include <thread>

namespace alkconv::live {

using core::Code;
using mysql::Connection;
using mysql::Snapshot;

namespace {

std::string Sum(Connection &connection, const char *table) {
	return Ask(connection, std::string("SELECT SUM(v) FROM ") + table).rows[0][0].value_or("NULL");
}

// Moves units between tables a and b, one transaction each, until it is dropped: the sum over both is always 2000.
class Writer {
public:
	explicit Writer(const mysql::ConnectOptions &options)
		: thread_([this, options] {
			  Connection connection(options);
			  for (int i = 0; !stop_.load(); ++i) {
				  const std::string change = i % 2 == 0 ? "7" : "-5";
				  connection.Execute("START TRANSACTION");
				  connection.Execute("UPDATE a SET v = v - " + change + " WHERE k = 1");
				  connection.Execute("UPDATE b SET v = v + " + change + " WHERE k = 1");
				  connection.Execute("COMMIT");
				  ++moves_;
			  }
		  }) {}
	~Writer() {
		stop_.store(true);
		thread_.join();
	}
	int moves() const noexcept { return moves_.load(); }

private:
	std::atomic<bool> stop_{false};
	std::atomic<int> moves_{0};
	std::thread thread_;
};

void MakeTables(Scratch &scratch) {
	scratch.Run({"CREATE TABLE a (k int PRIMARY KEY, v int)", "CREATE TABLE b (k int PRIMARY KEY, v int)",
				 "INSERT INTO a VALUES (1, 1000)", "INSERT INTO b VALUES (1, 1000)"});
}

void ExpectOneSnapshot(Snapshot &snapshot, const Writer &writer) {
	const int before = writer.moves();
	while (writer.moves() < before + 20)
		std::this_thread::yield();
	const std::string a = Sum(snapshot.connection(0), "a");
	for (size_t i = 0; i < snapshot.size(); ++i) {
		EXPECT_EQ(Sum(snapshot.connection(i), "a"), a);
		EXPECT_EQ(std::stoi(Sum(snapshot.connection(i), "b")) + std::stoi(a), 2000);
	}
}

} // namespace

TEST(Snapshot, SeveralConnectionsSeeTheSame) {
	Scratch scratch;
	MakeTables(scratch);
	const Writer writer(scratch.options());
	for (int i = 0; i < 10; ++i) {
		Snapshot snapshot(scratch.options("reader"), {3, true});
		EXPECT_EQ(snapshot.info().method, "lock tables");
		EXPECT_NE(snapshot.info().binlog_file, "");
		EXPECT_NE(snapshot.info().binlog_position, "");
		ExpectOneSnapshot(snapshot, writer);
	}
}

TEST(Snapshot, OneOfTwoPrivilegesIsEnough) {
	const struct {
		const char *privilege, *on, *method;
	} kCases[] = {{"LOCK TABLES", "database", "lock tables"}, {"RELOAD", "server", "flush tables with read lock"}};
	for (const auto &wanted : kCases) {
		Scratch scratch;
		MakeTables(scratch);
		const std::string schema = scratch.name() + ".*";
		scratch.Run({"CREATE USER 'locker'@'%' IDENTIFIED BY '" + ServerOptions().password + "'",
					 "GRANT SELECT ON " + schema + " TO 'locker'@'%'",
					 std::string("GRANT ") + wanted.privilege + " ON " +
						 (std::string(wanted.on) == "server" ? "*.*" : schema) + " TO 'locker'@'%'"});
		{
			const Writer writer(scratch.options());
			for (int i = 0; i < 10; ++i) {
				Snapshot snapshot(scratch.options("locker"), {2, true});
				EXPECT_EQ(snapshot.info().method, wanted.method);
				EXPECT_EQ(snapshot.info().binlog_file, "") << "no privilege for it, and no error";
				ExpectOneSnapshot(snapshot, writer);
			}
		}
		scratch.Run({"DROP USER 'locker'@'%'"});
	}
}

TEST(Snapshot, LongQueriesOfOthersAreNotWaitedFor) {
	Scratch scratch;
	MakeTables(scratch);
	std::thread slow([&] { Connection(scratch.options()).Execute("SELECT v, SLEEP(5) FROM a"); });
	while (Ask(scratch.admin(), "SELECT 1 FROM information_schema.processlist WHERE info LIKE 'SELECT v, SLEEP%'")
			   .rows.empty())
		std::this_thread::yield();
	EXPECT_LT(Seconds([&] { Snapshot snapshot(scratch.options("reader"), {3, true}); }), 4);
	slow.join();
}

TEST(Snapshot, SelectAloneIsEnoughForOneConnection) {
	Scratch scratch;
	MakeTables(scratch);
	const Writer writer(scratch.options());
	Snapshot snapshot(scratch.options("plain"), {1, true});
	EXPECT_EQ(snapshot.info().method, "single connection");
	EXPECT_EQ(snapshot.info().why_single, "") << "nobody wanted more";
	ExpectOneSnapshot(snapshot, writer);
	const core::Error e = ErrorOf([&] { Snapshot several(scratch.options("plain"), {2, true}); });
	EXPECT_EQ(e.code(), Code::source_privilege) << e.what();
	EXPECT_NE(e.hint().find("readers 1"), std::string::npos);
	Snapshot fewer(scratch.options("plain"), {2, false});
	EXPECT_EQ(fewer.size(), 1u);
	EXPECT_EQ(fewer.info().method, "single connection");
	EXPECT_EQ(fewer.info().why_single, e.message());
	ExpectOneSnapshot(fewer, writer);
}

TEST(Snapshot, AnAccountsLimitOfConnectionsLeavesOne) {
	Scratch scratch;
	MakeTables(scratch);
	scratch.Run(
		{"CREATE USER 'single'@'%' IDENTIFIED BY '" + ServerOptions().password + "' WITH MAX_USER_CONNECTIONS 1",
		 "GRANT SELECT, LOCK TABLES ON " + scratch.name() + ".* TO 'single'@'%'"});
	{
		const Writer writer(scratch.options());
		Snapshot snapshot(scratch.options("single"), {3, false});
		EXPECT_EQ(snapshot.size(), 1u);
		EXPECT_EQ(snapshot.info().method, "single connection");
		EXPECT_NE(snapshot.info().why_single, "");
		ExpectOneSnapshot(snapshot, writer);
	}
	const core::Error e = ErrorOf([&] { Snapshot several(scratch.options("single"), {3, true}); });
	EXPECT_EQ(e.code(), Code::connection_failed) << e.what();
	scratch.Run({"DROP USER 'single'@'%'"});
}

TEST(Snapshot, HoldsNoLockAndWritesNothing) {
	Scratch scratch;
	MakeTables(scratch);
	Snapshot snapshot(scratch.options("reader"), {2, true});
	scratch.Run({"UPDATE a SET v = 1", "CREATE TABLE c (k int)", "DROP TABLE c"});
	EXPECT_EQ(Sum(snapshot.connection(1), "a"), "1000");
	const core::Error e =
		ErrorOf([&] { Snapshot(scratch.options(), {1, true}).connection().Execute("UPDATE a SET v = 2"); });
	EXPECT_EQ(e.code(), Code::source_error) << e.what();
	EXPECT_EQ(Sum(scratch.admin(), "a"), "1");
}

TEST(Snapshot, WritersThatDoNotPauseAreATimeout) {
	Scratch scratch;
	MakeTables(scratch);
	Connection busy(scratch.options());
	busy.Execute("LOCK TABLES a WRITE");
	const double seconds = Seconds([&] {
		const core::Error e = ErrorOf([&] { Snapshot snapshot(scratch.options("reader"), {2, true}); });
		EXPECT_EQ(e.code(), Code::source_timeout) << e.what();
	});
	EXPECT_LT(seconds, 30);
}

} // namespace alkconv::live
