// Regime: Postgres (may longjmp, never throws)
//
// Counts of both servers. The source counts orphans by an outer join, where the rows were chosen by NOT EXISTS.
#include "verify/key_rules.hpp"

#include "core/difference.hpp"
#include "core/preflight_sample.hpp"
#include "pg/await.hpp"
#include "pg/owned.hpp"
#include "pg/spi.hpp"
#include "verify/answers.hpp"

extern "C" {
#include "lib/stringinfo.h"
#include "utils/builtins.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::verify {

namespace {

uint64 source_number(MemoryContext context, const TablePair *pair, const std::string *sql) {
	return pg::number_of(
		pg::query(context, pair->connection, sql->c_str(), {"a foreign key", 1, core::AnswerRows::one}), 0, 0);
}

uint64 target_nulls(const TablePair *pair, const core::KeyRule *rule) {
	pg::sql_run_as_owner(pair->target->oid,
						 psprintf("SELECT pg_catalog.count(*) FROM %s WHERE %s IS NULL",
								  pg::from_item(pair->target->oid), quote_identifier(rule->column.c_str())));
	return static_cast<uint64>(pg::sql_int(0, 0));
}

uint64 rejected_rows(const TablePair *pair) { return pair->rejected != nullptr ? pair->rejected->size() : 0; }

bool removes_rows(const core::KeyRule *rule) {
	return rule->kind == core::KeyRule::Kind::removal || rule->kind == core::KeyRule::Kind::duplicate;
}

// By all rules of the table; known when each has been counted.
uint64 removed_rows(const core::TablePlan *plan) {
	uint64 rows = 0;
	for (size_t i = 0; i < plan->key_rules.size(); ++i)
		if (removes_rows(&plan->key_rules[i]))
			rows += plan->key_rules[i].touched;
	return rows;
}

void check_removal(CheckList *list, const TablePair *pair, const core::KeyRule *rule, uint64 total, uint64 removed,
				   uint64 target) {
	add_check(list, pair->plan->target_name.c_str(), "orphans left out",
			  psprintf(UINT64_FORMAT " rows, " UINT64_FORMAT " orphans", total, static_cast<uint64>(rule->touched)),
			  psprintf(UINT64_FORMAT " rows", target),
			  total - removed == target + rejected_rows(pair) ? Verdict::ok : Verdict::mismatch,
			  rule->rule.text.c_str());
}

// The target's own equality decides which keys are different, of rows whose key can equal another's.
uint64 different_keys_of_target(const TablePair *pair, const core::KeyRule *rule) {
	StringInfoData columns, known;
	initStringInfo(&columns);
	initStringInfo(&known);
	for (size_t i = 0; i < rule->key_columns.size(); ++i) {
		const char *name = quote_identifier(rule->key_columns[i].c_str());
		appendStringInfo(&columns, "%s%s", i == 0 ? "" : ", ", name);
		appendStringInfo(&known, "%s%s IS NOT NULL", i == 0 ? " WHERE " : " AND ", name);
	}
	pg::sql_run_as_owner(pair->target->oid,
						 psprintf("SELECT pg_catalog.count(*) FROM (SELECT DISTINCT %s FROM %s%s) AS keys",
								  columns.data, pg::from_item(pair->target->oid),
								  rule->nulls_not_distinct ? "" : known.data));
	return static_cast<uint64>(pg::sql_int(0, 0));
}

// As many keys as the source counts have to be there, and one row each: the source's rows are those of the target and those that were left out.
// Where rows were rejected nobody has counted whose key went with them.
void check_duplicates(CheckList *list, const TablePair *pair, const core::KeyRule *rule, uint64 keys, uint64 total,
					  uint64 removed, uint64 target) {
	const uint64 found = different_keys_of_target(pair, rule);
	const bool all = total - removed == target + rejected_rows(pair) && (keys == found || rejected_rows(pair) > 0);
	add_check(list, pair->plan->target_name.c_str(), psprintf("duplicates left out, %s", rule->key_name.c_str()),
			  psprintf(UINT64_FORMAT " rows, " UINT64_FORMAT " duplicates, " UINT64_FORMAT " different keys", total,
					   static_cast<uint64>(rule->touched), keys),
			  psprintf(UINT64_FORMAT " rows, " UINT64_FORMAT " different keys", target, found),
			  all ? Verdict::ok : Verdict::mismatch, rule->rule.text.c_str());
}

// What was left out is named, so that nobody has to look for it.
void list_duplicates(CheckList *list, MemoryContext context, const TablePair *pair, const core::KeyRule *rule) {
	const core::TextResult *rows =
		pg::query(context, pair->connection, rule->list_sql.c_str(), {"duplicates of a key", 2, core::AnswerRows::any});
	const size_t listed = Min(rows->rows.size(), core::KeyRule::kListed);
	for (size_t i = 0; i < listed; ++i) {
		const std::vector<std::optional<std::string>> *row = &rows->rows[i];
		const auto *texts = pg::own_from<std::pair<std::string, std::string>>(context, [row] {
			return std::make_pair(core::SampleText((*row)[0].value_or("null")),
								  core::SampleText((*row)[1].value_or("null")));
		});
		add_check(list, pair->plan->target_name.c_str(), psprintf("duplicate %s", texts->first.c_str()), nullptr,
				  nullptr, Verdict::left_out, psprintf("%s stays: %s", texts->second.c_str(), rule->rule.text.c_str()));
	}
	if (rule->touched > listed)
		add_check(list, pair->plan->target_name.c_str(), "duplicates not listed", nullptr, nullptr, Verdict::left_out,
				  psprintf(UINT64_FORMAT " more", static_cast<uint64>(rule->touched) - listed));
}

// Rows whose parent stays in the source are not to come without a word, whether or not the target has the foreign key.
void check_references(CheckList *list, const TablePair *pair, const core::KeyRule *rule) {
	add_check(list, pair->plan->target_name.c_str(), psprintf("references to duplicates by %s", rule->key_name.c_str()),
			  psprintf(UINT64_FORMAT " rows refer to duplicates that are left out", static_cast<uint64>(rule->touched)),
			  nullptr, rule->touched == 0 ? Verdict::ok : Verdict::mismatch, rule->rule.text.c_str());
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
	auto *keys = static_cast<uint64 *>(MemoryContextAllocZero(context, sizeof(uint64) * plan->key_rules.size()));
	for (size_t i = 0; i < plan->key_rules.size(); ++i) {
		core::KeyRule *rule = &plan->key_rules[i];
		const bool duplicates = rule->kind == core::KeyRule::Kind::duplicate;
		const core::TextResult *counted =
			pg::query(context, pair->connection, rule->count_sql.c_str(),
					  {"a rule about keys", duplicates ? size_t{2} : size_t{1}, core::AnswerRows::one});
		rule->touched = pg::number_of(counted, 0, 0);
		if (duplicates)
			keys[i] = pg::number_of(counted, 0, 1);
	}
	const uint64 removed = removed_rows(plan);
	for (size_t i = 0; i < plan->key_rules.size(); ++i) {
		const core::KeyRule *rule = &plan->key_rules[i];
		switch (rule->kind) {
		case core::KeyRule::Kind::spelling: check_spelling(list, context, pair, rule); break;
		case core::KeyRule::Kind::reference: check_references(list, pair, rule); break;
		case core::KeyRule::Kind::null:
			check_nulls(list, pair, rule, source_number(context, pair, &rule->total_sql));
			break;
		case core::KeyRule::Kind::removal:
			check_removal(list, pair, rule, source_number(context, pair, &rule->total_sql), removed, counts->target);
			break;
		case core::KeyRule::Kind::duplicate:
			check_duplicates(list, pair, rule, keys[i], source_number(context, pair, &rule->total_sql), removed,
							 counts->target);
			list_duplicates(list, context, pair, rule);
			break;
		}
	}
}

} // namespace alkconv::verify
