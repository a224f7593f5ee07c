// Regime: Postgres (may longjmp, never throws)
//
// Counts of both servers. The source counts orphans by an outer join, where the rows were chosen by NOT EXISTS.
#include "verify/key_rules.hpp"

#include "core/difference.hpp"
#include "pg/await.hpp"
#include "pg/spi.hpp"
#include "verify/answers.hpp"

#include "pg/regime_pg.hpp"

namespace alkconv::verify {

namespace {

uint64 source_number(MemoryContext context, const TablePair *pair, const std::string *sql) {
	return pg::number_of(
		pg::query(context, pair->connection, sql->c_str(), {"a foreign key", 1, core::AnswerRows::one}), 0, 0);
}

uint64 target_nulls(const TablePair *pair, const core::KeyRule *rule) {
	pg::sql_run_as_owner(pair->target->oid, psprintf("SELECT pg_catalog.count(*) FROM %s WHERE %s IS NULL",
													 pg::from_item(pair->target->oid),
													 quote_identifier(rule->column.c_str())));
	return static_cast<uint64>(pg::sql_int(0, 0));
}

uint64 rejected_rows(const TablePair *pair) { return pair->rejected != nullptr ? pair->rejected->size() : 0; }

void check_removal(CheckList *list, const TablePair *pair, const core::KeyRule *rule, uint64 total, uint64 target) {
	add_check(list, pair->plan->target_name.c_str(), "orphans left out",
			  psprintf(UINT64_FORMAT " rows, " UINT64_FORMAT " orphans", total, static_cast<uint64>(rule->touched)),
			  psprintf(UINT64_FORMAT " rows", target),
			  total - rule->touched == target + rejected_rows(pair) ? Verdict::ok : Verdict::mismatch,
			  rule->rule.text.c_str());
}

void check_nulls(CheckList *list, const TablePair *pair, const core::KeyRule *rule, uint64 total) {
	const uint64 target = target_nulls(pair, rule);
	if (rejected_rows(pair) > 0) { // which of these values they hold, nobody has counted
		add_check(list, pair->plan->target_name.c_str(), psprintf("orphans made null %s", rule->column.c_str()),
				  nullptr, nullptr, Verdict::note,
				  "not counted, since rows were rejected; the digest covers the values");
		return;
	}
	add_check(list, pair->plan->target_name.c_str(), psprintf("orphans made null %s", rule->column.c_str()),
			  psprintf(UINT64_FORMAT " nulls, " UINT64_FORMAT " orphans", total, static_cast<uint64>(rule->touched)),
			  psprintf(UINT64_FORMAT " nulls", target),
			  total + rule->touched == target ? Verdict::ok : Verdict::mismatch, rule->rule.text.c_str());
}

// A value takes the spelling of one parent only, and keeps its own where a parent has it.
void check_spelling(CheckList *list, MemoryContext context, const TablePair *pair, const core::KeyRule *rule) {
	const core::TextResult *doubts = pg::query(context, pair->connection, rule->doubt_sql.c_str(),
											   {"the spelling of a foreign key", 3, core::AnswerRows::one});
	const uint64 several = pg::number_of(doubts, 0, 0), needless = pg::number_of(doubts, 0, 1);
	const std::optional<std::string> &sample = doubts->rows[0][2];
	const bool sure = several + needless == 0;
	add_check(list, pair->plan->target_name.c_str(), psprintf("spelling of %s", rule->column.c_str()),
			  psprintf(UINT64_FORMAT " values spelled as their parents", static_cast<uint64>(rule->touched)),
			  psprintf(UINT64_FORMAT " in doubt", several + needless), sure ? Verdict::ok : Verdict::mismatch,
			  sure ? rule->rule.text.c_str()
				   : psprintf(UINT64_FORMAT " values have several parents, none of them spelled alike; " UINT64_FORMAT
											" would change although a parent is spelled alike; for example \"%s\"",
							  several, needless, sample.has_value() ? sample->c_str() : ""));
}

} // namespace

void check_key_rules(CheckList *list, MemoryContext context, const TablePair *pair, SourceAnswers *answers,
					 const RowCounts *counts, core::TablePlan *plan) {
	if (plan->key_rules.empty())
		return;
	wait_for_all(answers);
	for (size_t i = 0; i < plan->key_rules.size(); ++i) {
		core::KeyRule *rule = &plan->key_rules[i];
		rule->touched = source_number(context, pair, &rule->count_sql);
		if (rule->kind == core::KeyRule::Kind::spelling) {
			check_spelling(list, context, pair, rule);
			continue;
		}
		const uint64 total = source_number(context, pair, &rule->total_sql);
		if (rule->kind == core::KeyRule::Kind::removal)
			check_removal(list, pair, rule, total, counts->target);
		else
			check_nulls(list, pair, rule, total);
	}
}

} // namespace alkconv::verify
