// Regime: C++ (may throw, never calls Postgres)
//
// What the conditions of all types share, and one function per family of source types, in the order of conversion.cpp's table. For
// preflight_*.cpp alone.
#pragma once

#include "core/preflight_conditions.hpp"

#include <string>
#include <utility>

namespace alkconv::core::preflight {

// What column a condition is about.
struct Operand {
	const ColumnPlan &column;
	bool mariadb;
	std::string x;
	ColumnConditions &out;

	const SourceType &source() const { return column.source_type; }
	const TargetType &target() const { return column.target_type; }
	bool is_json() const { return source().kind == MySqlKind::json; }
	PgKind kind() const { return column.target_type.kind; }

	void Add(const char *check, Code code, std::string sql) const {
		out.faults.push_back({check, code, std::move(sql)});
	}
	void Doubt(const char *what, std::string sql) const { out.doubts.push_back({what, std::move(sql)}); }
	void Unchecked(const char *why) const { out.unchecked = why; }
};

struct IntegerRange {
	const char *minimum, *maximum;
};
// Of smallint, integer and bigint; nullptr for other types.
const IntegerRange *RangeOf(PgKind kind) noexcept;

constexpr const char *kInputDecides = "whether a value is valid is decided by the target type's input function";

std::string PowerOfTen(int32_t exponent);
void OutOfRange(const Operand &o, const std::string &number, const IntegerRange &range);
// For an exact `number`: CheckNumeric. `fraction_test` holds for numbers with too many digits after the point; empty: there are none. The number has
// `most_digits` before the point.
void OutOfNumeric(const Operand &o, const std::string &number, const std::string &fraction_test,
				  int32_t most_digits = 66);
std::string HasMoreDigits(const std::string &number, int32_t scale);
// What text means for such a target, comparable by `=`; NULL for what it refuses. Empty where SQL cannot say it.
std::string TextAs(const TargetType &target, const std::string &text);
// More characters than the target has.
void TooLong(const Operand &o, const std::string &characters);

void FromInteger(const Operand &o); // and YEAR, BIT
void FromDecimal(const Operand &o);
void FromFloat(const Operand &o);
void FromDate(const Operand &o);
void FromDateTime(const Operand &o); // and TIMESTAMP
void FromTime(const Operand &o);
void FromText(const Operand &o);
void FromBinary(const Operand &o);
void FromEnum(const Operand &o);
void FromSet(const Operand &o);
void FromJson(const Operand &o);

// What Postgres' JSON types refuse of text, where `asked` holds.
void JsonSyntax(const Operand &o, const std::string &text, const std::string &asked);
// Each character is to be a byte.
void CodePoints(const Operand &o);
void Inflated(const Operand &o);
// What jsonb refuses of JSON text; nothing for other targets.
void JsonEscapes(const Operand &o, const std::string &text, bool surrogates);

} // namespace alkconv::core::preflight
