// Regime: C++ (may throw, never calls Postgres)
//
// What an Interrupter shares with the connections made under it.
#pragma once

#include "mysql/descriptor.hpp"
#include "mysql/interrupter.hpp"

#include <cstdint>
#include <mutex>
#include <vector>

namespace alkconv::mysql {

class Interrupter::State {
public:
	State() : wake_(Descriptor::Event()) {}

	void Interrupt() noexcept;
	bool interrupted() const noexcept;
	// Readable once interrupted; never emptied.
	int wake_fd() const noexcept { return wake_.get(); }

	// While registered, `socket` is shut down by Interrupt(); at once when that has already happened.
	void Register(int socket);
	void Unregister(int socket) noexcept;

	// For a library that tells nobody about its socket while it connects: `*number` is where it will write it, from
	// another thread and unannounced (zero until then). Between Watch and Unwatch, Interrupt() shuts that socket down,
	// after checking that it is a connection to `port` (or local): the number may be stale for a moment when connecting
	// fails.
	void Watch(const int *number, uint16_t port);
	void Unwatch(const int *number) noexcept;

private:
	struct Watched {
		const int *number;
		uint16_t port;
	};

	mutable std::mutex mutex_; // guards everything below; nothing that blocks is called under it
	bool interrupted_ = false;
	std::vector<int> sockets_;
	std::vector<Watched> watched_;
	Descriptor wake_;
};

// A socket of a connection as an Interrupter sees it: a duplicate, registered as long as this object lives.
class WatchedSocket {
public:
	WatchedSocket() = default;
	WatchedSocket(std::shared_ptr<Interrupter::State> state, int socket);
	WatchedSocket(WatchedSocket &&) = default;
	WatchedSocket &operator=(WatchedSocket &&other) noexcept {
		std::swap(state_, other.state_);
		std::swap(socket_, other.socket_);
		return *this;
	}
	~WatchedSocket();

	// Ends all traffic of the connection in both directions, in any thread.
	void Shutdown() const noexcept;

private:
	std::shared_ptr<Interrupter::State> state_;
	Descriptor socket_;
};

} // namespace alkconv::mysql
