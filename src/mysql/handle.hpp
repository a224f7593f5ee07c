// Regime: C++ (may throw, never calls Postgres)
//
// What a Connection holds. For the .cpp files of this folder only: it needs the client library's header.
#pragma once

#include "mysql/client_library.hpp"
#include "mysql/connection.hpp"
#include "mysql/errors.hpp"
#include "mysql/interrupter_state.hpp"

#include <atomic>

namespace alkconv::mysql {

struct Connection::Handle {
	MYSQL mysql;
	ConnectOptions options;
	std::shared_ptr<Interrupter::State> interrupter;
	WatchedSocket socket; // set before the constructor of Connection returns, constant from then on
	std::atomic<bool> interrupted{false};
	ServerMark mark; // set by the constructor of Connection as well
	bool mariadb = false;
	uint32_t version_number = 0;
	std::string version;
	std::string cipher;

	explicit Handle(const ConnectOptions &connect_options, std::shared_ptr<Interrupter::State> state);
	~Handle();
	Handle(const Handle &) = delete;
	Handle &operator=(const Handle &) = delete;

	bool Interrupted() const noexcept {
		return interrupted.load(std::memory_order_relaxed) || interrupter->interrupted();
	}
	// The error of a failed call. connection_lost, with our own words, when it was interrupt() that made it fail.
	core::Error Fault(unsigned number, const char *message) const;
	core::Error Fault() { return Fault(mysql_errno(&mysql), mysql_error(&mysql)); }
};

} // namespace alkconv::mysql
