// Regime: C++ (may throw, never calls Postgres)
//
// One blocking piece of work in a thread.
#include "mysql/task.hpp"

#include "mysql/descriptor.hpp"
#include "mysql/quiet_thread.hpp"

#include <atomic>
#include <exception>

#include <poll.h>

namespace alkconv::mysql {

struct Task::State {
	std::function<void()> work, interrupt;
	Descriptor event = Descriptor::Event();
	std::exception_ptr failure; // written by the thread before `done`, read after it
	std::atomic<bool> done{false};
	std::thread thread;

	void Run() noexcept {
		try {
			work();
		} catch (...) {
			failure = std::current_exception();
		}
		done.store(true, std::memory_order_release);
		event.Signal();
	}

	~State() {
		// Again and again: an interrupt can fall between two steps of the work, where there is nothing to break off.
		while (thread.joinable() && !done.load(std::memory_order_acquire)) {
			interrupt();
			pollfd ready = {event.get(), POLLIN, 0};
			poll(&ready, 1, kInterruptAgain);
		}
		if (thread.joinable())
			thread.join();
	}

	static constexpr int kInterruptAgain = 100; // milliseconds
};

Task::Task(std::function<void()> work, std::function<void()> interrupt) : state_(std::make_unique<State>()) {
	state_->work = std::move(work);
	state_->interrupt = std::move(interrupt);
	state_->thread = StartQuietThread([state = state_.get()] { state->Run(); });
}

Task::~Task() = default;

int Task::wait_fd() const noexcept { return state_->event.get(); }
bool Task::done() const noexcept { return state_->done.load(std::memory_order_acquire); }

void Task::Finish() {
	if (state_->thread.joinable())
		state_->thread.join();
	if (state_->failure)
		std::rethrow_exception(std::exchange(state_->failure, nullptr));
}

} // namespace alkconv::mysql
