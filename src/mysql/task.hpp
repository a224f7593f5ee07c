// Regime: C++ (may throw, never calls Postgres)
//
// Runs one blocking piece of work (connecting, a catalog query, a digest) in a thread, so that the backend can wait for
// it with its latch and stay cancellable. Same thread discipline as Reader. The work must only use objects that outlive
// the Task; on early destruction `interrupt` is called (typically Connection::interrupt) and the thread is joined.
#pragma once

#include "core/status.hpp"

#include <functional>
#include <memory>

namespace alkconv::mysql {

class Task {
public:
	Task(std::function<void()> work, std::function<void()> interrupt);
	~Task();
	Task(const Task &) = delete;
	Task &operator=(const Task &) = delete;

	int wait_fd() const noexcept; // readable when done
	bool done() const noexcept;
	// After done(): joins, and rethrows what the work threw.
	void Finish();

private:
	struct State;
	std::unique_ptr<State> state_;
};

} // namespace alkconv::mysql
