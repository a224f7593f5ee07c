// Regime: C++ (may throw, never calls Postgres)
//
// The shape of the table of decisions: families of MySQL types that convert alike, and a row of the table.
#pragma once

#include "core/conversion.hpp"

#include <cstdint>

namespace alkconv::core {

enum class Family : uint8_t {
	integer,
	decimal,
	float_,
	double_,
	bit,
	year,
	date,
	datetime,
	timestamp,
	time,
	text,	// CHAR, VARCHAR, the TEXTs
	binary, // BINARY, VARBINARY, the BLOBs
	enum_,
	set,
	json,
	uuid,
	inet,
	shape,	// every spatial type
	opaque, // bytes in a format of the server's own: vector
	unknown,
};

Family FamilyOf(MySqlKind kind) noexcept;

struct Decision {
	Family source;
	uint32_t targets; // a set of PgKind: 1 << kind
	ConvertFunction convert;
	const char *name; // Conversion::name
};

} // namespace alkconv::core
