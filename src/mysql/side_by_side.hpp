// Regime: C++ (may throw, never calls Postgres)
//
// Work for several connections that needs no common snapshot: each has one of its own, so that nobody has to hold writers off.
#pragma once

#include "mysql/connection.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace alkconv::mysql {

class SideBySide {
public:
	// `first`, and as many more to the same server as are wanted and can be had. Those can be broken off by `interrupter`.
	SideBySide(Connection &first, size_t wanted, Interrupter &interrupter);

	size_t size() const noexcept { return 1 + others_.size(); }

	// Runs work(connection, n) for each n below `count`, the lowest first, each on the next free connection, and returns when all have ended.
	// When one fails, all connections are interrupted and the first failure is raised.
	void Run(size_t count, const std::function<void(Connection &, size_t)> &work);

private:
	Connection &first_;
	std::vector<std::unique_ptr<Connection>> others_;

	Connection &connection(size_t index) noexcept { return index == 0 ? first_ : *others_[index - 1]; }
};

} // namespace alkconv::mysql
