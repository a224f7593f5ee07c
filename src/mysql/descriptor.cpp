// Regime: C++ (may throw, never calls Postgres)
//
// File descriptors with an owner.
#include "mysql/descriptor.hpp"

#include "core/status.hpp"

#include <cerrno>
#include <cstdint>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace alkconv::mysql {

Descriptor::~Descriptor() {
	if (fd_ >= 0)
		close(fd_);
}

Descriptor Descriptor::Duplicate(int fd) noexcept { return Descriptor(fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 0)); }

Descriptor Descriptor::Event() {
	Descriptor event(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
	if (event.get() < 0)
		throw core::Error(core::Code::internal, "could not create an eventfd: " + std::system_category().message(errno))
			.Hint("The process may have too many open files.");
	return event;
}

void Descriptor::Signal() const noexcept {
	const uint64_t one = 1;
	// Fails only when the counter is full, and then it is readable already.
	[[maybe_unused]] const ssize_t written = write(fd_, &one, sizeof(one));
}

void Descriptor::Drain() const noexcept {
	uint64_t count;
	// Fails only when there is nothing to empty.
	[[maybe_unused]] const ssize_t got = read(fd_, &count, sizeof(count));
}

} // namespace alkconv::mysql
