// Regime: C++ (may throw, never calls Postgres)
//
// Whether two connections have reached one server. Behind a proxy, a load balancer or a reader endpoint they may not have, and neither
// host and port nor server_uuid (equal on cloned machines, unknown to MariaDB) would tell: so each connection takes a lock (GET_LOCK) under a
// random name, and the server of another connection is the same if it knows that lock and its holder.
#pragma once

#include <cstdint>
#include <string>

namespace alkconv::mysql {

class Connection;

struct ServerMark {
	std::string name; // of the lock, which is released when the connection ends; empty where the server has refused it
	uint64_t holder = 0; // CONNECTION_ID()
};

// A name that nobody else has. Raises Error(internal) when the system gives no random bytes.
std::string NewMarkName();

// True when `other` is a connection to the server of the mark. Raises what Query raises.
bool SeesMark(Connection &other, const ServerMark &mark);

// Raises Error(several_servers) unless it is.
void RequireSameServer(Connection &other, const ServerMark &mark);

} // namespace alkconv::mysql
