// Regime: C++ (may throw, never calls Postgres)
//
// What a column of the target is tied to: a rule that makes other values of its values may break what looks at them together with others. A
// suggestion that might is none.
#pragma once

#include "core/plan.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace alkconv::core {

// Something of a target table that looks at a column's values.
struct TargetTie {
	uint32_t table = 0;
	int16_t attnum = 0;
	std::string what;	// "unique index by_name", for messages
	bool nulls = false; // a NULL may break it, too
};

// Both for messages; empty where nothing stands against it.
struct ColumnTies {
	std::string values; // what another value could break
	std::string nulls;	// what a NULL could break

	// Of a column and one of its ties, or one more.
	void Add(const TargetTie &tie);
};

// By table and column of the source.
using Ties = std::map<std::pair<std::string, std::string>, ColumnTies>;

// Of the planned tables: from the target's catalog, or for tables to be created from the source, whose keys and constraints they get.
Ties TiesOf(const SourceSchema &source, const Plan &plan, const std::vector<TargetTie> &target);

// Those of a column; none where nothing is tied to it.
const ColumnTies &TiesOfColumn(const Ties &ties, const std::string &table, const std::string &column);

} // namespace alkconv::core
