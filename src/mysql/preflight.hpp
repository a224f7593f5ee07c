// Regime: C++ (may throw, never calls Postgres)
//
// Puts the preflight's questions to the source.
#pragma once

#include "core/preflight_keys.hpp"
#include "mysql/connection.hpp"

#include <string>
#include <vector>

namespace alkconv::mysql {

// How much is asked at a time, and of what.
struct PreflightWork {
	std::string database;
	const core::SourceSchema *schema = nullptr;
	std::vector<core::TableQuestions> tables;
	std::vector<core::KeyQuestion> keys;
	size_t connections = 1; // wanted; fewer do
};

// Asks about the keys and, in one pass over each, about the tables: side by side over several connections, large tables in ranges of their key; then
// for samples where something was found. The answers are in the order of the questions. A table about which the server refuses to answer becomes an
// error of the check `question`. Raises Error(connection_lost) and the like: then nothing is known. `interrupter` breaks off what `connection` does
// not do itself.
std::vector<core::Finding> AskPreflight(Connection &connection, Interrupter &interrupter, const PreflightWork &work);

} // namespace alkconv::mysql
