// Regime: Postgres (may longjmp, never throws)
//
// The one table from core::Code to SQLSTATE, and the raising of core::Error objects that live in context-owned memory.
#pragma once

#include "core/status.hpp"
#include "pg/postgres.hpp"

namespace alkconv::pg {

// SQLSTATE (as MAKE_SQLSTATE) of a kind of fault.
int sqlstate(core::Code code) noexcept;

// Raises a stored error (a batch's fault, a reader's error). The object must live in a memory context, not on the stack.
[[noreturn]] void report(const core::Error &error);

// For error-context callbacks: gives the error being raised a hint unless it brings its own, as RAISE ... USING HINT and input functions do.
// An error that says nothing of a row or value (memory, disk, cancel, shutdown) gets none.
void add_hint(const char *hint);

} // namespace alkconv::pg
