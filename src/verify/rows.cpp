// Regime: Postgres (may longjmp, never throws)
//
// The central comparison: what MySQL says of its rows against what Postgres says of the stored ones.
#include "verify/rows.hpp"

#include "mysql/sql.hpp"
#include "pg/owned.hpp"
#include "pg/spi.hpp"
#include "verify/comparison.hpp"

#include "pg/regime_pg.hpp"

namespace alkconv::verify {

namespace {

// The proof with Postgres' names quoted by the server.
const core::TableProof *make_proof(MemoryContext context, const TablePair *pair, bool reread_rechecks) {
	auto *names = pg::own<std::vector<std::string>>(context);
	for (size_t i = 0; i < pair->plan->columns.size(); ++i) {
		const char *quoted = quote_identifier(pair->plan->columns[i].target_name.c_str());
		pg::edge([&] { names->emplace_back(quoted); });
	}
	return pg::own_from<core::TableProof>(context, [pair, names, reread_rechecks] {
		return core::MakeTableProof(*pair->plan, *names, pair->mariadb, reread_rechecks);
	});
}

bool has_rechecks(const core::TableProof *proof) {
	for (size_t i = 0; i < proof->columns.size(); ++i)
		if (proof->columns[i].recheck && proof->columns[i].method == core::ProofMethod::digest)
			return true;
	return false;
}

const char *field(const core::TextRows *rows, size_t column) {
	const std::optional<std::string> &value = (*rows)[0][column];
	return value.has_value() ? value->c_str() : "0";
}

RowCounts compare_counts(CheckList *list, const Comparison *comparison, const char *source, const char *target) {
	const bool equal = strcmp(source, target) == 0;
	add_check(list, comparison->pair->plan->target_name.c_str(), "rows", source, target,
			  equal ? Verdict::ok : Verdict::mismatch, nullptr);
	return {strtoull(source, nullptr, 10), strtoull(target, nullptr, 10)};
}

RowCounts check_counts(CheckList *list, const Comparison *comparison) {
	auto *source_sql = pg::own<std::string>(comparison->context);
	auto *target_sql = pg::own<std::string>(comparison->context);
	pg::edge([&] {
		*source_sql = "SELECT COUNT(*) FROM " + *comparison->source_from;
		*target_sql = "SELECT pg_catalog.count(*) FROM " + *comparison->target_from;
	});
	const core::TextRows *source = source_rows(comparison, source_sql);
	const core::TextRows *target = target_rows(comparison, target_sql);
	return compare_counts(list, comparison, field(source, 0), field(target, 0));
}

// What both servers say of all rows: the count, then the sum of the rows' digests in parts, which includes how many were hashed.
struct Digests {
	const core::TextRows *source;
	const core::TextRows *target;
	bool equal;
};

Digests read_digests(const Comparison *comparison) {
	auto *source_sql = pg::own<std::string>(comparison->context);
	auto *target_sql = pg::own<std::string>(comparison->context);
	pg::edge([&] {
		*source_sql = core::MysqlDigestQuery(*comparison->proof, *comparison->source_from);
		*target_sql = core::PostgresDigestQuery(*comparison->proof, *comparison->target_from);
	});
	Digests digests;
	digests.source = source_rows(comparison, source_sql);
	digests.target = target_rows(comparison, target_sql);
	digests.equal = *digests.source == *digests.target;
	// all rows must have been hashed: a NULL among them would be a value that was left out
	for (const core::TextRows *side : {digests.source, digests.target})
		digests.equal = digests.equal && strtoull(field(side, 0), nullptr, 10) == strtoull(field(side, 1), nullptr, 10);
	return digests;
}

const char *digest_text(const core::TextRows *rows) { return psprintf("%s/%s", field(rows, 2), field(rows, 3)); }

RowCounts check_digest(CheckList *list, Comparison *comparison) {
	Digests digests = read_digests(comparison);
	if (!digests.equal && has_rechecks(comparison->proof)) {
		// the difference may be one of spelling: those columns are read again, the others must agree by themselves
		comparison->proof = make_proof(comparison->context, comparison->pair, true);
		digests = read_digests(comparison);
	}
	const RowCounts counts = compare_counts(list, comparison, field(digests.source, 0), field(digests.target, 0));
	add_check(list, comparison->pair->plan->target_name.c_str(), "digest", digest_text(digests.source),
			  digest_text(digests.target), digests.equal ? Verdict::ok : Verdict::mismatch,
			  digests.equal ? nullptr : locate_difference(comparison));
	check_reread(list, comparison);
	return counts;
}

} // namespace

RowCounts check_rows(CheckList *list, MemoryContext context, const TablePair *pair, core::VerifyLevel level) {
	MemoryContext table_context = AllocSetContextCreate(context, "alkconv verification", ALLOCSET_DEFAULT_SIZES);
	Comparison comparison;
	comparison.context = table_context;
	comparison.pair = pair;
	auto *source_from = pg::own<std::string>(table_context);
	auto *target_from = pg::own<std::string>(table_context);
	const char *target_item = pg::from_item(pair->target->oid);
	pg::edge([&] {
		*source_from = mysql::QualifiedTable(pair->source_database, pair->plan->source_name);
		*target_from = target_item;
	});
	comparison.source_from = source_from;
	comparison.target_from = target_from;
	comparison.proof = make_proof(table_context, pair, false);
	const RowCounts counts =
		level == core::VerifyLevel::counts ? check_counts(list, &comparison) : check_digest(list, &comparison);
	MemoryContextDelete(table_context);
	return counts;
}

} // namespace alkconv::verify
