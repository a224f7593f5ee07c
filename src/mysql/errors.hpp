// Regime: C++ (may throw, never calls Postgres)
//
// What an error number of the client library or of the server means to us. Pure: the numbers are part of the protocol's
// stable surface (errmsg.h and the server's error reference), so that this file needs neither library and is tested
// without one.
#pragma once

#include "core/status.hpp"
#include "mysql/options.hpp"

#include <string>

namespace alkconv::mysql {

// One failed call, copied out of the library at once (its buffers are overwritten by the next call).
struct Failure {
	unsigned number = 0;
	std::string message; // as the library or the server words it
};

enum class Phase : uint8_t { connect, work };

// True for numbers after which the connection is gone.
bool IsConnectionLoss(unsigned number) noexcept;
// ER_QUERY_INTERRUPTED: somebody's KILL QUERY.
bool IsQueryKilled(unsigned number) noexcept;
// The account lacks a privilege for the statement. Only meaningful in Phase::work.
bool IsPrivilegeFailure(unsigned number) noexcept;
core::Code CodeForFailure(unsigned number, Phase phase) noexcept;

// "server db.example:3306, user "reader", database "kratos"": the detail of every error of a connection. Never the
// password.
std::string DescribeServer(const ConnectOptions &options);

// The exception for a failure: code, the server's own words, DescribeServer as detail, and what to do as hint.
core::Error MakeError(const Failure &failure, const ConnectOptions &options, Phase phase);

// The exception (tls_refused) for a server without TLS, where ssl_mode demands it.
core::Error NoTlsError(const ConnectOptions &options);

} // namespace alkconv::mysql
