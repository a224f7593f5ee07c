// Regime: C++ (may throw, never calls Postgres)
//
// Which two renderings prove a column: one decision per (source type, target type, policy).
#pragma once

#include "core/digest_rendering.hpp"
#include "core/plan.hpp"

#include <string>

namespace alkconv::core::digest {

struct Pair {
	bool reread = false;  // no renderings
	bool recheck = false; // a difference is no proof of a difference
	const char *why = ""; // of either
	// Of recheck: a difference is no proof of a difference only where the source has values for which this holds, in
	// its SQL; empty: always.
	std::string doubt;
	Rendering mysql, postgres;
	// Of both: the source's SQL of the text that the target's own input function is to read; empty: the converter reads
	// the value again.
	std::string text_for_input;
};

// `postgres_column` is the quoted name of the stored column.
Pair RenderPair(const ColumnPlan &column, const std::string &postgres_column, bool mariadb);

} // namespace alkconv::core::digest
