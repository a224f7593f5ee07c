// Regime: C++ (may throw, never calls Postgres)
//
// One connection to the source server: move-only, closed by its destructor, pinned to a fixed session (utf8mb4, UTC, a
// fixed sql_mode, long net timeouts, no max_execution_time), LOCAL INFILE off. It is used by one thread at a time;
// interrupt() and id() alone may be called from another.
#pragma once

#include "core/answer.hpp"
#include "core/status.hpp"
#include "mysql/interrupter.hpp"
#include "mysql/options.hpp"
#include "mysql/server_mark.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace alkconv::mysql {

// A small result, as text. For catalogs and digests, not for table data.
using core::AnswerRows;
using core::AnswerShape;
using core::TextResult;

class Connection {
public:
	// Connects and pins the session. Raises Error: authentication_failed, unknown_database, tls_refused,
	// connection_failed, each with host, port and user in the detail and what to do in the hint. With an interrupter,
	// connecting and everything after it can be broken off from another thread (connection_lost).
	explicit Connection(const ConnectOptions &options, Interrupter *interrupter = nullptr);
	Connection(Connection &&) noexcept;
	Connection &operator=(Connection &&) noexcept;
	~Connection();

	// Runs a statement and stores its whole result. Raises Error(connection_lost) when the link broke, unexpected_answer
	// when the result has another shape, source_error otherwise.
	TextResult Query(const std::string &sql, const AnswerShape &shape);
	// Runs a statement whose result, if any, is not wanted.
	void Execute(const std::string &sql);
	// True when the server answers.
	bool Ping() noexcept;
	// Milliseconds to the server and back, without its work: the least of three. Raises what Execute raises.
	double RoundTrip();

	// Breaks whatever the connection is waiting for, from any thread: the blocked call fails with connection_lost and
	// the connection is useless afterwards. Quick, never blocks. The destructor then also ends it on the server, best
	// effort, for at most a few seconds.
	void interrupt() noexcept;

	uint64_t id() const noexcept; // CONNECTION_ID()
	// By which other connections know this one's server.
	const ServerMark &mark() const noexcept;
	bool mariadb() const noexcept;
	// 80046 for 8.0.46, 110806 for 11.8.6.
	uint32_t version_number() const noexcept;
	const std::string &version() const noexcept; // VERSION()
	// TLS cipher in use, or empty.
	const std::string &cipher() const noexcept;
	const ConnectOptions &options() const noexcept;

	struct Handle;
	Handle &handle() noexcept { return *handle_; } // for the other files of this folder

private:
	std::unique_ptr<Handle> handle_;
};

// Ends the statement that the marked connection is running (KILL QUERY), through a connection of its own. Returns false when that failed, as it
// does where another server is reached, whose connection of that number is somebody else's; never throws.
bool KillQuery(const ConnectOptions &options, const ServerMark &mark) noexcept;

} // namespace alkconv::mysql
