// Regime: C++ (may throw, never calls Postgres)
//
// Reads /proc/self, or counts allocations by the sanitizer's hooks.
#include "process.hpp"

#include <fstream>
#include <stdexcept>
#include <string>

#ifdef __SANITIZE_ADDRESS__
#include <atomic>
#include <cstddef>

// of sanitizer/allocator_interface.h, which gcc does not install
extern "C" {
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
											  void (*on_free)(const volatile void *));
size_t __sanitizer_get_allocated_size(const volatile void *memory);
}
#else
#include <unistd.h>
#endif

namespace alkconv::test {
namespace {

std::ifstream Open(const char *path) {
	std::ifstream file(path);
	if (!file)
		throw std::runtime_error(std::string("could not open ") + path);
	return file;
}

#ifdef __SANITIZE_ADDRESS__
std::atomic<int64_t> in_use;

void CountMalloc(const volatile void *, size_t size) { in_use += static_cast<int64_t>(size); }

void CountFree(const volatile void *memory) {
	if (memory != nullptr)
		in_use -= static_cast<int64_t>(__sanitizer_get_allocated_size(memory));
}
#endif

} // namespace

int64_t MemoryInUse() {
#ifdef __SANITIZE_ADDRESS__
	static const int installed = __sanitizer_install_malloc_and_free_hooks(CountMalloc, CountFree);
	if (installed == 0)
		throw std::runtime_error("the sanitizer takes no hooks");
	return in_use;
#else
	int64_t size = 0, resident = 0, shared = 0;
	Open("/proc/self/statm") >> size >> resident >> shared;
	return (resident - shared) * sysconf(_SC_PAGESIZE);
#endif
}

int64_t Threads() {
	std::ifstream status = Open("/proc/self/status");
	std::string word;
	while (status >> word)
		if (word == "Threads:") {
			int64_t threads = 0;
			status >> threads;
			return threads;
		}
	throw std::runtime_error("/proc/self/status has no line of threads");
}

} // namespace alkconv::test
