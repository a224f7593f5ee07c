// Regime: C++ (may throw, never calls Postgres)
//
// Comparing what the two servers said when a table's digests differ: which buckets, which keys, which columns. Pure functions over the text
// results of the queries in digest.hpp; the verifier runs the queries.
#pragma once

#include "core/answer.hpp"
#include "core/digest.hpp"

#include <optional>
#include <string>
#include <vector>

namespace alkconv::core {

// The buckets (first field) whose other fields differ, or which one side lacks; in order.
std::vector<std::string> DifferingBuckets(const TextRows &source, const TextRows &target);

enum class Side : uint8_t { both, source_only, target_only };

struct DifferingKey {
	std::string key; // as the key expressions render it
	Side side;
};

// The keys whose row digests differ or that one side lacks, bytewise by key, at most `limit`. Rows are (key, digest); a key that occurs more
// often on one side differs as well.
std::vector<DifferingKey> DifferingKeys(TextRows source, TextRows target, size_t limit);

// One line per differing key for messages, from the results of the two values queries:
//   (id)=(7): column "name": source 'a', target 'b'
//   (id)=(8): missing in the target
// Columns whose method is reread are compared by nobody here and left out.
std::string DescribeDifferences(const TablePlan &table, const TableProof &proof, const std::vector<DifferingKey> &keys,
								const TextRows &source, const TextRows &target);

} // namespace alkconv::core
