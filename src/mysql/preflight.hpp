// Regime: C++ (may throw, never calls Postgres)
//
// Puts the preflight's questions to the source.
#pragma once

#include "core/preflight_keys.hpp"
#include "mysql/connection.hpp"

#include <vector>

namespace alkconv::mysql {

// Asks about the tables one after another, in one pass over each, and in a second one for samples where something was found; then about the keys. A table about which the
// server refuses to answer becomes an error of the check `question`. Raises Error(connection_lost) and the like: then nothing is known.
std::vector<core::Finding> AskPreflight(Connection &connection, const std::vector<core::TableQuestions> &tables,
										const std::vector<core::KeyQuestion> &keys);

} // namespace alkconv::mysql
