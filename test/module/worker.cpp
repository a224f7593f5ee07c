// Regime: C++ (may throw, never calls Postgres)
//
// Counting work for threads.
#include "worker.hpp"

#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>
#include <utility>

namespace alkconv::test {
namespace {
std::atomic<int> started, interrupted, ended, destroyed;
} // namespace

Worker::Worker(std::string marker) : marker_(std::move(marker)) {}

Worker::~Worker() { ++destroyed; }

void Worker::Work() {
	++started;
	{
		std::unique_lock<std::mutex> lock(mutex_);
		changed_.wait(lock, [&] { return interrupted_; });
	}
	std::this_thread::sleep_for(std::chrono::milliseconds(200));
	if (!marker_.empty())
		std::ofstream(marker_) << "ended";
	++ended;
}

void Worker::interrupt() noexcept {
	++interrupted;
	const std::lock_guard<std::mutex> lock(mutex_);
	interrupted_ = true;
	changed_.notify_all();
}

WorkerCounts Worker::take_counts() noexcept {
	return {started.exchange(0), interrupted.exchange(0), ended.exchange(0), destroyed.exchange(0)};
}

void WorkDeaf() {
	++started;
	std::this_thread::sleep_for(std::chrono::milliseconds(300));
	++ended;
}

} // namespace alkconv::test
