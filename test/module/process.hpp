// Regime: C++ (may throw, never calls Postgres)
//
// What this process uses, as the kernel or the sanitizer counts it.
#pragma once

#include <cstdint>

namespace alkconv::test {

// Private resident bytes (shared memory counts when first touched, so it is left out). Under AddressSanitizer, which
// keeps freed memory for a while: bytes in use since the first call.
int64_t MemoryInUse();
int64_t Threads();

} // namespace alkconv::test
