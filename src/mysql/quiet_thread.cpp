// Regime: C++ (may throw, never calls Postgres)
//
// Threads inside a Postgres backend.
#include "mysql/quiet_thread.hpp"

#include "core/status.hpp"
#include "mysql/client_library.hpp"

#include <string>
#include <system_error>

#include <signal.h>

namespace alkconv::mysql {

namespace {

// A new thread inherits the mask, so it never runs an instruction with a signal open.
class BlockSignals {
public:
	BlockSignals() {
		sigset_t all;
		sigfillset(&all);
		pthread_sigmask(SIG_SETMASK, &all, &before_);
	}
	~BlockSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
	BlockSignals(const BlockSignals &) = delete;
	BlockSignals &operator=(const BlockSignals &) = delete;

private:
	sigset_t before_;
};

} // namespace

std::thread StartQuietThread(std::function<void()> body) {
	EnsureClientLibrary();
	const BlockSignals quiet;
	try {
		return std::thread([body = std::move(body)] {
			const ClientThread member;
			body();
		});
	} catch (const std::system_error &e) {
		throw core::Error(core::Code::internal, std::string("could not start a thread: ") + e.what())
			.Hint("The operating system's limit of threads or memory may have been reached.");
	}
}

} // namespace alkconv::mysql
