// Regime: C++ (may throw, never calls Postgres)
//
// What a column is on either side: the MySQL/MariaDB type parsed from information_schema, and the Postgres type as the catalog
// describes it. The decisions that relate them are in conversion.hpp; the defaults of mode `create` in default_type.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace alkconv::core {

enum class MySqlKind : uint8_t {
	tinyint,
	smallint,
	mediumint,
	int_,
	bigint,
	decimal,
	float_,
	double_,
	bit,
	year,
	date,
	datetime,
	timestamp,
	time,
	char_,
	varchar,
	text, // text: tinytext .. longtext
	binary,
	varbinary,
	blob, // blob: tinyblob .. longblob
	enum_,
	set,
	json,
	geometry, // geometry: every spatial type, as MySQL's internal bytes (SRID + WKB)
	uuid,
	inet4,
	inet6,	// MariaDB
	vector, // MySQL 9, MariaDB 11.7: as bytes
	unknown,
};

struct SourceType {
	MySqlKind kind = MySqlKind::unknown;
	bool is_unsigned = false;
	uint32_t display_width = 0; // tinyint(1): 1. Never a range
	uint64_t length = 0;		// characters (char, varchar, texts), bytes (binaries, blobs), bits (bit)
	uint32_t precision = 0;		// decimal; float and double: of FLOAT(M,D), else 0
	uint32_t scale = 0;			// likewise
	uint32_t fsp = 0;			// digits of fractional seconds
	uint32_t srid = 0;			// geometry: the SRID attribute of MySQL, which every value has; 0: none
	std::string charset;		// as information_schema says; empty for non-text
	std::string collation;
	std::vector<std::string> labels; // enum, set; in order
	bool json_by_check = false;		 // MariaDB: longtext with CHECK (json_valid(c)); kind is json then
	std::string text;				 // COLUMN_TYPE, for messages and plans

	// FLOAT(M,D), DOUBLE(M,D): as text, and as decimal, the source has the number with D digits after the point.
	bool HasDeclaredDigits() const noexcept {
		return (kind == MySqlKind::float_ || kind == MySqlKind::double_) && precision > 0;
	}
};

// Parses information_schema.columns.COLUMN_TYPE ("int(10) unsigned", "enum('a','b''c')", ...).
// Raises Error(internal) for text that is no type at all; an unknown type name gives kind `unknown`.
SourceType ParseSourceType(std::string_view column_type, std::string_view charset, std::string_view collation);

// Kinds of target that core converts to by itself; every other type goes through its input function (`other`).
enum class PgKind : uint8_t {
	boolean,
	int2,
	int4,
	int8,
	float4,
	float8,
	numeric,
	text,
	varchar,
	bpchar,
	name,
	bytea,
	uuid,
	json,
	jsonb,
	date,
	time,
	timestamp,
	timestamptz,
	interval,
	bit,
	varbit,
	enum_,
	text_array,
	inet,
	other,
};

// The types of PostGIS, which are known by their names within that extension; of kind `other`.
enum class ShapeType : uint8_t { none, geometry, geography };

// A domain is described as the type below it: what that cannot keep, the domain cannot. Its name and its constraints are its own.
struct TargetType {
	PgKind kind = PgKind::other;
	uint32_t oid = 0;
	int32_t length = -1;	// varchar, bpchar: characters; bit, varbit: bits; -1 none
	int32_t precision = -1; // numeric; -1 unconstrained
	int32_t scale = 0;		// numeric
	int32_t fsp = 6;		// time, timestamp, timestamptz, interval: digits kept
	ShapeType shape = ShapeType::none;
	uint32_t srid = 0;				 // shape: the one that every value has to have; 0: any
	std::vector<std::string> labels; // enum_
	std::string text;				 // format_type(), for messages, plans and casts
	std::string below;				 // of a domain: format_type() of the type below it; else empty

	// format_type() of what is stored.
	const std::string &stored() const noexcept { return below.empty() ? text : below; }
};

} // namespace alkconv::core
