// Regime: C++ (may throw, never calls Postgres)
//
// Which values of a column its target refuses, as conditions of MySQL's SQL: what the converters (conversion.hpp) decide value by value,
// said once more in the language that MySQL 8.0 to 9 and MariaDB 10.11 to 11.8 share, for the session that mysql::Connection pins. They are about
// what rules leave of a value.
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

struct ValueDoubt {
	const char *what; // a clause: what is not known
	std::string sql;
};

struct ColumnConditions {
	std::vector<ValueCondition> faults;	 // the run would fail at them
	std::vector<ValueCondition> settled; // it would without the column's rules
	std::vector<ValueDoubt> doubts;		 // whether it would at them SQL cannot tell
	std::string unchecked;				 // what conditions cannot tell of this column's values; empty: nothing
};

// The conditions for one column under its policy. NULLs are no fault here.
ColumnConditions FaultConditions(const ColumnPlan &column, bool mariadb);

// The column as the source holds it, of the table so called, if any.
std::string SourceOperand(const ColumnPlan &column, const std::string &alias = "");
// What rules leave of it: NULL where they make it that. With an alias those about foreign keys are left out.
std::string RuledOperand(const ColumnPlan &column, bool mariadb, const std::string &alias = "");
// Does that say it all? An expression is computed by the target's server, and what is compressed is looked at as it is.
bool IsRuledBySql(const ColumnPolicy &policy) noexcept;
// The characters of a text or binary value as UTF-8 bytes.
std::string Utf8Bytes(const std::string &x, const SourceType &type);
// A regular expression as a literal.
std::string RegexLiteral(std::string_view pattern);

bool IsTextTarget(PgKind kind) noexcept;
bool HasTransform(const ColumnPolicy &policy, TransformName name) noexcept;

} // namespace alkconv::core
