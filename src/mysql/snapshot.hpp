// Regime: C++ (may throw, never calls Postgres)
//
// One consistent snapshot seen by one or several connections. With several: LOCK TABLES ... READ of the database's
// tables on one of its own, START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY on each, note the position, unlock.
// Where the privilege is missing: FLUSH TABLES WITH READ LOCK, and where that fails too a single connection is all there
// is, or where the connections do not all reach one server. A single connection takes no lock.
#pragma once

#include "mysql/connection.hpp"

#include <memory>
#include <string>
#include <vector>

namespace alkconv::mysql {

// The position is that of the snapshot; with a single connection, where nothing holds writers off, it is at or before
// it.
struct SnapshotInfo {
	std::string method;		 // "single connection", "lock tables", "flush tables with read lock"
	std::string binlog_file; // empty when the account may not see it or there is no binlog
	std::string binlog_position;
	std::string gtid;
	std::string why_single; // there is one connection although several were welcome: why; else empty
};

// How many connections on the snapshot.
struct ConnectionCount {
	size_t wanted = 1;
	bool required = false; // fewer are an error; otherwise one connection does where several cannot be had
};

class Snapshot {
public:
	// Opens connections on one snapshot of options.database. Raises what Connection raises; where several are required
	// also Error(source_privilege), Error(several_servers), and Error(source_timeout) when the source's writers do not pause for the lock within
	// seconds.
	Snapshot(const ConnectOptions &options, ConnectionCount count, Interrupter *interrupter = nullptr);
	~Snapshot();

	Connection &connection(size_t index = 0) noexcept { return *connections_[index]; }
	size_t size() const noexcept { return connections_.size(); }
	const SnapshotInfo &info() const noexcept { return info_; }

	// Starts the consistent read-only transaction on one connection (what a foreign scan's session uses).
	static void Begin(Connection &connection);

private:
	void BeginOnAll(const ConnectOptions &options, size_t wanted, Interrupter *interrupter);
	void CloseSideBySide();

	std::vector<std::unique_ptr<Connection>> connections_;
	SnapshotInfo info_;
};

} // namespace alkconv::mysql
