// Regime: C++ (may throw, never calls Postgres)
//
// The two currencies of a row. A Cell is what the source sent, as the binary protocol gives it, untouched. A Value is the same
// datum ready for the target: everything that can be decided without Postgres (ranges, encodings, calendars, uuid syntax) has
// been decided, and pg/datum.cpp only has to give it Postgres' representation. Both are views: the bytes they point to live in
// the batch's arena.
#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace alkconv::core {

// A date, time or date-and-time in parts, exactly as stored (zero and partial dates included).
// `hour` reaches 838 for TIME values; `negative` occurs for TIME only.
struct Temporal {
	uint16_t year;
	uint8_t month;
	uint8_t day;
	uint16_t hour;
	uint8_t minute;
	uint8_t second;
	uint32_t microsecond;
	bool negative;
};

enum class CellKind : uint8_t {
	null,
	int64,	 // every signed integer type, and YEAR
	uint64,	 // every unsigned integer type
	float32, // FLOAT: the exact four bytes, never its rounded text
	float64,
	temporal,
	bytes, // DECIMAL (ASCII text), BIT (big-endian), character types (UTF-8), binary types, JSON, GEOMETRY, everything else
};

struct Cell {
	CellKind kind;
	bool in_arena; // `bytes` only: they lie in the batch's arena as Arena::AllocateBytes gives them, else anywhere
	union {
		int64_t i64;
		uint64_t u64;
		float f32;
		double f64;
		Temporal temporal;
		struct {
			const char *data;
			uint64_t size;
		} bytes;
	};

	std::string_view text() const noexcept { return {bytes.data, static_cast<size_t>(bytes.size)}; }
};
static_assert(std::is_trivially_copyable_v<Cell> && sizeof(Cell) == 24);

enum class ValueKind : uint8_t {
	null,
	boolean,	 // i64 0 or 1
	int16,		 // i64
	int32,		 // i64
	int64,		 // i64
	float32,	 // f32
	float64,	 // f64
	date,		 // i64: days since 2000-01-01
	time,		 // i64: microseconds since midnight
	timestamp,	 // i64: microseconds since 2000-01-01 00:00:00 (timestamptz: in UTC)
	decimal,	 // i64 / 10^scale: a numeric that shows `scale` digits after the point
	interval,	 // i64: microseconds (days and months are zero)
	varlena,	 // bytes: payload of text, varchar, bytea, json, jsonb after all checks; the bridge adds the header
	varlena_lz4, // bytes: an lz4 block in the arena that is such a payload of `raw_size` bytes
	uuid,		 // bytes: 16
	bits,		 // bytes: left-aligned bits as Postgres' bit type stores them; `bit_count` of them
	input, // bytes: UTF-8 text for the target type's input function (long numeric, enum, domain, array, inet, ...)
};

struct Value {
	ValueKind kind;
	bool in_arena; // kinds with bytes: as Cell::in_arena
	union {
		uint32_t scale;		// of `decimal`
		uint32_t bit_count; // of `bits`
		uint32_t raw_size;	// of `varlena_lz4`
	};
	union {
		int64_t i64;
		float f32;
		double f64;
		struct {
			const char *data;
			uint64_t size;
		} bytes;
	};

	std::string_view text() const noexcept { return {bytes.data, static_cast<size_t>(bytes.size)}; }
};
static_assert(std::is_trivially_copyable_v<Value> && sizeof(Value) == 24);

} // namespace alkconv::core
