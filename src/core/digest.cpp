// Regime: C++ (may throw, never calls Postgres)
//
// From the columns' renderings to a table's row digest, key and whole-table queries.
#include "core/digest.hpp"

#include "core/digest_mends.hpp"
#include "core/digest_mysql.hpp"
#include "core/digest_pairs.hpp"
#include "core/digest_postgres.hpp"
#include "core/digest_sums.hpp"
#include "core/secret.hpp"

#include <algorithm>
#include <utility>

namespace alkconv::core {

namespace {

std::string Joined(const std::vector<std::string> &parts, const char *separator) {
	std::string text;
	for (const std::string &part : parts)
		text += (text.empty() ? "" : separator) + part;
	return text;
}

ColumnProof MakeColumnProof(const ColumnPlan &plan, const std::string &postgres_name, bool mariadb, bool rechecked) {
	digest::Pair pair = digest::RenderPair(plan, postgres_name, mariadb);
	ColumnProof proof;
	proof.mysql_column = digest::mysql::Identifier(plan.source_name);
	proof.postgres_column = postgres_name;
	proof.mysql_view = digest::MendedColumn(plan, mariadb);
	proof.recheck = pair.recheck;
	proof.doubt = std::move(pair.doubt);
	proof.why = pair.why;
	if (pair.reread || (pair.recheck && rechecked)) {
		proof.method = ProofMethod::reread;
		proof.mysql_text = std::move(pair.text_for_input);
		if (proof.mysql_text.empty())
			proof.mysql_view = digest::SelectedColumn(plan);
		pair.mysql = {"", "", digest::mysql::Excerpt(digest::mysql::AsChar(proof.mysql_column))};
		pair.postgres = {"", "", digest::postgres::Excerpt(digest::postgres::TextOf(postgres_name, plan.target_type))};
	}
	if (!plan.secret.empty()) {
		const bool compared = !pair.mysql.value.empty();
		pair.mysql.excerpt =
			MysqlMask(plan.secret, compared ? pair.mysql.value : digest::mysql::AsChar(proof.mysql_column));
		pair.postgres.excerpt = PostgresMask(
			plan.secret, compared ? pair.postgres.value : digest::postgres::TextOf(postgres_name, plan.target_type));
	}
	proof.mysql = std::move(pair.mysql.value);
	proof.postgres = std::move(pair.postgres.value);
	proof.mysql_frame = std::move(pair.mysql.frame);
	proof.postgres_frame = std::move(pair.postgres.frame);
	if (proof.mysql_view == proof.mysql_column)
		proof.mysql_view.clear();
	proof.mysql_excerpt = std::move(pair.mysql.excerpt);
	proof.postgres_excerpt = std::move(pair.postgres.excerpt);
	return proof;
}

// The key as text: of one column its rendering; of several their frames, which keep ("a,", "b") and ("a", ",b") apart.
void SetKey(const TablePlan &table, TableProof &proof) {
	proof.keyed = !table.key.empty();
	for (const size_t i : table.key) // a key that is not rendered alike on both sides finds no partner
		proof.keyed = proof.keyed && proof.columns[i].method == ProofMethod::digest && !proof.columns[i].recheck;
	if (!proof.keyed) {
		proof.mysql_key = proof.mysql_row;
		proof.postgres_key = proof.postgres_row;
		return;
	}
	if (table.key.size() == 1) {
		const ColumnProof &column = proof.columns[table.key.front()];
		proof.mysql_key = "COALESCE(" + column.mysql + ",'NULL')";
		proof.postgres_key = "COALESCE(" + column.postgres + ",'NULL')";
		return;
	}
	std::vector<std::string> mysql, postgres;
	for (const size_t i : table.key) {
		mysql.push_back(proof.columns[i].mysql_frame);
		postgres.push_back(proof.columns[i].postgres_frame);
	}
	proof.mysql_key = "CONCAT(" + Joined(mysql, ",") + ")";
	proof.postgres_key = digest::postgres::Concatenation(postgres);
}

} // namespace

const char *ProofMethodName(ProofMethod method) noexcept { return method == ProofMethod::digest ? "digest" : "reread"; }

TableProof MakeTableProof(const TablePlan &table, const std::vector<std::string> &postgres_names, bool mariadb,
						  const std::vector<size_t> &rechecked) {
	if (postgres_names.size() != table.columns.size())
		throw Error(Code::internal, "a name is needed for each column of the plan").At(table.target_name);
	TableProof proof;
	std::vector<std::string> mysql, postgres;
	for (size_t i = 0; i < table.columns.size(); i++) {
		const bool again = std::find(rechecked.begin(), rechecked.end(), i) != rechecked.end();
		proof.columns.push_back(MakeColumnProof(table.columns[i], postgres_names[i], mariadb, again));
		if (proof.columns.back().method != ProofMethod::digest)
			continue;
		mysql.push_back(proof.columns.back().mysql_frame);
		postgres.push_back(proof.columns.back().postgres_frame);
	}
	proof.mysql_row = digest::mysql::Sha256(mysql.empty() ? "''" : "CONCAT(" + Joined(mysql, ",") + ")");
	proof.postgres_row = digest::postgres::Sha256(digest::postgres::Concatenation(postgres));
	SetKey(table, proof);
	return proof;
}

std::string MysqlRows(const TablePlan &plan, const TableProof &proof, const std::string &table) {
	bool changed = !plan.source_filter.empty();
	std::string list;
	for (const ColumnProof &column : proof.columns) {
		changed = changed || !column.mysql_view.empty();
		list += (list.empty() ? "" : ",") +
				(column.mysql_view.empty() ? column.mysql_column : column.mysql_view + " AS " + column.mysql_column);
	}
	if (!changed)
		return table;
	return "(SELECT " + (list.empty() ? "1" : list) + " FROM " + table +
		   (plan.source_filter.empty() ? "" : " WHERE " + plan.source_filter) + ") AS r";
}

std::string MysqlDigestQuery(const TableProof &proof, const std::string &mysql_from) {
	return "SELECT " + digest::MysqlSums() + " FROM (SELECT " + digest::MysqlSum(proof.mysql_row) + " FROM " +
		   mysql_from + ") AS q";
}

std::string PostgresDigestQuery(const TableProof &proof, const std::string &postgres_from,
								const std::vector<std::string> &conditions) {
	std::string names, counts;
	for (size_t i = 0; i < conditions.size(); ++i) {
		const std::string name = ",counted_" + std::to_string(i);
		names += name;
		counts += ",pg_catalog.count(*) FILTER (WHERE " + conditions[i] + ") AS " + name.substr(1);
	}
	return "SELECT " + digest::PostgresSums() + names + " FROM (SELECT " + digest::PostgresSum(proof.postgres_row) +
		   counts + " FROM " + postgres_from + ") AS q";
}

std::vector<size_t> RecheckColumns(const TableProof &proof) {
	std::vector<size_t> columns;
	for (size_t i = 0; i < proof.columns.size(); ++i)
		if (proof.columns[i].recheck && proof.columns[i].method == ProofMethod::digest)
			columns.push_back(i);
	return columns;
}

std::string MysqlDoubtsQuery(const TableProof &proof, const std::string &mysql_from,
							 const std::vector<size_t> &columns) {
	std::vector<std::string> counts;
	for (const size_t i : columns)
		counts.push_back(proof.columns[i].doubt.empty() ? "COUNT(*)"
														: "COUNT(IF(" + proof.columns[i].doubt + ",1,NULL))");
	return "SELECT " + Joined(counts, ",") + " FROM " + mysql_from;
}

std::string MysqlColumnDigestsQuery(const TableProof &proof, const std::string &mysql_from,
									const std::vector<size_t> &columns) {
	std::vector<std::string> names, sums;
	for (const size_t i : columns) {
		names.push_back(digest::MysqlSums(std::to_string(i)));
		sums.push_back(digest::MysqlSum(digest::mysql::Sha256(proof.columns[i].mysql_frame), std::to_string(i)));
	}
	return "SELECT " + Joined(names, ",") + " FROM (SELECT " + Joined(sums, ",") + " FROM " + mysql_from + ") AS q";
}

std::string PostgresColumnDigestsQuery(const TableProof &proof, const std::string &postgres_from,
									   const std::vector<size_t> &columns) {
	std::vector<std::string> names, sums;
	for (const size_t i : columns) {
		names.push_back(digest::PostgresSums(std::to_string(i)));
		sums.push_back(
			digest::PostgresSum(digest::postgres::Sha256(proof.columns[i].postgres_frame), std::to_string(i)));
	}
	return "SELECT " + Joined(names, ",") + " FROM (SELECT " + Joined(sums, ",") + " FROM " + postgres_from + ") AS q";
}

} // namespace alkconv::core
