// Regime: C++ (may throw, never calls Postgres)
//
// The one place that knows which client library this is built with: libmysqlclient (MySQL 8.0 and later) or libmariadb
// (3.3 and later). Everything else in this folder uses what the two have in common. Included by .cpp files only.
#pragma once

#include "mysql/interrupter.hpp"
#include "mysql/interrupter_state.hpp"
#include "mysql/options.hpp"

#include <mysql.h>

#include <memory>
#include <type_traits>

namespace alkconv::mysql {

// bool in libmysqlclient, my_bool in libmariadb.
using Flag = std::remove_pointer_t<decltype(MYSQL_BIND::error)>;

// Initialises the library once per process and leaves the process' signal dispositions as they were.
// Raises Error(internal) when the library refuses.
void EnsureClientLibrary();

// Sets what protects the session: TLS exactly as asked, no clear-text password plug-in, RSA for caching_sha2_password
// without TLS. Raises Error(tls_refused) for a mode that this library cannot do.
void ApplySecurity(MYSQL &mysql, const ConnectOptions &options);

// mysql_real_connect, but ended early by the interrupter: while it resolves nothing and waits for the network. The
// handshake as a whole is bounded by connect_timeout. False on failure: mysql_errno() and mysql_error() say why.
bool RealConnect(MYSQL &mysql, const ConnectOptions &options, const std::shared_ptr<Interrupter::State> &interrupter);

// mysql_real_query. False on failure. A description of columns that does not end breaks the connection, where the library tells what it reads
// (libmariadb keeps all of it; libmysqlclient reads as many as were announced).
bool RealQuery(MYSQL &mysql, const std::string &sql, const WatchedSocket &socket);

int SocketOf(MYSQL &mysql) noexcept;

// Prepares the column descriptions of an executed statement for fetching. Returns the first column whose type the
// library cannot fetch (it would call a null pointer), or -1.
int PrepareFields(MYSQL_STMT &statement, unsigned columns) noexcept;

// Membership of the calling thread in the library, for threads that we make.
class ClientThread {
public:
	ClientThread() { mysql_thread_init(); }
	~ClientThread() { mysql_thread_end(); }
	ClientThread(const ClientThread &) = delete;
	ClientThread &operator=(const ClientThread &) = delete;
};

} // namespace alkconv::mysql
