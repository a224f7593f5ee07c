// Regime: Postgres (may longjmp, never throws)
//
// The central comparison: what MySQL says of its rows against what Postgres says of the stored ones.
#include "verify/rows.hpp"

#include "mysql/sql.hpp"
#include "pg/await.hpp"
#include "pg/owned.hpp"
#include "pg/spi.hpp"
#include "verify/answers.hpp"
#include "verify/comparison.hpp"
#include "verify/constraints.hpp"
#include "verify/stored_form.hpp"

#include "pg/regime_pg.hpp"

namespace alkconv::verify {

namespace {

// The proof with Postgres' names quoted by the server.
const core::TableProof *make_proof(MemoryContext context, const TablePair *pair, const std::vector<size_t> *rechecked) {
	auto *names = pg::own<std::vector<std::string>>(context);
	for (size_t i = 0; i < pair->plan->columns.size(); ++i) {
		const char *quoted = quote_identifier(pair->plan->columns[i].target_name.c_str());
		pg::edge([&] { names->emplace_back(quoted); });
	}
	return pg::own_from<core::TableProof>(context, [pair, names, rechecked] {
		return core::MakeTableProof(*pair->plan, *names, pair->mariadb, *rechecked);
	});
}

// The source's rows as the proof's expressions see them.
const std::string *source_rows_of(MemoryContext context, const TablePair *pair, const core::TableProof *proof) {
	return pg::own_from<std::string>(context, [pair, proof] {
		return core::MysqlRows(*pair->plan, *proof,
							   mysql::QualifiedTable(pair->source_database, pair->plan->source_name));
	});
}

const core::TableProof *first_proof(MemoryContext context, const TablePair *pair) {
	return make_proof(context, pair, pg::own<std::vector<size_t>>(context));
}

// The columns in which a difference may be none.
const std::vector<size_t> *rechecks_of(const Comparison *comparison) {
	const core::TableProof *proof = comparison->proof;
	const auto *columns =
		pg::own_from<std::vector<size_t>>(comparison->context, [proof] { return core::RecheckColumns(*proof); });
	if (columns->empty())
		return columns;
	auto *sql = pg::own<std::string>(comparison->context);
	pg::edge([&] { *sql = core::MysqlDoubtsQuery(*proof, *comparison->source_from, *columns); });
	const core::TextResult *counts =
		source_rows(comparison, sql, {"the rows of doubtful columns", columns->size(), core::AnswerRows::one});
	return pg::own_from<std::vector<size_t>>(comparison->context,
											 [=] { return core::DoubtfulColumns(counts->rows, *columns); });
}

const char *field(const core::TextRows *rows, size_t column) {
	const std::optional<std::string> &value = (*rows)[0][column];
	return value.has_value() ? value->c_str() : "0";
}

RowCounts compare_counts(CheckList *list, const Comparison *comparison, const core::TextResult *source,
						 const core::TextRows *target) {
	const uint64 rows = pg::number_of(source, 0, 0);
	const char *expected = psprintf(UINT64_FORMAT, rows), *found = field(target, 0);
	add_check(list, comparison->pair->plan->target_name.c_str(), "rows", expected, found,
			  strcmp(expected, found) == 0 ? Verdict::ok : Verdict::mismatch, nullptr);
	return {rows, strtoull(found, nullptr, 10), 0};
}

// Takes the last column of the one row, which is there when the condition is.
uint64 take_counted(const std::string *condition, core::TextRows *rows) {
	if (condition->empty())
		return 0;
	const std::optional<std::string> &last = (*rows)[0].back();
	const uint64 counted = strtoull(last.has_value() ? last->c_str() : "0", nullptr, 10);
	pg::edge([=] { (*rows)[0].pop_back(); });
	return counted;
}

const core::TextResult *source_answer(const Comparison *comparison, core::VerifyLevel level, size_t number) {
	if (comparison->asked_ahead)
		return wait_for_answer(comparison->answers, number);
	return source_rows(comparison, source_question(comparison->context, comparison->pair, level), answer_shape(level));
}

RowCounts check_counts(CheckList *list, const Comparison *comparison, size_t number) {
	auto *target_sql = pg::own<std::string>(comparison->context);
	pg::edge([&] {
		const std::string &violation = *comparison->violation;
		*target_sql = "SELECT pg_catalog.count(*)" +
					  (violation.empty() ? "" : ",pg_catalog.count(*) FILTER (WHERE " + violation + ")") + " FROM " +
					  *comparison->target_from;
	});
	core::TextRows *target = target_rows(comparison, target_sql);
	const uint64 nulls = take_counted(comparison->violation, target);
	const core::TextResult *source = source_answer(comparison, core::VerifyLevel::counts, number);
	RowCounts counts = compare_counts(list, comparison, source, target);
	counts.nulls = nulls;
	return counts;
}

// What both servers say of all rows: the count, then the sum of the rows' digests in parts, which includes how many were hashed.
struct Digests {
	const core::TextResult *source;
	const core::TextRows *target;
	bool equal;
};

// What is counted in the same scan: rows of the target that break a NOT NULL, rows that are not as the server stores
// them.
struct Counted {
	uint64 nulls;
	uint64 malformed;
};

const core::TextRows *target_digest(const Comparison *comparison, Counted *counted) {
	auto *sql = pg::own<std::string>(comparison->context);
	pg::edge([&] {
		std::vector<std::string> conditions;
		for (const std::string *condition : {comparison->violation, comparison->malformed})
			if (!condition->empty())
				conditions.push_back(*condition);
		*sql = core::PostgresDigestQuery(*comparison->proof, *comparison->target_from, conditions);
	});
	core::TextRows *rows = target_rows(comparison, sql);
	counted->malformed = take_counted(comparison->malformed, rows);
	counted->nulls = take_counted(comparison->violation, rows);
	return rows;
}

const core::TextResult *source_digest(const Comparison *comparison) {
	auto *sql = pg::own<std::string>(comparison->context);
	pg::edge([&] { *sql = core::MysqlDigestQuery(*comparison->proof, *comparison->source_from); });
	return source_rows(comparison, sql, answer_shape(core::VerifyLevel::full));
}

Digests compare_digests(const core::TextResult *source, const core::TextRows *target) {
	// all rows must have been hashed: a NULL among them would be a value that was left out
	const bool all =
		pg::number_of(source, 0, 0) == pg::number_of(source, 0, 1) && strcmp(field(target, 0), field(target, 1)) == 0;
	return {source, target, all && source->rows == *target};
}

const char *digest_text(const core::TextRows *rows) { return psprintf("%s/%s", field(rows, 2), field(rows, 3)); }

void add_digest_check(CheckList *list, const Comparison *comparison, const char *name, const Digests *digests) {
	add_check(list, comparison->pair->plan->target_name.c_str(), name, digest_text(&digests->source->rows),
			  digest_text(digests->target), digests->equal ? Verdict::ok : Verdict::mismatch,
			  digests->equal ? nullptr : locate_difference(comparison));
	check_reread(list, comparison);
}

// Those of the columns whose digests differ, each by itself.
const std::vector<size_t> *differing_columns(const Comparison *comparison, const std::vector<size_t> *columns) {
	auto *source_sql = pg::own<std::string>(comparison->context);
	auto *target_sql = pg::own<std::string>(comparison->context);
	pg::edge([&] {
		*source_sql = core::MysqlColumnDigestsQuery(*comparison->proof, *comparison->source_from, *columns);
		*target_sql = core::PostgresColumnDigestsQuery(*comparison->proof, *comparison->target_from, *columns);
	});
	const core::TextRows *target = target_rows(comparison, target_sql);
	const core::TextResult *source =
		source_rows(comparison, source_sql,
					{"the digests of columns", columns->size() * core::kDigestColumns, core::AnswerRows::one});
	return pg::own_from<std::vector<size_t>>(comparison->context,
											 [=] { return core::DifferingColumns(source->rows, *target, *columns); });
}

// With these columns read again, of which the digest says nothing then.
Digests compare_without(Comparison *comparison, const std::vector<size_t> *columns, Counted *counted) {
	comparison->proof = make_proof(comparison->context, comparison->pair, columns);
	comparison->source_from = source_rows_of(comparison->context, comparison->pair, comparison->proof);
	const core::TextRows *target = target_digest(comparison, counted);
	return compare_digests(source_digest(comparison), target);
}

// What both servers say, after reading again what they may spell differently: the columns that differ, and where all of
// them say the same but their
// rows do not, all that may. The others must agree by themselves.
Digests final_digests(Comparison *comparison, size_t number, Counted *counted) {
	// the target first: the source may still be at it
	const core::TextRows *target = target_digest(comparison, counted);
	Digests digests = compare_digests(source_answer(comparison, core::VerifyLevel::full, number), target);
	if (digests.equal)
		return digests;
	const std::vector<size_t> *rechecks = rechecks_of(comparison);
	if (rechecks->empty())
		return digests;
	const std::vector<size_t> *differing = differing_columns(comparison, rechecks);
	if (!differing->empty())
		digests = compare_without(comparison, differing, counted);
	if (!digests.equal && differing->size() < rechecks->size())
		digests = compare_without(comparison, rechecks, counted);
	return digests;
}

RowCounts check_digest(CheckList *list, Comparison *comparison, size_t number) {
	Counted counted;
	const Digests digests = final_digests(comparison, number, &counted);
	RowCounts counts = compare_counts(list, comparison, digests.source, digests.target);
	counts.nulls = counted.nulls;
	add_digest_check(list, comparison, "digest", &digests);
	check_stored_form(list, comparison, counted.malformed);
	return counts;
}

} // namespace

const std::string *source_question(MemoryContext context, const TablePair *pair, core::VerifyLevel level) {
	const core::TableProof *proof = first_proof(context, pair);
	const std::string *from = source_rows_of(context, pair, proof);
	if (level == core::VerifyLevel::counts)
		return pg::own_from<std::string>(context, [from] { return "SELECT COUNT(*) FROM " + *from; });
	return pg::own_from<std::string>(context, [proof, from] { return core::MysqlDigestQuery(*proof, *from); });
}

namespace {

bool has_rejected(const TablePair *pair) { return pair->rejected != nullptr && !pair->rejected->empty(); }

// The pair without the rows that were kept out.
TablePair pair_of_others(MemoryContext context, const TablePair *pair) {
	TablePair others = *pair;
	others.plan = pg::own_from<core::TablePlan>(
		context, [pair] { return core::WithoutRows(*pair->plan, pair->source_database, *pair->rejected); });
	others.rejected = nullptr;
	return others;
}

// `others` is where the pair lies that is compared, if rows were kept out.
void begin_comparison(Comparison *comparison, MemoryContext context, const TablePair *pair, TablePair *others,
					  SourceAnswers *answers) {
	comparison->context = AllocSetContextCreate(context, "alkconv verification", ALLOCSET_DEFAULT_SIZES);
	comparison->asked_ahead = !has_rejected(pair);
	if (!comparison->asked_ahead)
		*others = pair_of_others(comparison->context, pair);
	comparison->pair = pair = comparison->asked_ahead ? pair : others;
	comparison->answers = answers;
	const char *target_item = pair->target_rows != nullptr ? pair->target_rows : pg::from_item(pair->target->oid);
	comparison->target_from =
		pg::own_from<std::string>(comparison->context, [target_item] { return std::string(target_item); });
	const char *violation = not_null_violation(pair->target->oid);
	comparison->violation =
		pg::own_from<std::string>(comparison->context, [violation] { return std::string(violation); });
	comparison->malformed = pg::own<std::string>(comparison->context);
	comparison->proof = first_proof(comparison->context, pair);
	comparison->source_from = source_rows_of(comparison->context, pair, comparison->proof);
}

void look_at_forms(Comparison *comparison) {
	const char *condition = malformed_condition(comparison->pair);
	comparison->malformed =
		pg::own_from<std::string>(comparison->context, [condition] { return std::string(condition); });
}

// The source's rows are those that arrived and those that were kept out, and none is missing between them.
void check_rejected(CheckList *list, const TablePair *pair, RowCounts *counts, const core::TextResult *all) {
	const uint64 total = pg::number_of(all, 0, 0), rejected = pair->rejected->size();
	add_check(list, pair->plan->target_name.c_str(), "rejected rows", psprintf(UINT64_FORMAT, total),
			  psprintf(UINT64_FORMAT " and " UINT64_FORMAT " rejected", counts->target, rejected),
			  total == counts->source + rejected ? Verdict::rejected : Verdict::mismatch,
			  "the rejected rows are in alkconv.reject; what follows is about the others");
	counts->source = total;
}

} // namespace

RowCounts check_rows(CheckList *list, MemoryContext context, const TablePair *pair, core::VerifyLevel level,
					 SourceAnswers *answers, size_t number) {
	Comparison comparison;
	TablePair others;
	begin_comparison(&comparison, context, pair, &others, answers);
	if (level == core::VerifyLevel::full)
		look_at_forms(&comparison);
	CheckList compared = {list->context, NIL, 0, 0};
	RowCounts counts = level == core::VerifyLevel::counts ? check_counts(&compared, &comparison, number)
														  : check_digest(&compared, &comparison, number);
	if (has_rejected(pair))
		check_rejected(list, pair, &counts, wait_for_answer(answers, number));
	append_checks(list, &compared);
	MemoryContextDelete(comparison.context);
	return counts;
}

void check_generated(CheckList *list, MemoryContext context, const TablePair *pair, SourceAnswers *answers,
					 size_t number) {
	Comparison comparison;
	TablePair others;
	begin_comparison(&comparison, context, pair, &others, answers);
	Counted counted;
	const Digests digests = final_digests(&comparison, number, &counted);
	add_digest_check(list, &comparison, "generated columns", &digests);
	MemoryContextDelete(comparison.context);
}

} // namespace alkconv::verify
