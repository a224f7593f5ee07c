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
	value.in_arena = false;
	value.bytes = {bytes.data(), bytes.size()};
	return Code::ok;
}

// The same for bytes that begin where Arena::AllocateBytes said.
inline Code SetArenaBytes(ValueKind kind, std::string_view bytes, Value &value) noexcept {
	value.kind = kind;
	value.in_arena = true;
	value.bytes = {bytes.data(), bytes.size()};
	return Code::ok;
}

// The cell's own bytes, all of them.
inline Code SetCellBytes(ValueKind kind, const Cell &cell, Value &value) noexcept {
	value.kind = kind;
	value.in_arena = cell.in_arena;
	value.bytes = {cell.bytes.data, cell.bytes.size};
	return Code::ok;
}

// Copies the bytes into the arena first.
inline Code CopyBytes(ValueKind kind, std::string_view bytes, Arena &arena, Value &value) noexcept {
	char *const copy = arena.AllocateBytes(bytes.size());
	if (copy == nullptr)
		return Code::out_of_memory;
	if (!bytes.empty()) // an empty view may have no address at all
		std::memcpy(copy, bytes.data(), bytes.size());
	return SetArenaBytes(kind, {copy, bytes.size()}, value);
}

} // namespace alkconv::core
