// Regime: C++ (may throw, never calls Postgres)
//
// Compressed data as applications leave it in a database: zlib streams, gzip files, and what MySQL's COMPRESS() makes.
#pragma once

#include "core/arena.hpp"
#include "core/status.hpp"

#include <cstdint>
#include <string_view>

namespace alkconv::core {

// What one value may hold when it is inflated: a few bytes can claim to be gigabytes.
constexpr uint64_t kMaxInflated = uint64_t{256} * 1024 * 1024;

// Inflates `data`, whole, into the arena. invalid_compressed for what is no such data, is damaged (the format's own checksum says so) or is
// followed by something else; inflated_too_large beyond `limit`, for which no memory is taken; out_of_memory.
Code Inflate(std::string_view data, Arena &arena, std::string_view &inflated, uint64_t limit = kMaxInflated) noexcept;

} // namespace alkconv::core
