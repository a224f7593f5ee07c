// Regime: C++ (may throw, never calls Postgres)
//
// Columns that cannot be compared by SQL alone are fetched a second time and compared with what is stored: both sides give, per row, the key and a
// SHA-256 over key and values as the target's output functions write them, summed in 4096 buckets by key so that memory does not grow with
// the rows and a difference can be found.
#pragma once

#include "core/difference.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace alkconv::core {

// The positions of the columns to read again.
std::vector<size_t> RereadColumns(const TableProof &proof);

// Postgres' side: (bucket, rows, sum, sum) per bucket, in order of buckets.
std::string PostgresRereadSumsQuery(const TableProof &proof, const std::string &postgres_from,
									const std::vector<size_t> &columns);
// Postgres' side: (key, digest) of the rows of these buckets.
std::string PostgresRereadDigestQuery(const TableProof &proof, const std::string &postgres_from,
									  const std::vector<size_t> &columns, const std::vector<std::string> &buckets);

// The source's side of PostgresRereadSumsQuery, fed row by row.
class RereadSums {
public:
	RereadSums();
	// The hex SHA-256 of the row's key, and that of the row's text.
	void Add(std::string_view key_digest, std::string_view row_digest);
	TextRows Rows() const;

private:
	struct Sum {
		uint64_t rows;
		unsigned __int128 high, low;
	};
	std::vector<Sum> sums_; // by the first three hex digits of the key's digest
};

// What the proof's key is called in messages.
std::string KeyName(const TablePlan &table, const TableProof &proof);

// The reader's plan for fetching them again: the key as text, then the columns, as text where the target's own input
// function reads them.
// Rows that do not convert are kept out.
RowConverter MakeRereadConverter(const TablePlan &table, const TableProof &proof, const std::vector<size_t> &columns);

// What to say of rows that do not convert, `first` being the first of them. `salt`: of the hash that stands for a secret key; empty: it is not secret.
std::string DescribeUnconvertible(const RejectedRow &first, const std::string &key_name, uint64_t rows,
								  const std::string &salt = {});

// Those of the keys that both sides have, at most `limit`. A row that one side lacks is missing there whatever its values are: the digest of
// the other columns, which counts rows, reports it.
std::vector<DifferingKey> KeysOfBothSides(std::vector<DifferingKey> keys, size_t limit);

// As DescribeDifferences, for the columns that were read again.
std::string DescribeRereadDifferences(const TablePlan &table, const TableProof &proof,
									  const std::vector<size_t> &columns, const std::vector<DifferingKey> &keys,
									  const TextRows &source, const TextRows &target);

} // namespace alkconv::core
