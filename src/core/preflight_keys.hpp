// Regime: C++ (may throw, never calls Postgres)
//
// What the target's keys would refuse, which no single value shows: duplicates, orphans, keys of a foreign key that only the source's collation
// holds equal, and index entries that are too long.
#pragma once

#include "core/preflight.hpp"
#include "core/preflight_ties.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace alkconv::core {

// A foreign key of a target table that the server enforces.
struct TargetForeignKey {
	std::string name;
	uint32_t child = 0, parent = 0;
	std::string parent_name; // for messages
	std::vector<int16_t> child_columns, parent_columns;
};

struct TargetFacts {
	std::vector<TargetKey> keys;				// by table, then name
	std::vector<TargetForeignKey> foreign_keys; // likewise
	std::vector<TargetTie> ties;				// by table, column, name
};

// A query of its own: one row, the number of rows and a sample.
struct KeyQuestion {
	Finding finding;
	std::string gate; // cheaper, and 0 where the query would count nothing; empty: none
	std::string query;
	// Cheaper still: where each value of the first is among those of the second, as bytes, the gate is 0. Empty: it is not told so.
	std::string child_keys, parent_keys;
	uint64_t parents = 0; // by the source's statistics
};

struct KeyQuestions {
	std::vector<KeyQuestion> questions;
	std::vector<Finding> notes; // what cannot be asked
};

// Duplicates under the target's unique indexes.
KeyQuestions AskAboutUniqueness(const SourceSchema &source, const Plan &plan, const TargetFacts &facts,
								const PreflightScope &scope);
// Orphans under the target's foreign keys, and under the source's where the table is to be created.
KeyQuestions AskAboutReferences(const SourceSchema &source, const Plan &plan, const TargetFacts &facts,
								const RuleSet &rules, const PreflightScope &scope);

} // namespace alkconv::core
