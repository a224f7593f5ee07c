// Regime: C++ (may throw, never calls Postgres)
//
// GET_LOCK needs no privilege, lasts as long as its connection, and does not mind transactions or LOCK TABLES.
#include "mysql/server_mark.hpp"

#include "core/hex.hpp"
#include "mysql/connection.hpp"
#include "mysql/errors.hpp"

#include <sys/random.h>

namespace alkconv::mysql {

namespace {

constexpr const char *kHint = "Name one server in options host and port, or read with one connection (readers 1).";

} // namespace

std::string NewMarkName() {
	unsigned char bytes[16];
	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		throw core::Error(core::Code::internal, "the system gives no random bytes");
	std::string name = "alkconv-"; // 64 characters at most
	for (const unsigned char byte : bytes) {
		char digits[2];
		core::PutHex(byte, digits);
		name.append(digits, 2);
	}
	return name;
}

bool SeesMark(Connection &other, const ServerMark &mark) {
	if (mark.name.empty())
		return false;
	const TextResult answer =
		other.Query("SELECT IS_USED_LOCK('" + mark.name + "')", {"the holder of a lock", 1, AnswerRows::one});
	return answer.Get(0, 0) && answer.Number(0, 0) == mark.holder;
}

void RequireSameServer(Connection &other, const ServerMark &mark) {
	if (mark.name.empty())
		throw core::Error(
			core::Code::several_servers,
			"whether several connections reach one server cannot be told, because the server allows no GET_LOCK")
			.Detail(DescribeServer(other.options()))
			.Hint(kHint);
	if (!SeesMark(other, mark))
		throw core::Error(core::Code::several_servers, "the connections to the source do not reach one server")
			.Detail(DescribeServer(other.options()) +
					". A proxy, a load balancer or an endpoint with several servers stands behind that address.")
			.Hint(kHint);
}

} // namespace alkconv::mysql
