// Regime: C++ (may throw, never calls Postgres)
//
// How information_schema describes partitions: the list of columns, and the values of a bound.
#pragma once

#include "core/catalog.hpp"

#include <optional>
#include <string>
#include <vector>

namespace alkconv::core {

// "`a`,`b`" as positions; nothing for anything but a list of the table's columns. Servers leave the quotes out where they can.
std::optional<std::vector<size_t>> PlainColumns(const SourceTable &table, const std::string &expression);

// The values of a description, split at commas outside quotes.
std::vector<std::string> SplitValues(const std::string &description);

// An integer with or without a sign.
bool IsInteger(const std::string &value) noexcept;

// What a bound of the column means: both servers show one of an unsigned key above 2^63 - 1 as if it were signed.
std::string BoundValue(const SourceColumn &column, const std::string &shown);

// Whether a plain integer lies within these limits.
bool IsWithin(const std::string &integer, int64_t low, int64_t high) noexcept;

// Whether the table is partitioned by this column with a bound that no bigint holds.
bool HasBoundBeyondBigint(const SourceTable &table, size_t column);

} // namespace alkconv::core
