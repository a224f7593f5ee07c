// Regime: C++ (may throw, never calls Postgres)
//
// Compression of values as the server would do it when it stores them, in the reader's thread.
#pragma once

#include "core/arena.hpp"
#include "core/value.hpp"

namespace alkconv::core {

// Replaces a value of kind `varlena` by its lz4 form, kind `varlena_lz4`, in the arena. Leaves it as it is where the server would keep it
// uncompressed, too: that would save less than three bytes (toast_compress_datum, toast_internals.c, 17); or when memory is exhausted.
void CompressLz4(Value &value, Arena &arena) noexcept;

} // namespace alkconv::core
