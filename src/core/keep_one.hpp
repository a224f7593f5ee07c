// Regime: C++ (may throw, never calls Postgres)
//
// The argument of action keep_one: KEY [, first | last] [by COLUMN]. KEY is the name of a unique index or constraint,
// or columns in parentheses. Names are spelled as the catalogs spell them, in double quotes where they hold blanks,
// commas, parentheses or quotes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace alkconv::core {

struct KeepOne {
	std::string key;				  // empty: `columns` are it
	std::vector<std::string> columns; // of the source
	bool last = false;				  // of the order; else the first stays
	std::string by;					  // a column of the source that orders; empty: the primary key alone
};

// A name as the argument spells it.
std::string KeepOneName(std::string_view name);

// Raises Error(invalid_option_value), with the form as hint.
KeepOne ParseKeepOne(std::string_view argument);

} // namespace alkconv::core
