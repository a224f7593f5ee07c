// Regime: C++ (may throw, never calls Postgres)
//
// A translated expression with what is known of its values: its form in Postgres, the range of an integer, the digits of a
// decimal, the collation and charset of a text in MySQL. Conversions between forms are here; each is exact or refused.
#pragma once

#include "core/expression_tree.hpp"
#include "core/types.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alkconv::core::expression {

// What the SQL gives in Postgres.
enum class Form : uint8_t {
	null,	  // a bare NULL
	boolean,  // boolean, for MySQL's 0 and 1
	integer,  // smallint, integer, bigint, or numeric without a fraction
	decimal,  // numeric
	floating, // real, double precision
	text,	  // text, character varying, character
	label,	  // an enum's label, as text or as Postgres' enum
	binary,	  // bytea
	date,
	datetime, // timestamp without time zone
	instant,  // timestamp with time zone
	time,	  // interval, time
	json,	  // json, jsonb
	uuid,	  // a random uuid
	opaque,	  // anything else: it can be NULL, no more is known
};

const char *FormName(Form form) noexcept;

enum class Volatility : uint8_t { immutable, stable, volatile_ };

// Wide enough for sums and products of 64-bit numbers of either sign.
using Wide = __int128;

constexpr Wide kMinSigned = -(Wide{1} << 63), kMaxSigned = (Wide{1} << 63) - 1, kMaxUnsigned = (Wide{1} << 64) - 1;

// How MySQL compares a text.
enum class Collation : uint8_t {
	literal,	 // takes that of the other side
	exact,		 // code point by code point
	padded,		 // likewise, blanks at the end left out
	insensitive, // not known to be one of those
};

// Fields say nothing where another form is named.
struct Value {
	// integer
	Wide low = 0, high = 0;
	// label: in order
	const std::vector<std::string> *labels = nullptr;
	// an operand: needs no parentheses around it
	std::string sql;
	// string and bytes literals, JSON documents of literals: what they stand for
	std::optional<std::string> literal;
	// text
	std::string collation_name;
	// decimal: digits before and after the point
	unsigned digits = 0, scale = 0;
	// datetime, instant, time
	unsigned fsp = 0;
	Form form = Form::null;
	Volatility volatility = Volatility::immutable;
	// text
	Collation collation = Collation::literal;
	bool explicit_collation = false;
	// text: MySQL holds it in UTF-8
	bool utf8 = true;
	// text: it has ASCII characters only
	bool ascii = false;
	// integer
	bool is_unsigned = false;
	// integer: its Postgres type is numeric
	bool wide = false;
	// integer: its Postgres type is bigint
	bool bigint = false;
	// integer: a literal, which is `low`. A range of one number alone says nothing: the value may be NULL
	bool constant = false;
	// integer: of BIT, which is a binary string where a text is asked for
	bool bits = false;
	// integer: MySQL reads small numbers that it is compared with as 19xx or 20xx
	bool year = false;
	// integer, decimal
	bool zerofill = false;
	// decimal: MySQL may show some values with fewer digits
	bool mixed_scale = false;
	// floating: its Postgres type is real
	bool single = false;
	// datetime: made of LOCALTIMESTAMP
	bool clock = false;
	// uuid: as 16 bytes
	bool uuid_bytes = false;
	// json
	bool jsonb = true;
	// label: the column's Postgres type is a text
	bool label_is_text = false;
};

bool IsNumber(const Value &v) noexcept;
// A literal integer: it may be written otherwise, or left out where a NULL is looked for.
bool IsConstant(const Value &v) noexcept;
bool IsConstant(const Value &v, Wide number) noexcept;

// ---- making ----

Value MakeNull();
Value MakeBoolean(std::string sql);
Value MakeInteger(std::string sql, Wide low, Wide high);
Value MakeBigint(std::string sql, Wide low, Wide high);
Value MakeIntegerLiteral(Wide number);
Value MakeDecimal(std::string sql, unsigned digits, unsigned scale);
Value MakeText(std::string sql); // ASCII, as made from a number
Value MakeStringLiteral(std::string text);
Value MakeBytesLiteral(std::string bytes);
Value Make(Form form, std::string sql);

// `result` as volatile as the most volatile part, and with digits as uncertain.
Value From(std::initializer_list<const Value *> parts, Value result);

std::string IntegerText(Wide number);

// ---- conversions; each throws Refusal where MySQL's is another or is not known ----

// As MySQL's WHERE would: numbers are compared with 0.
Value ToBoolean(const Value &v);
// A boolean becomes 0 and 1; other numbers stay.
Value ToNumber(const Value &v);
// An integer whose Postgres type is bigint (or numeric, if wide).
Value ToInteger(const Value &v);
Value ToNumeric(const Value &v);
Value ToDouble(const Value &v);
// As CAST(v AS CHAR).
Value ToText(const Value &v);
// The bytes of a text in UTF-8, or a binary as it is.
Value ToBinary(const Value &v);
Value ToDate(const Value &v);	  // of a date or a datetime; or of a literal
Value ToDateTime(const Value &v); // likewise
// A datetime with at most so many digits behind the point, rounded as MySQL does, halves always up. Throws Refusal for
// MariaDB if it has more: there sql_mode says whether they are cut off.
Value Rounded(const Value &v, unsigned fsp, bool mariadb);
Value ToTime(const Value &v); // of a time or a literal

// A field of a date, a datetime or a time as an integer; `field` as EXTRACT spells it.
std::string FieldNumber(const char *field, const std::string &of);
// The same as text with leading zeros. Immutable, which to_char() is not.
std::string FieldText(const char *field, const std::string &of, int width);

// Several branches of one expression in one form, NULLs left as they are. `what` names the expression.
void Unify(std::vector<Value> &values, const char *what);

// The collation of an expression that has both; refused where MySQL's rules are not simple.
void MergeCollations(Value &into, const Value &other);

} // namespace alkconv::core::expression
