// Regime: C++ (may throw, never calls Postgres)
//
// A thread for each connection; they take numbers from one counter.
#include "mysql/side_by_side.hpp"

#include "mysql/server_mark.hpp"
#include "mysql/snapshot.hpp"
#include "mysql/task.hpp"

#include <atomic>
#include <exception>
#include <mutex>

namespace alkconv::mysql {

SideBySide::SideBySide(Connection &first, size_t wanted, Interrupter &interrupter) : first_(first) {
	while (size() < wanted)
		try {
			auto connection = std::make_unique<Connection>(first.options(), &interrupter);
			RequireSameServer(*connection, first.mark());
			Snapshot::Begin(*connection);
			others_.push_back(std::move(connection));
		} catch (const core::Error &) { // a limit on connections, another server: those that are there do
			return;
		}
}

void SideBySide::Run(size_t count, const std::function<void(Connection &, size_t)> &work) {
	std::atomic<size_t> next{0};
	std::mutex mutex;
	std::exception_ptr failure; // under the mutex
	const auto fail = [&] {
		const std::lock_guard<std::mutex> lock(mutex);
		if (failure)
			return;
		failure = std::current_exception();
		next = count;
		for (size_t i = 0; i < size(); ++i)
			connection(i).interrupt();
	};
	const auto take = [&](Connection &own) {
		try {
			for (size_t n = next++; n < count; n = next++)
				work(own, n);
		} catch (...) {
			fail();
		}
	};
	std::vector<std::unique_ptr<Task>> tasks;
	for (size_t i = 1; i < size() && i < count; ++i)
		tasks.push_back(std::make_unique<Task>([&take, &own = connection(i)] { take(own); },
											   [&own = connection(i)] { own.interrupt(); }));
	take(first_);
	for (const std::unique_ptr<Task> &task : tasks)
		task->Finish();
	if (failure)
		std::rethrow_exception(failure);
}

} // namespace alkconv::mysql
