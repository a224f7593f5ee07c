// Regime: C++ (may throw, never calls Postgres)
//
// Rows, index entries and text search vectors that are too long. The source knows lengths and nothing of compression, so that it chooses the rows
// that may be, which the target's server then looks at.
#pragma once

#include "core/preflight.hpp"
#include "core/preflight_keys.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace alkconv::core {

struct SizeQuestion {
	enum class Kind : uint8_t {
		entry, // of a btree index
		words, // the vector of a text search index
		row,
	};
	Kind kind = Kind::entry;
	const TablePlan *table = nullptr;
	std::vector<size_t> columns;	// of its plan, in the order of the index
	std::vector<uint32_t> prefixes; // of each: as many characters, or bytes of a bytea; 0: all
	std::string condition;			// of the source's SQL: the rows that may be too long
	Finding finding;				// but for rows and sample
};

// Of tables and indexes that may have such rows, by what the source declares.
std::vector<SizeQuestion> AskAboutSizes(const SourceSchema &source, const Plan &plan, const TargetFacts &facts,
										const RuleSet &rules, const PreflightScope &scope);

} // namespace alkconv::core
