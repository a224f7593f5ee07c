// Regime: C++ (may throw, never calls Postgres)
//
// Breaking off connections from another thread.
#include "mysql/interrupter.hpp"

#include "core/status.hpp"
#include "mysql/interrupter_state.hpp"

#include <algorithm>

#include <netinet/in.h>
#include <sys/socket.h>

namespace alkconv::mysql {

namespace {

bool ConnectsTo(int socket, uint16_t port) noexcept {
	union {
		sockaddr any;
		sockaddr_in v4;
		sockaddr_in6 v6;
		sockaddr_storage room;
	} peer;
	socklen_t length = sizeof(peer);
	if (getpeername(socket, &peer.any, &length) != 0)
		return false;
	switch (peer.any.sa_family) {
	case AF_INET: return ntohs(peer.v4.sin_port) == port;
	case AF_INET6: return ntohs(peer.v6.sin6_port) == port;
	default: return peer.any.sa_family == AF_UNIX;
	}
}

} // namespace

Interrupter::Interrupter() : state_(std::make_shared<State>()) {}
Interrupter::~Interrupter() = default;
void Interrupter::interrupt() noexcept { state_->Interrupt(); }

void Interrupter::State::Interrupt() noexcept {
	const std::lock_guard<std::mutex> lock(mutex_);
	interrupted_ = true;
	for (const int socket : sockets_)
		shutdown(socket, SHUT_RDWR);
	for (const Watched &watched : watched_) {
		const int socket = __atomic_load_n(watched.number, __ATOMIC_RELAXED);
		if (socket > 0 && ConnectsTo(socket, watched.port))
			shutdown(socket, SHUT_RDWR);
	}
	wake_.Signal();
}

bool Interrupter::State::interrupted() const noexcept {
	const std::lock_guard<std::mutex> lock(mutex_);
	return interrupted_;
}

void Interrupter::State::Register(int socket) {
	const std::lock_guard<std::mutex> lock(mutex_);
	sockets_.push_back(socket);
	if (interrupted_)
		shutdown(socket, SHUT_RDWR);
}

void Interrupter::State::Unregister(int socket) noexcept {
	const std::lock_guard<std::mutex> lock(mutex_);
	sockets_.erase(std::remove(sockets_.begin(), sockets_.end(), socket), sockets_.end());
}

void Interrupter::State::Watch(const int *number, uint16_t port) {
	const std::lock_guard<std::mutex> lock(mutex_);
	watched_.push_back({number, port});
}

void Interrupter::State::Unwatch(const int *number) noexcept {
	const std::lock_guard<std::mutex> lock(mutex_);
	watched_.erase(
		std::remove_if(watched_.begin(), watched_.end(), [=](const Watched &w) { return w.number == number; }),
		watched_.end());
}

WatchedSocket::WatchedSocket(std::shared_ptr<Interrupter::State> state, int socket)
	: state_(std::move(state)), socket_(Descriptor::Duplicate(socket)) {
	if (socket_.get() < 0)
		throw core::Error(core::Code::internal, "could not duplicate the socket of a MySQL connection")
			.Hint("The process may have too many open files.");
	state_->Register(socket_.get());
}

WatchedSocket::~WatchedSocket() {
	if (state_ && socket_.get() >= 0)
		state_->Unregister(socket_.get());
}

void WatchedSocket::Shutdown() const noexcept { shutdown(socket_.get(), SHUT_RDWR); }

} // namespace alkconv::mysql
