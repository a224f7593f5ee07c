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
	const core::TextRows &rows = pg::query(context, pair->connection, sql->c_str())->rows;
	return rows[0][0].has_value() ? strtoull(rows[0][0]->c_str(), nullptr, 10) : 0;
}

uint64 target_nulls(const TablePair *pair, const core::KeyRule *rule) {
	pg::sql_run(psprintf("SELECT pg_catalog.count(*) FROM %s WHERE %s IS NULL", pg::from_item(pair->target->oid),
						 quote_identifier(rule->column.c_str())));
	return static_cast<uint64>(pg::sql_int(0, 0));
}

void check_removal(CheckList *list, const TablePair *pair, const core::KeyRule *rule, uint64 total, uint64 target) {
	add_check(list, pair->plan->target_name.c_str(), "orphans left out",
			  psprintf(UINT64_FORMAT " rows, " UINT64_FORMAT " orphans", total, static_cast<uint64>(rule->touched)),
			  psprintf(UINT64_FORMAT " rows", target),
			  total - rule->touched == target ? Verdict::ok : Verdict::mismatch, rule->rule.text.c_str());
}

void check_nulls(CheckList *list, const TablePair *pair, const core::KeyRule *rule, uint64 total) {
	const uint64 target = target_nulls(pair, rule);
	add_check(list, pair->plan->target_name.c_str(), psprintf("orphans made null %s", rule->column.c_str()),
			  psprintf(UINT64_FORMAT " nulls, " UINT64_FORMAT " orphans", total, static_cast<uint64>(rule->touched)),
			  psprintf(UINT64_FORMAT " nulls", target),
			  total + rule->touched == target ? Verdict::ok : Verdict::mismatch, rule->rule.text.c_str());
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
		if (rule->kind == core::KeyRule::Kind::spelling)
			continue;
		const uint64 total = source_number(context, pair, &rule->total_sql);
		if (rule->kind == core::KeyRule::Kind::removal)
			check_removal(list, pair, rule, total, counts->target);
		else
			check_nulls(list, pair, rule, total);
	}
}

} // namespace alkconv::verify
