// Regime: C++ (may throw, never calls Postgres)
//
// One consistent snapshot for one or several connections.
#include "mysql/snapshot.hpp"

#include "mysql/errors.hpp"
#include "mysql/quiet_thread.hpp"
#include "mysql/sql.hpp"
#include "mysql/task.hpp"

#include <algorithm>
#include <exception>
#include <new>
#include <optional>
#include <thread>

namespace alkconv::mysql {

namespace {

// Seconds to wait for the lock: while a session waits for it, the server queues the writers behind that session.
constexpr int kLockWait = 10;

// Runs a query whose answer is welcome and not needed: nullopt when the server refuses it.
std::optional<TextResult> TryQuery(Connection &connection, const std::string &sql) {
	try {
		return connection.Query(sql, {"the position of its log", AnswerShape::kByName, AnswerRows::at_most_one});
	} catch (const core::Error &e) {
		if (e.code() == core::Code::source_privilege || e.code() == core::Code::source_error)
			return std::nullopt;
		throw;
	}
}

std::string Field(const TextResult &result, const char *column) {
	return result.rows.empty() ? "" : result.Get(0, column).value_or("");
}

void NotePosition(Connection &connection, SnapshotInfo &info) {
	const bool renamed = !connection.mariadb() && connection.version_number() >= 80200;
	if (const auto status = TryQuery(connection, renamed ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS")) {
		info.binlog_file = Field(*status, "File");
		info.binlog_position = Field(*status, "Position");
	}
	if (const auto gtid = TryQuery(connection, connection.mariadb() ? "SELECT @@GLOBAL.gtid_current_pos AS gtid"
																	: "SELECT @@GLOBAL.gtid_executed AS gtid"))
		info.gtid = Field(*gtid, "gtid");
}

// Holds writers off while the snapshots are taken; its connection releases the lock when it is closed. LOCK TABLES waits for transactions that
// write these tables. FLUSH TABLES WITH READ LOCK also waits for every running SELECT of the whole server, with all writers queued behind it: it is
// the second choice.
class WriteLock {
public:
	WriteLock(const ConnectOptions &options, std::unique_ptr<Connection> connection)
		: own_(std::move(connection)), connection_(*own_) {
		connection_.Execute("SET SESSION lock_wait_timeout = " + std::to_string(kLockWait));
		const std::string list = AllTables(options.database);
		if (!list.empty() && TryLock("LOCK TABLES " + list)) {
			method_ = "lock tables";
			return;
		}
		if (!TryLock("FLUSH TABLES WITH READ LOCK"))
			throw core::Error(core::Code::source_privilege,
							  "the account cannot hold a snapshot for several connections")
				.Detail(DescribeServer(options))
				.Hint("Grant it LOCK TABLES on the database, or RELOAD, or read with one connection (readers 1).");
		method_ = "flush tables with read lock";
	}

	const char *method() const noexcept { return method_; }

private:
	std::string AllTables(const std::string &database) {
		std::string list;
		const TextResult tables = connection_.Query(
			"SELECT table_name FROM information_schema.tables WHERE table_schema = " + QuoteLiteral(database) +
				" AND table_type = 'BASE TABLE' ORDER BY table_name",
			{"the list of tables", 1, AnswerRows::any});
		for (size_t i = 0; i < tables.rows.size(); ++i)
			list += (list.empty() ? "" : ", ") + QualifiedTable(database, tables.Text(i, 0)) + " READ";
		return list;
	}

	bool TryLock(const std::string &sql) {
		try {
			connection_.Execute(sql);
			return true;
		} catch (const core::Error &e) {
			if (e.code() == core::Code::source_privilege)
				return false;
			if (e.code() == core::Code::source_timeout)
				throw core::Error(core::Code::source_timeout,
								  "a common snapshot needs all writers to pause, and some did not within " +
									  std::to_string(kLockWait) + " s")
					.Detail(e.message())
					.Hint("Try again when long statements of the source are over, or read with one connection (readers "
						  "1).");
			throw;
		}
	}

	const std::unique_ptr<Connection> own_;
	Connection &connection_;
	const char *method_ = "";
};

// No privilege for a lock, writers that do not pause, a limit on connections, several servers at one address: one connection needs none of it.
bool OneConnectionMayDo(const core::Error &e) noexcept {
	return e.code() == core::Code::source_privilege || e.code() == core::Code::source_timeout ||
		   e.code() == core::Code::connection_failed || e.code() == core::Code::several_servers;
}

// Opens connections to the server of `mark` side by side: over a slow network each takes many round trips. Raises the failure of one of them when
// all have ended.
std::vector<std::unique_ptr<Connection>> OpenConnections(const ConnectOptions &options, const ServerMark &mark,
														 size_t count, Interrupter *interrupter) {
	std::vector<std::unique_ptr<Connection>> connections(count);
	std::vector<std::unique_ptr<Task>> tasks;
	for (std::unique_ptr<Connection> &connection : connections)
		tasks.push_back(std::make_unique<Task>(
			[&] {
				connection = std::make_unique<Connection>(options, interrupter);
				RequireSameServer(*connection, mark);
			},
			[=] {
				if (interrupter != nullptr)
					interrupter->interrupt();
			}));
	std::exception_ptr failure;
	for (const std::unique_ptr<Task> &task : tasks)
		try {
			task->Finish();
		} catch (...) {
			failure = std::current_exception();
		}
	if (failure)
		std::rethrow_exception(failure);
	return connections;
}

// The thread that closes it; none where none can be had.
std::thread CloseInThread(std::unique_ptr<Connection> &connection) noexcept {
	try {
		return StartQuietThread([&connection] { connection.reset(); });
	} catch (const std::exception &) {
		return std::thread();
	}
}

} // namespace

void Snapshot::Begin(Connection &connection) {
	connection.Execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
}

void Snapshot::BeginOnAll(const ConnectOptions &options, size_t wanted, Interrupter *interrupter) {
	for (std::unique_ptr<Connection> &connection :
		 OpenConnections(options, connections_[0]->mark(), wanted, interrupter))
		connections_.push_back(std::move(connection));
	std::unique_ptr<Connection> locking = std::move(connections_.back());
	connections_.pop_back();
	const WriteLock lock(options, std::move(locking));
	info_.method = lock.method();
	for (const std::unique_ptr<Connection> &connection : connections_)
		Begin(*connection);
	NotePosition(*connections_[0], info_);
}

Snapshot::Snapshot(const ConnectOptions &options, ConnectionCount count, Interrupter *interrupter) {
	connections_.push_back(std::make_unique<Connection>(options, interrupter));
	if (count.wanted > 1)
		try {
			BeginOnAll(options, count.wanted, interrupter);
			return;
		} catch (const core::Error &e) {
			if (count.required || !OneConnectionMayDo(e))
				throw;
			info_.why_single = e.message();
			connections_.resize(1);
		}
	info_.method = "single connection";
	NotePosition(*connections_[0], info_);
	Begin(*connections_[0]);
}

// Side by side, since each that was broken off waits some seconds for a server that may have gone.
Snapshot::~Snapshot() {
	try {
		CloseSideBySide();
	} catch (const std::bad_alloc &) {
		connections_.clear(); // one by one
	}
}

void Snapshot::CloseSideBySide() {
	std::vector<std::thread> closing;
	closing.reserve(connections_.size()); // raises before a thread runs, or not at all
	for (std::unique_ptr<Connection> &connection : connections_)
		closing.push_back(CloseInThread(connection));
	for (std::thread &thread : closing)
		if (thread.joinable())
			thread.join();
	connections_.clear();
}

} // namespace alkconv::mysql
