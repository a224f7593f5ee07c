// Regime: Postgres (may longjmp, never throws)
//
// The central comparison: what MySQL says of its rows against what Postgres says of the stored ones.
#include "verify/rows.hpp"

#include "mysql/sql.hpp"
#include "pg/await.hpp"
#include "pg/spi.hpp"

#include "pg/regime_pg.hpp"

namespace alkconv::verify {

namespace {

// Everything needed to write this table's queries.
struct Comparison {
	MemoryContext context;
	const TablePair *pair;
	const core::TableProof *proof;
	const std::string *source_from; // `database`.`table`
	const char *target_from;		// ONLY "schema"."table"
};

// The proof with Postgres' names quoted by the server.
const core::TableProof *make_proof(MemoryContext context, const TablePair *pair) {
	auto *names = pg::own<std::vector<std::string>>(context);
	for (size_t i = 0; i < pair->plan->columns.size(); ++i) {
		const char *quoted = quote_identifier(pair->plan->columns[i].target_name.c_str());
		pg::edge([&] { names->emplace_back(quoted); });
	}
	return pg::own_from<core::TableProof>(context, [pair, names] { return core::MakeTableProof(*pair->plan, *names, pair->mariadb); });
}

const char *source_field(const mysql::TextResult *result, size_t row, size_t column) {
	const std::optional<std::string> &field = result->rows[row][column];
	return field.has_value() ? field->c_str() : nullptr;
}

RowCounts compare_counts(CheckList *list, const Comparison *comparison, const char *source, const char *target) {
	const bool equal = strcmp(source, target) == 0;
	add_check(list, comparison->pair->plan->target_name.c_str(), "rows", source, target, equal ? Verdict::ok : Verdict::mismatch, nullptr);
	return {strtoull(source, nullptr, 10), strtoull(target, nullptr, 10)};
}

RowCounts check_counts(CheckList *list, const Comparison *comparison) {
	auto *sql = pg::own<std::string>(comparison->context);
	pg::edge([&] { *sql = "SELECT COUNT(*) FROM " + *comparison->source_from; });
	const mysql::TextResult *source = pg::query(comparison->context, comparison->pair->connection, sql->c_str());
	pg::sql_run(psprintf("SELECT pg_catalog.count(*) FROM %s", comparison->target_from));
	return compare_counts(list, comparison, source_field(source, 0, 0), pg::sql_text(0, 0));
}

RowCounts check_digest(CheckList *list, const Comparison *comparison) {
	auto *source_sql = pg::own<std::string>(comparison->context);
	auto *target_sql = pg::own<std::string>(comparison->context);
	pg::edge([&] {
		*source_sql = core::MysqlDigestQuery(*comparison->proof, *comparison->source_from);
		*target_sql = core::PostgresDigestQuery(*comparison->proof, comparison->target_from);
	});
	const mysql::TextResult *source = pg::query(comparison->context, comparison->pair->connection, source_sql->c_str());
	pg::sql_run(target_sql->c_str());
	const RowCounts counts = compare_counts(list, comparison, source_field(source, 0, 0), pg::sql_text(0, 0));

	bool equal = true;
	const char *text[2] = {"", ""};
	for (size_t i = 1; i < 4; ++i) {
		const char *ours = pg::sql_text(0, static_cast<int>(i));
		const char *theirs = source_field(source, 0, i);
		theirs = theirs != nullptr ? theirs : "0"; // sums over no rows
		ours = ours != nullptr ? ours : "0";
		equal = equal && strcmp(theirs, ours) == 0;
		// all rows must have been hashed: a NULL among them would be a value that was left out
		if (i == 1)
			equal = equal && strtoull(ours, nullptr, 10) == counts.target && strtoull(theirs, nullptr, 10) == counts.source;
		else {
			text[0] = psprintf("%s%s%s", text[0], i == 2 ? "" : "/", theirs);
			text[1] = psprintf("%s%s%s", text[1], i == 2 ? "" : "/", ours);
		}
	}
	add_check(list, comparison->pair->plan->target_name.c_str(), "digest", text[0], text[1], equal ? Verdict::ok : Verdict::mismatch, nullptr);
	return counts;
}

} // namespace

RowCounts check_rows(CheckList *list, MemoryContext context, const TablePair *pair, core::VerifyLevel level) {
	MemoryContext table_context = AllocSetContextCreate(context, "alkconv verification", ALLOCSET_DEFAULT_SIZES);
	Comparison comparison;
	comparison.context = table_context;
	comparison.pair = pair;
	auto *from = pg::own<std::string>(table_context);
	pg::edge([&] { *from = mysql::QualifiedTable(pair->source_database, pair->plan->source_name); });
	comparison.source_from = from;
	comparison.target_from = psprintf("ONLY %s", pg::qualified_name(pair->target->oid));
	comparison.proof = make_proof(table_context, pair);
	const RowCounts counts = level == core::VerifyLevel::counts ? check_counts(list, &comparison) : check_digest(list, &comparison);
	MemoryContextDelete(table_context);
	return counts;
}

} // namespace alkconv::verify
