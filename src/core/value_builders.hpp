// Regime: C++ (may throw, never calls Postgres)
//
// One-line makers of values, shared by the conversion functions.
#pragma once

#include "core/arena.hpp"
#include "core/status.hpp"
#include "core/value.hpp"

#include <cstring>
#include <string_view>

namespace alkconv::core {

inline Code SetInteger(ValueKind kind, int64_t number, Value &value) noexcept {
	value.kind = kind;
	value.i64 = number;
	return Code::ok;
}

// Points the value at bytes that live as long as the batch.
inline Code SetBytes(ValueKind kind, std::string_view bytes, Value &value) noexcept {
	value.kind = kind;
	value.bytes = {bytes.data(), bytes.size()};
	return Code::ok;
}

// Copies the bytes into the arena first.
inline Code CopyBytes(ValueKind kind, std::string_view bytes, Arena &arena, Value &value) noexcept {
	char *const copy = arena.Allocate(bytes.size());
	if (copy == nullptr)
		return Code::out_of_memory;
	if (!bytes.empty()) // an empty view may have no address at all
		std::memcpy(copy, bytes.data(), bytes.size());
	return SetBytes(kind, {copy, bytes.size()}, value);
}

} // namespace alkconv::core
