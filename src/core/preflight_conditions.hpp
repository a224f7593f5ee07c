// Regime: C++ (may throw, never calls Postgres)
//
// Which values of a column its target refuses, as conditions of MySQL's SQL: what the converters (conversion.hpp) decide value by value,
// said once more in the language that MySQL 8.0 to 9 and MariaDB 10.11 to 11.8 share, for the session that mysql::Connection pins.
#pragma once

#include "core/plan.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace alkconv::core {

// True (not NULL, not false) for the values meant, for no others.
struct ValueCondition {
	const char *check; // name of the check: docs/preflight.md
	Code code;		   // what the converter, or the target's input function, says of such a value
	std::string sql;
};

struct ColumnConditions {
	std::vector<ValueCondition> faults;
	std::string unchecked; // what conditions cannot tell of this column's values; empty: nothing
};

// The conditions for one column under its policy. NULLs are no fault here.
ColumnConditions FaultConditions(const ColumnPlan &column, bool mariadb);

// The operand of the conditions: the column (of the table so called, if any), NULL where the policy makes the value NULL.
std::string SourceOperand(const ColumnPlan &column, const std::string &alias = "");
// The characters of a text or binary value as UTF-8 bytes.
std::string Utf8Bytes(const std::string &x, const SourceType &type);
// A regular expression as a literal.
std::string RegexLiteral(std::string_view pattern);

bool IsTextTarget(PgKind kind) noexcept;
bool HasTransform(const ColumnPolicy &policy, TransformName name) noexcept;

} // namespace alkconv::core
