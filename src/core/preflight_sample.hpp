// Regime: C++ (may throw, never calls Postgres)
//
// How the source shows one row of those found: the first by key, with its key and value. Key and value travel in hex behind what they are
// sorted by, so that one MIN() finds all three and nothing has to be escaped.
#pragma once

#include "core/plan.hpp"

#include <optional>
#include <string>
#include <vector>

namespace alkconv::core {

struct Finding;

// Expressions over the source table; both empty when no key identifies a row.
struct RowKey {
	std::string shown;	  // "(id)=(7)"
	std::string position; // text whose bytes are in the order of keys
};
RowKey KeyOf(const SourceTable &source, const TablePlan &table);

// As much of a column's value as can be shown, as text: bytes as \x hex.
std::string ShownValue(const ColumnPlan &column);

// What ReadSample reads, for MIN(); `value` is such an expression.
std::string SampleExpression(const RowKey &key, const std::string &value);
// The values of several columns: "a, b".
std::string ShownValues(const std::vector<const ColumnPlan *> &columns);

// As much of a text as a finding shows.
std::string SampleText(const std::string &value);

// Sets key and value of the finding; nothing for no sample.
void ReadSample(const std::optional<std::string> &sample, Finding &finding);

} // namespace alkconv::core
