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

// Those of `columns` with rows that leave a doubt, by the answer to MysqlDoubtsQuery. Precondition: it has one row.
std::vector<size_t> DoubtfulColumns(const TextRows &counts, const std::vector<size_t> &columns);

// Those of `columns` whose digests differ, by the answers to MysqlColumnDigestsQuery and PostgresColumnDigestsQuery.
// Precondition: both have one row.
std::vector<size_t> DifferingColumns(const TextRows &source, const TextRows &target,
									 const std::vector<size_t> &columns);

enum class Side : uint8_t { both, source_only, target_only };

struct DifferingKey {
	std::string key; // as the key expressions render it
	Side side;
};

// The keys whose row digests differ or that one side lacks, bytewise by key, at most `limit`. Rows are (key, digest); a key that occurs more
// often on one side differs as well.
std::vector<DifferingKey> DifferingKeys(TextRows source, TextRows target, size_t limit);

// The columns of which a row's excerpts are alike on both sides and its values are not, but for those that no message shows. Rows are those of the
// two values queries.
std::vector<size_t> ColumnsAlike(const TablePlan &table, const TableProof &proof, const TextRows &source,
								 const TextRows &target);

// The rows of a values query, where values differ behind their excerpts with what stands there instead: "...before it and behind it...". `own` and
// `other` are the rows of the two renderings queries about `columns`.
TextRows WithDifferingParts(TextRows rows, const std::vector<size_t> &columns, const TextRows &own,
							const TextRows &other);

// One line per differing key for messages, from the results of the two values queries:
//   (id)=(7): column "name": source 'a', target 'b'
//   (id)=(8): missing in the target
// Columns whose method is reread are compared by nobody here and left out.
std::string DescribeDifferences(const TablePlan &table, const TableProof &proof, const std::vector<DifferingKey> &keys,
								const TextRows &source, const TextRows &target);

} // namespace alkconv::core
