// Regime: C++ (may throw, never calls Postgres)
//
// Sums and queries of the second reading. A row's text is its key, then per column its frame: "N" for NULL, else length, colon, text.
#include "core/reread.hpp"

#include "core/digest_postgres.hpp"
#include "core/mend.hpp"
#include "core/secret.hpp"

#include <algorithm>

namespace alkconv::core {

namespace {

constexpr size_t kPieceDigits = 15; // hex digits, 60 bits: fits bigint

unsigned HexValue(char digit) noexcept { return static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10); }

uint64_t Piece(std::string_view digits) noexcept {
	uint64_t value = 0;
	for (char digit : digits)
		value = value << 4 | HexValue(digit);
	return value;
}

std::string Decimal(unsigned __int128 value) {
	std::string text;
	do {
		text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
		value /= 10;
	} while (value != 0);
	return text;
}

// SELECT b, k, h: bucket, key and digest of every row
std::string RowsQuery(const TableProof &proof, const std::string &from, const std::vector<size_t> &columns) {
	std::vector<std::string> parts = {proof.postgres_key};
	for (size_t column : columns) {
		const std::string text = digest::postgres::Written(proof.columns[column].postgres_column);
		parts.push_back("COALESCE(pg_catalog.octet_length(" + text + ")::pg_catalog.text||':'||" + text + ",'N')");
	}
	return "(SELECT pg_catalog.left(" + digest::postgres::Sha256(proof.postgres_key) + ",3) AS b," +
		   proof.postgres_key + " AS k," + digest::postgres::Sha256(digest::postgres::Concatenation(parts)) +
		   " AS h FROM " + from + ") AS q";
}

} // namespace

std::vector<size_t> RereadColumns(const TableProof &proof) {
	std::vector<size_t> columns;
	for (size_t i = 0; i < proof.columns.size(); ++i)
		if (proof.columns[i].method == ProofMethod::reread)
			columns.push_back(i);
	return columns;
}

std::string PostgresRereadSumsQuery(const TableProof &proof, const std::string &postgres_from,
									const std::vector<size_t> &columns) {
	const auto sum = [](const char *from) {
		return std::string(",pg_catalog.sum(('x'||pg_catalog.substr(h,") + from +
			   ",15))::pg_catalog.bit(60)::pg_catalog.int8)::pg_catalog.text";
	};
	return "SELECT b,pg_catalog.count(*)::pg_catalog.text" + sum("1") + sum("16") + " FROM " +
		   RowsQuery(proof, postgres_from, columns) + " GROUP BY b ORDER BY b COLLATE pg_catalog.\"C\"";
}

std::string PostgresRereadDigestQuery(const TableProof &proof, const std::string &postgres_from,
									  const std::vector<size_t> &columns, const std::vector<std::string> &buckets) {
	std::string list;
	for (const std::string &bucket : buckets)
		list += (list.empty() ? "" : ",") + digest::postgres::Literal(bucket);
	return "SELECT k,h FROM " + RowsQuery(proof, postgres_from, columns) + " WHERE b IN (" + list + ")";
}

RereadSums::RereadSums() : sums_(kDigestBuckets) {}

void RereadSums::Add(std::string_view key_digest, std::string_view row_digest) {
	Sum &sum = sums_[Piece(key_digest.substr(0, 3))];
	++sum.rows;
	sum.high += Piece(row_digest.substr(0, kPieceDigits));
	sum.low += Piece(row_digest.substr(kPieceDigits, kPieceDigits));
}

TextRows RereadSums::Rows() const {
	static const char kHex[] = "0123456789abcdef";
	TextRows rows;
	for (size_t i = 0; i < sums_.size(); ++i)
		if (sums_[i].rows > 0)
			rows.push_back({std::string{kHex[i >> 8], kHex[i >> 4 & 15], kHex[i & 15]}, Decimal(sums_[i].rows),
							Decimal(sums_[i].high), Decimal(sums_[i].low)});
	return rows;
}

std::string KeyName(const TablePlan &table, const TableProof &proof) {
	if (!proof.keyed)
		return "digest of the row";
	std::string names;
	for (const size_t position : table.key)
		names += (names.empty() ? "" : ", ") + table.columns[position].target_name;
	return names;
}

namespace {

// Text as the source gives it, unchanged.
ConverterColumn TextColumn(const std::string &name) {
	ConverterColumn column;
	column.source_name = column.target_name = name;
	column.source = ParseSourceType("longtext", "utf8mb4", "utf8mb4_bin");
	column.target.kind = PgKind::text;
	column.target.text = "text";
	column.conversion = ChooseConversion(column.source, column.target, ColumnPolicy());
	return column;
}

ConverterColumn ConvertedColumn(const ColumnPlan &plan) {
	ConverterColumn column;
	column.source_name = plan.source_name;
	column.source = plan.source_type;
	column.target = ConvertedType(plan.target_type, plan.policy);
	column.conversion = plan.conversion;
	return column;
}

} // namespace

RowConverter MakeRereadConverter(const TablePlan &table, const TableProof &proof, const std::vector<size_t> &columns) {
	ConverterColumn key = TextColumn(KeyName(table, proof));
	for (const size_t position : table.key)
		if (key.secret.empty())
			key.secret = table.columns[position].secret;
	std::vector<ConverterColumn> parts = {key};
	for (size_t position : columns) {
		const ColumnPlan &plan = table.columns[position];
		const bool by_input = !proof.columns[position].mysql_text.empty();
		parts.push_back(by_input ? TextColumn(plan.source_name) : ConvertedColumn(plan));
		parts.back().target_name = plan.target_name;
		parts.back().secret = plan.secret;
		parts.back().stored = StoredTypeOf(plan.target_type, plan.policy);
	}
	RowConverter converter(table.target_name, std::move(parts), {0});
	converter.RejectRows();
	return converter;
}

std::string DescribeUnconvertible(const RejectedRow &first, const std::string &key_name, uint64_t rows,
								  const std::string &salt) {
	const std::string key = salt.empty() ? first.key.front() : MaskedValue(salt, first.key.front());
	const std::string which = "(" + key_name + ")=(" + key + "): " + first.fault.message();
	if (rows == 1)
		return "a row of the source does not convert: " + which;
	return std::to_string(rows) + " rows of the source do not convert, the first of them: " + which;
}

std::vector<DifferingKey> KeysOfBothSides(std::vector<DifferingKey> keys, size_t limit) {
	keys.erase(std::remove_if(keys.begin(), keys.end(), [](const DifferingKey &key) { return key.side != Side::both; }),
			   keys.end());
	if (keys.size() > limit)
		keys.resize(limit);
	return keys;
}

std::string DescribeRereadDifferences(const TablePlan &table, const TableProof &proof,
									  const std::vector<size_t> &columns, const std::vector<DifferingKey> &keys,
									  const TextRows &source, const TextRows &target) {
	// Excerpts differ in the column that differs, mostly; where they do not, the difference lies behind the first 80 characters.
	TableProof shown = proof;
	for (ColumnProof &column : shown.columns)
		column.method = ProofMethod::reread;
	for (size_t position : columns)
		shown.columns[position].method = ProofMethod::digest;
	TextRows left = source, right = target;
	const auto compare_excerpts = [&](TextRows &rows) {
		for (auto &row : rows)
			for (size_t position : columns)
				row[2 + 2 * position] = row[1 + 2 * position];
	};
	compare_excerpts(left);
	compare_excerpts(right);
	return DescribeDifferences(table, shown, keys, left, right);
}

} // namespace alkconv::core
