// Regime: C++ (may throw, never calls Postgres)
//
// File descriptors with an owner: events for waiting threads, and a second handle on a connection's socket.
#pragma once

#include <utility>

namespace alkconv::mysql {

class Descriptor {
public:
	Descriptor() = default;
	explicit Descriptor(int fd) noexcept : fd_(fd) {}
	Descriptor(Descriptor &&other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
	Descriptor &operator=(Descriptor &&other) noexcept {
		std::swap(fd_, other.fd_);
		return *this;
	}
	~Descriptor();

	int get() const noexcept { return fd_; }

	// A descriptor of its own for the same open file, or none. The client library closes its socket by itself when a
	// connection breaks; through a duplicate another thread can still shut it down without ever touching a recycled
	// number.
	static Descriptor Duplicate(int fd) noexcept;
	// A non-blocking eventfd. Raises Error(internal) when the process has no descriptor left.
	static Descriptor Event();

	// For descriptors made by Event(): makes it readable; empties it.
	void Signal() const noexcept;
	void Drain() const noexcept;

private:
	int fd_ = -1;
};

} // namespace alkconv::mysql
