// Regime: C++ (may throw, never calls Postgres)
//
// What a session of the source must be like for its rows and digests to mean what the proof takes them for: written for
// the proof alone, from the
// two servers' manuals. The constants with which mysql/session.cpp pins a session are not looked at: a pin that is
// wrong, or that did not reach
// the server, would otherwise make both sides wrong alike.
#pragma once

#include "core/answer.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace alkconv::core {

struct SessionQuestion {
	std::string sql; // one row
	size_t columns;
};

SessionQuestion MakeSessionQuestion(bool mariadb, uint32_t version_number);

// What is wrong with the session that gave this answer to that server's question, "time_zone is "SYSTEM" and must be
// "+00:00"" for each such
// variable; empty: nothing.
std::string DescribeWrongSession(const TextResult &answer, bool mariadb, uint32_t version_number);

} // namespace alkconv::core
