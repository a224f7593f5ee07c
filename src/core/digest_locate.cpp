// Regime: C++ (may throw, never calls Postgres)
//
// The queries that find the rows of a mismatch.
#include "core/digest.hpp"

#include "core/digest_mysql.hpp"
#include "core/digest_postgres.hpp"
#include "core/digest_sums.hpp"

namespace alkconv::core {

namespace {

// Three hex digits of the key's SHA-256; without a key the key is such a digest already.
std::string MysqlBucket(const TableProof &proof) {
	return "LEFT(" + (proof.keyed ? digest::mysql::Sha256(proof.mysql_key) : proof.mysql_key) + ",3)";
}

std::string PostgresBucket(const TableProof &proof) {
	return "pg_catalog.left(" + (proof.keyed ? digest::postgres::Sha256(proof.postgres_key) : proof.postgres_key) +
		   ",3)";
}

// Bytewise, whatever the columns' collations are.
std::string MysqlIn(const std::string &text, const std::vector<std::string> &values) {
	std::string list;
	for (const std::string &value : values)
		list += (list.empty() ? "" : ",") + digest::mysql::BinaryLiteral(value);
	return " WHERE " + text + " IN (" + list + ")";
}

std::string PostgresIn(const std::string &text, const std::vector<std::string> &values) {
	std::string list;
	for (const std::string &value : values)
		list += (list.empty() ? "" : ",") + digest::postgres::Literal(value);
	// a nondeterministic collation of the key's column would find other keys, too
	return " WHERE (" + text + ") COLLATE pg_catalog.\"C\" IN (" + list + ")";
}

} // namespace

std::string MysqlBucketQuery(const TableProof &proof, const std::string &mysql_from) {
	return "SELECT b," + digest::MysqlSums() + " FROM (SELECT " + MysqlBucket(proof) + " AS b," +
		   digest::MysqlSum(proof.mysql_row) + " FROM " + mysql_from + " GROUP BY 1) AS q ORDER BY b";
}

std::string PostgresBucketQuery(const TableProof &proof, const std::string &postgres_from) {
	return "SELECT b," + digest::PostgresSums() + " FROM (SELECT " + PostgresBucket(proof) + " AS b," +
		   digest::PostgresSum(proof.postgres_row) + " FROM " + postgres_from +
		   " GROUP BY 1) AS q ORDER BY b COLLATE pg_catalog.\"C\"";
}

std::string MysqlRowDigestQuery(const TableProof &proof, const std::string &mysql_from,
								const std::vector<std::string> &buckets) {
	return "SELECT " + proof.mysql_key + "," + proof.mysql_row + " FROM " + mysql_from +
		   MysqlIn(MysqlBucket(proof), buckets);
}

std::string PostgresRowDigestQuery(const TableProof &proof, const std::string &postgres_from,
								   const std::vector<std::string> &buckets) {
	return "SELECT " + proof.postgres_key + "," + proof.postgres_row + " FROM " + postgres_from +
		   PostgresIn(PostgresBucket(proof), buckets);
}

std::string MysqlValuesQuery(const TableProof &proof, const std::string &mysql_from,
							 const std::vector<std::string> &keys) {
	std::string sql = "SELECT " + proof.mysql_key;
	for (const ColumnProof &column : proof.columns)
		sql += "," + column.mysql_excerpt + "," +
			   (column.method == ProofMethod::digest ? digest::mysql::Sha256(column.mysql_frame) : "NULL");
	return sql + " FROM " + mysql_from + MysqlIn(proof.mysql_key, keys);
}

std::string PostgresValuesQuery(const TableProof &proof, const std::string &postgres_from,
								const std::vector<std::string> &keys) {
	std::string sql = "SELECT " + proof.postgres_key;
	for (const ColumnProof &column : proof.columns)
		sql += "," + column.postgres_excerpt + "," +
			   (column.method == ProofMethod::digest ? digest::postgres::Sha256(column.postgres_frame)
													 : "NULL::pg_catalog.text");
	return sql + " FROM " + postgres_from + PostgresIn(proof.postgres_key, keys);
}

std::string MysqlRenderingsQuery(const TableProof &proof, const std::string &mysql_from,
								 const std::vector<size_t> &columns, const std::vector<std::string> &keys) {
	std::string sql = "SELECT " + proof.mysql_key;
	for (const size_t i : columns)
		sql += ",LEFT(" + proof.columns[i].mysql + "," + std::to_string(kSearchedCharacters) + ")";
	return sql + " FROM " + mysql_from + MysqlIn(proof.mysql_key, keys);
}

std::string PostgresRenderingsQuery(const TableProof &proof, const std::string &postgres_from,
									const std::vector<size_t> &columns, const std::vector<std::string> &keys) {
	std::string sql = "SELECT " + proof.postgres_key;
	for (const size_t i : columns)
		sql += ",pg_catalog.left(" + proof.columns[i].postgres + "," + std::to_string(kSearchedCharacters) + ")";
	return sql + " FROM " + postgres_from + PostgresIn(proof.postgres_key, keys);
}

std::string MysqlRereadQuery(const TableProof &proof, const std::string &mysql_from, const std::vector<size_t> &columns,
							 const std::vector<std::string> &keys) {
	std::string sql = "SELECT " + proof.mysql_key;
	for (const size_t i : columns)
		sql +=
			"," + (proof.columns[i].mysql_text.empty() ? proof.columns[i].mysql_column : proof.columns[i].mysql_text);
	return sql + " FROM " + mysql_from + (keys.empty() ? "" : MysqlIn(proof.mysql_key, keys));
}

std::string PostgresRereadQuery(const TableProof &proof, const std::string &postgres_from,
								const std::vector<size_t> &columns, const std::vector<std::string> &keys) {
	std::string sql = "SELECT " + proof.postgres_key;
	for (const size_t i : columns)
		sql += "," + proof.columns[i].postgres_column;
	return sql + " FROM " + postgres_from + (keys.empty() ? "" : PostgresIn(proof.postgres_key, keys));
}

} // namespace alkconv::core
