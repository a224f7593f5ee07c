// Regime: C++ (may throw, never calls Postgres)
//
// Work for threads in the boundary's tests: blocks until interrupted, and counts what happens to it.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>

namespace alkconv::test {

struct WorkerCounts {
	int started, interrupted, ended, destroyed;
};

class Worker {
public:
	explicit Worker(std::string marker);
	~Worker();
	Worker(const Worker &) = delete;
	Worker &operator=(const Worker &) = delete;

	// Blocks until interrupt(), goes on for 200 ms as a slow server would, then makes the marker file.
	void Work();
	void interrupt() noexcept;

	// Counts of all workers since the last call.
	static WorkerCounts take_counts() noexcept;

private:
	std::string marker_;
	std::mutex mutex_;
	std::condition_variable changed_;
	bool interrupted_ = false;
};

// Takes 300 ms and heeds nothing.
void WorkDeaf();

} // namespace alkconv::test
