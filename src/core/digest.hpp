// Regime: C++ (may throw, never calls Postgres)
//
// The two independent renderings of the proof. For each column plan there is an expression of MySQL's SQL and one of
// Postgres' SQL that give the same canonical text for equal values, written from the two servers' manuals and sharing
// nothing with the converter. A row's digest is SHA-256 over its columns' renderings, each framed so that no two
// different rows give the same text; a table's digest is the sum of the first 88 bits of the row digests, plus the
// counts, so it does not depend on the order of rows. docs/verification.md explains the renderings, how they are
// framed, and what they cannot show.
//
// Everything here is text of queries. They hold for these sessions: on the source the one that mysql::Connection pins
// (utf8mb4, UTC, sql_mode ''), on the target search_path = pg_catalog, pg_temp and extra_float_digits >= 1. All results
// are to be read as text.
#pragma once

#include "core/plan.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace alkconv::core {

// How a column is proved; shown in the report.
enum class ProofMethod : uint8_t {
	digest, // both servers render it in SQL
	reread, // MySQL cannot render it exactly: fetched again by the binary protocol and compared with the stored value
};

// "digest", "reread".
const char *ProofMethodName(ProofMethod method) noexcept;

struct ColumnProof {
	ProofMethod method = ProofMethod::digest;
	// Of digest: equal renderings prove equal values, but equal values may be rendered differently (a jsonb number with
	// an exponent, a type that normalises its input). A difference in this column is to be decided by reading the value
	// again.
	bool recheck = false;
	std::string doubt;	  // of recheck: only where the source has rows for which this holds, in its SQL; empty: always
	std::string mysql;	  // expression over the source column giving canonical text, NULL for NULL; empty for reread
	std::string postgres; // expression over the stored column
	const char *why = ""; // of reread and recheck

	// The column's part of the row's text: never NULL, unless the value cannot be rendered (a zero date), and then
	// that server does not count the row as hashed. Empty for reread.
	std::string mysql_frame;
	std::string postgres_frame;
	// At most 80 characters of the value for messages.
	std::string mysql_excerpt;
	std::string postgres_excerpt;
	// What the expressions above take for the column, where rules change it: the source's SQL of the changed value; of reread, what the reader
	// selects. Empty: the column itself.
	std::string mysql_view;
	// Of reread: what the source gives for the target's own input function to read; empty: the converter reads the
	// value again.
	std::string mysql_text;
	// The columns themselves, quoted, to read a value again.
	std::string mysql_column;
	std::string postgres_column;
};

struct TableProof {
	std::vector<ColumnProof> columns; // one per ColumnPlan, in order
	std::string mysql_row;	  // expression: the row's digest as 64 lower-case hex digits, over the `digest` columns
	std::string postgres_row; // likewise
	// expression: the key columns rendered as one text (the row digest itself when there is no key)
	std::string mysql_key;
	std::string postgres_key;
	bool keyed = false; // the key is a key; otherwise it is the row digest, and equal rows have equal keys
};

// `postgres_names[i]` is the target column of table.columns[i], already quoted by the server; `mariadb` chooses the
// dialect. The columns at the positions `rechecked` have the method reread from the start.
TableProof MakeTableProof(const TablePlan &table, const std::vector<std::string> &postgres_names, bool mariadb,
						  const std::vector<size_t> &rechecked = {});

// The source's table as these expressions see it: `table` (quoted) itself, or a derived table where rules choose rows or change values.
std::string MysqlRows(const TablePlan &plan, const TableProof &proof, const std::string &table);

// The one-row queries: rows, hashed rows (must be equal), and the sum of the row digests in two parts, high and low.
// `mysql_from` is what MysqlRows gives, `postgres_from` the quoted table. For each of `conditions` in Postgres' SQL
// there is
// one column more: the number of rows that satisfy it.
constexpr size_t kDigestColumns = 4;
std::string MysqlDigestQuery(const TableProof &proof, const std::string &mysql_from);
std::string PostgresDigestQuery(const TableProof &proof, const std::string &postgres_from,
								const std::vector<std::string> &conditions = {});

// One row: of each of the columns, how many rows leave the doubt for which a difference may be none.
std::string MysqlDoubtsQuery(const TableProof &proof, const std::string &mysql_from,
							 const std::vector<size_t> &columns);

// Of columns that equal values may be rendered differently in: their positions in the proof, and queries of one row
// with the four digest columns of
// each of them alone, over all rows.
std::vector<size_t> RecheckColumns(const TableProof &proof);
std::string MysqlColumnDigestsQuery(const TableProof &proof, const std::string &mysql_from,
									const std::vector<size_t> &columns);
std::string PostgresColumnDigestsQuery(const TableProof &proof, const std::string &postgres_from,
									   const std::vector<size_t> &columns);

// ---- Finding the rows of a mismatch ---------------------------------------------------------------------------------
//
// 1. bucket digests: the buckets that differ; 2. the row digests of those buckets: the keys that differ or are on one
// side only; 3. the values of those keys: the columns that differ. Each query scans its table once.

constexpr size_t kDigestBuckets = 4096;

// One row per bucket that has rows, by bucket: bucket (three hex digits of the key's SHA-256), then as the one-row
// queries.
constexpr size_t kBucketColumns = 1 + kDigestColumns;
std::string MysqlBucketQuery(const TableProof &proof, const std::string &mysql_from);
std::string PostgresBucketQuery(const TableProof &proof, const std::string &postgres_from);

// One row per row of the named buckets, in no order: key, row digest (NULL: a value could not be rendered).
// Keys of a table without a key may repeat. Precondition: `buckets` is not empty.
constexpr size_t kRowDigestColumns = 2;
std::string MysqlRowDigestQuery(const TableProof &proof, const std::string &mysql_from,
								const std::vector<std::string> &buckets);
std::string PostgresRowDigestQuery(const TableProof &proof, const std::string &postgres_from,
								   const std::vector<std::string> &buckets);

// One row per row with one of these keys, in no order: key, then for each column of the proof two fields: an excerpt of
// the value for messages (at most 80 characters) and the digest of its rendering (64 hex digits, to be compared; NULL
// for reread). Precondition: `keys` is not empty.
inline size_t ValuesColumns(const TableProof &proof) noexcept { return 1 + 2 * proof.columns.size(); }
std::string MysqlValuesQuery(const TableProof &proof, const std::string &mysql_from,
							 const std::vector<std::string> &keys);
std::string PostgresValuesQuery(const TableProof &proof, const std::string &postgres_from,
								const std::vector<std::string> &keys);

// Characters of a value that are looked at for where two values differ.
constexpr size_t kSearchedCharacters = 65536;

// One row per row with one of these keys, in no order: key, then the beginning of the rendering of each of the named columns: for values that differ
// behind their excerpts.
std::string MysqlRenderingsQuery(const TableProof &proof, const std::string &mysql_from,
								 const std::vector<size_t> &columns, const std::vector<std::string> &keys);
std::string PostgresRenderingsQuery(const TableProof &proof, const std::string &postgres_from,
									const std::vector<size_t> &columns, const std::vector<std::string> &keys);

// The rows with these keys (all rows when `keys` is empty), in no order: key, then the stored values of the named
// columns of the proof, to compare values that SQL alone cannot compare.
std::string MysqlRereadQuery(const TableProof &proof, const std::string &mysql_from, const std::vector<size_t> &columns,
							 const std::vector<std::string> &keys);
std::string PostgresRereadQuery(const TableProof &proof, const std::string &postgres_from,
								const std::vector<size_t> &columns, const std::vector<std::string> &keys);

} // namespace alkconv::core
