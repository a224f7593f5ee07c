// Regime: Postgres (may longjmp, never throws)
//
// The server says that an entry is too long for an index, and neither of which row it is nor what to do.
#pragma once

#include "core/plan.hpp"
#include "pg/postgres.hpp"

namespace alkconv::load {

struct RefusedIndex {
	const core::TablePlan *table;
	const char *name;
	const char *from;  // the relation that holds the rows, for FROM
	const char *parts; // expressions over it, separated by commas
	bool of_words;	   // a text search index
	const char *hint;
};

// Raises the server's error (class 54) once more, with the key of the row whose entry is the longest. Precondition: SPI is connected, search_path
// pinned, and what failed is undone.
[[noreturn]] void raise_refused_entry(const RefusedIndex *index, const ErrorData *error);

} // namespace alkconv::load
