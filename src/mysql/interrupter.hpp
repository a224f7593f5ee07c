// Regime: C++ (may throw, never calls Postgres)
//
// Breaks off connections from another thread: those that exist, those being made, and those not yet begun. It is what a
// waiting backend pulls when the user cancels while a connection is still being opened.
#pragma once

#include <memory>

namespace alkconv::mysql {

class Interrupter {
public:
	Interrupter();
	~Interrupter();
	Interrupter(const Interrupter &) = delete;
	Interrupter &operator=(const Interrupter &) = delete;

	// For good: connections made with this object fail at once from now on. Quick, never blocks, from any thread.
	void interrupt() noexcept;

	class State;
	const std::shared_ptr<State> &state() const noexcept { return state_; } // for the other files of this folder

private:
	std::shared_ptr<State> state_;
};

} // namespace alkconv::mysql
