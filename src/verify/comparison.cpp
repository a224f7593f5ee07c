// Regime: Postgres (may longjmp, never throws)
//
// Running the queries of a comparison, and finding where two tables differ.
#include "verify/comparison.hpp"

#include "pg/await.hpp"
#include "pg/spi.hpp"
#include "verify/answers.hpp"

#include "pg/regime_pg.hpp"

namespace alkconv::verify {

const core::TextResult *source_rows(const Comparison *comparison, const std::string *sql, core::AnswerShape shape) {
	wait_for_all(comparison->answers);
	return pg::query(comparison->context, comparison->pair->connection, sql->c_str(), shape);
}

core::TextRows *rows_of_answer(MemoryContext context, uint64 count) {
	auto *rows = pg::own<core::TextRows>(context);
	const int columns = SPI_tuptable->tupdesc->natts;
	for (uint64 row = 0; row < count; ++row) {
		CHECK_FOR_INTERRUPTS();
		pg::edge([&] { rows->emplace_back(); });
		for (int column = 0; column < columns; ++column) {
			char *text = pg::sql_text(row, column);
			pg::edge(
				[&] { text != nullptr ? rows->back().emplace_back(text) : rows->back().emplace_back(std::nullopt); });
			if (text != nullptr)
				pfree(text);
		}
	}
	return rows;
}

core::TextRows *target_rows(const Comparison *comparison, const std::string *sql) {
	return rows_of_answer(comparison->context, pg::sql_run_as_owner(comparison->pair->target->oid, sql->c_str()));
}

namespace {

// Both sides of one query, the texts of which differ only in dialect.
struct BothRows {
	const core::TextRows *source;
	const core::TextRows *target;
};

template <class WriteSource, class WriteTarget>
BothRows both_rows(const Comparison *comparison, core::AnswerShape shape, WriteSource write_source,
				   WriteTarget write_target) {
	auto *source_sql = pg::own<std::string>(comparison->context);
	auto *target_sql = pg::own<std::string>(comparison->context);
	pg::edge([&] {
		*source_sql = write_source();
		*target_sql = write_target();
	});
	return {&source_rows(comparison, source_sql, shape)->rows, target_rows(comparison, target_sql)};
}

// Where values differ behind their excerpts, what stands there takes the excerpts' place.
BothRows look_further(const Comparison *comparison, const std::vector<std::string> *keys, const BothRows *values) {
	const core::TableProof &proof = *comparison->proof;
	const auto *columns = pg::own_from<std::vector<size_t>>(comparison->context, [&] {
		return core::ColumnsAlike(*comparison->pair->plan, proof, *values->source, *values->target);
	});
	if (columns->empty())
		return *values;
	const BothRows longer = both_rows(
		comparison, {"the values of rows in full", 1 + columns->size(), core::AnswerRows::any, core::kMostRowsBytes},
		[&] { return core::MysqlRenderingsQuery(proof, *comparison->source_from, *columns, *keys); },
		[&] { return core::PostgresRenderingsQuery(proof, *comparison->target_from, *columns, *keys); });
	return {pg::own_from<core::TextRows>(
				comparison->context,
				[&] { return core::WithDifferingParts(*values->source, *columns, *longer.source, *longer.target); }),
			pg::own_from<core::TextRows>(comparison->context, [&] {
				return core::WithDifferingParts(*values->target, *columns, *longer.target, *longer.source);
			})};
}

} // namespace

const char *locate_difference(const Comparison *comparison) {
	const core::TableProof &proof = *comparison->proof;
	const std::string &source_from = *comparison->source_from;
	const std::string &target_from = *comparison->target_from;

	const BothRows sums = both_rows(
		comparison, {"the buckets of a table", core::kBucketColumns, core::AnswerRows::any},
		[&] { return core::MysqlBucketQuery(proof, source_from); },
		[&] { return core::PostgresBucketQuery(proof, target_from); });
	auto *buckets = pg::own_from<std::vector<std::string>>(
		comparison->context, [&] { return core::DifferingBuckets(*sums.source, *sums.target); });
	const size_t differing = buckets->size();
	if (differing == 0)
		return "the digests differ, but no bucket of keys does";
	pg::edge([&] { buckets->resize(Min(differing, kSearchedBuckets)); });

	const BothRows digests = both_rows(
		comparison, {"the digests of rows", core::kRowDigestColumns, core::AnswerRows::any, core::kMostRowsBytes},
		[&] { return core::MysqlRowDigestQuery(proof, source_from, *buckets); },
		[&] { return core::PostgresRowDigestQuery(proof, target_from, *buckets); });
	auto *keys = pg::own_from<std::vector<core::DifferingKey>>(
		comparison->context, [&] { return core::DifferingKeys(*digests.source, *digests.target, kShownKeys); });
	auto *names = pg::own<std::vector<std::string>>(comparison->context);
	pg::edge([&] {
		for (const core::DifferingKey &key : *keys)
			names->push_back(key.key);
	});
	if (keys->empty())
		return "the digests differ, but no row does";

	const BothRows excerpts = both_rows(
		comparison, {"the values of rows", core::ValuesColumns(proof), core::AnswerRows::any},
		[&] { return core::MysqlValuesQuery(proof, source_from, *names); },
		[&] { return core::PostgresValuesQuery(proof, target_from, *names); });
	const BothRows values = look_further(comparison, names, &excerpts);
	auto *text = pg::own_from<std::string>(comparison->context, [&] {
		return core::DescribeDifferences(*comparison->pair->plan, proof, *keys, *values.source, *values.target);
	});
	return text->c_str();
}

} // namespace alkconv::verify
