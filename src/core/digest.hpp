// Regime: C++ (may throw, never calls Postgres)
//
// The two independent renderings of the proof. For each column plan there is an expression of MySQL's SQL and one of Postgres'
// SQL that give the same canonical text for equal values, written from the two servers' manuals and sharing nothing with the
// converter. A row's digest is SHA-256 over the length-prefixed renderings of its columns; a table's digest is the pair of sums
// of two 60-bit pieces of the row digests, plus the counts, so it does not depend on the order of rows.
#pragma once

#include "core/plan.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace alkconv::core {

// How a column is proved; shown in the report.
enum class ProofMethod : uint8_t {
	digest, // both servers render it in SQL
	reread, // MySQL cannot render it exactly: fetched again by the binary protocol and compared with the stored value
};

struct ColumnProof {
	ProofMethod method = ProofMethod::digest;
	std::string mysql;	  // expression over the source column giving canonical text, NULL for NULL; empty for reread
	std::string postgres; // expression over the stored column
	const char *why = ""; // of reread
};

struct TableProof {
	std::vector<ColumnProof> columns; // one per ColumnPlan, in order
	std::string mysql_row;	  // expression: the row's digest as 64 lower-case hex digits, over the `digest` columns
	std::string postgres_row; // likewise
	std::string mysql_key;	  // expression: the key columns rendered as one text (the row digest itself when there is no key)
	std::string postgres_key;
};

// `postgres_names[i]` is the target column of table.columns[i], already quoted by the server; `mariadb` chooses the dialect.
TableProof MakeTableProof(const TablePlan &table, const std::vector<std::string> &postgres_names, bool mariadb);

// The one-row queries: columns rows, hashed rows (must be equal), sum1, sum2 - all as text.
// `mysql_from` and `postgres_from` are the quoted tables.
std::string MysqlDigestQuery(const TableProof &proof, const std::string &mysql_from);
std::string PostgresDigestQuery(const TableProof &proof, const std::string &postgres_from);

} // namespace alkconv::core
