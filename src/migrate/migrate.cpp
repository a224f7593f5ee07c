// Regime: Postgres (may longjmp, never throws)
//
// The main job, told top to bottom: plan, lock, load tables into transient heaps, publish all of them, load the others through COPY, advance
// the sequences, prove the result, record it. Nothing is visible to others before the caller commits, and nothing remains if any step raises an ERROR.
#include "migrate/migrate.hpp"

#include "core/ddl_notes.hpp"
#include "core/left_out.hpp"
#include "core/sight.hpp"
#include "load/load.hpp"
#include "load/target.hpp"
#include "migrate/copy_targets.hpp"
#include "migrate/create.hpp"
#include "migrate/left_out.hpp"
#include "migrate/plan_audit.hpp"
#include "migrate/planning.hpp"
#include "migrate/reading.hpp"
#include "migrate/rejected_parents.hpp"
#include "migrate/rule_effects.hpp"
#include "migrate/run_log.hpp"
#include "migrate/schema_audit.hpp"
#include "migrate/sequences.hpp"
#include "migrate/statistics.hpp"
#include "migrate/table_pair.hpp"
#include "migrate/verdict.hpp"
#include "pg/extension.hpp"
#include "pg/owned.hpp"
#include "pg/publications.hpp"
#include "pg/spi.hpp"
#include "pg/stopwatch.hpp"
#include "verify/answers.hpp"
#include "verify/constraints.hpp"
#include "verify/foreign_keys.hpp"
#include "verify/key_rules.hpp"
#include "verify/rows.hpp"
#include "verify/sequences.hpp"
#include "verify/sessions.hpp"

extern "C" {
#include "utils/lsyscache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

struct Run {
	MemoryContext context;
	const char *id;
	Planning *planning;
	size_t tables;
	bool *created;		   // by this run, each table
	load::LoadPath *paths; // of each table
	size_t *order;		   // of loading: positions of tables
	size_t heaps;		   // the first so many of them are loaded into heaps
	mysql::ParallelReader *reader;
	verify::SourceAnswers *answers; // about the tables in that order
	uint64 *replaced;				// rows of each target that the run replaces
	load::RejectLog *rejects;		// null: the first bad value ends the run
	load::LoadedTable *loaded;
	verify::RowCounts *counts;
	verify::CheckList checks;
	RunTotals totals;
};

const char *plural(uint64 count) { return count == 1 ? "" : "s"; }

void announce_plan(const Planning *planning) {
	const core::SourceSchema *schema = planning->source->schema;
	const core::Plan *plan = planning->plan;
	ereport(NOTICE, (errmsg("source \"%s\": %s database \"%s\", %zu table%s to load into schema \"%s\"",
							planning->source->name, schema->mariadb ? "MariaDB" : "MySQL", schema->database.c_str(),
							plan->tables.size(), plural(plan->tables.size()), planning->target_schema)));
	size_t others = 0; // an include list is short, what it leaves out is not
	for (size_t i = 0; i < plan->excluded.size(); ++i) {
		if (!plan->excluded[i].asked_for)
			++others;
		else
			ereport(NOTICE, (errmsg("table \"%s\" is left out: %s", plan->excluded[i].name.c_str(),
									plan->excluded[i].reason.c_str())));
	}
	if (others > 0)
		ereport(NOTICE, (errmsg_plural("%zu table is left out: not among the included",
									   "%zu tables are left out: not among the included", others, others)));
	const auto *hidden =
		pg::own_from<std::string>(CurrentMemoryContext, [schema] { return core::HiddenTables(*schema); });
	if (!hidden->empty())
		ereport(WARNING, (errmsg("%s", hidden->c_str()), errhint("Grant the account SELECT on the whole database.")));
	const std::string &why_single = planning->source->snapshot->info().why_single;
	if (!why_single.empty())
		ereport(NOTICE, (errmsg("reading over one connection: %s", why_single.c_str())));
}

// Logical decoding passes over the rows of a rewritten table: subscribers would never see what a run loads.
void refuse_published(Oid table) {
	const char *parameter = psprintf("%u", table);
	if (pg::sql_run_with(psprintf("SELECT p.pubname FROM pg_catalog.pg_publication p, pg_catalog.pg_class t"
								  " WHERE t.oid = $1::pg_catalog.oid AND %s ORDER BY p.pubname",
								  pg::kPublishes),
						 1, &parameter) > 0)
		ereport(
			ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot load into table \"%s\": publication \"%s\" publishes it", get_rel_name(table),
					pg::sql_text(0, 0)),
			 errdetail("Loading replaces the table's storage, and logical replication does not send the rows of a "
					   "rewritten table."),
			 errhint("Drop the table from the publication for the run, and copy it to the subscribers afterwards.")));
}

// Locks every target in the plan's order, which is the same for all runs, so that two runs cannot deadlock. What was planned before the
// locks is planned again under them: the catalog cannot change any more.
void lock_targets(Run *run) {
	const core::Plan *before = run->planning->plan;
	for (size_t i = 0; i < before->tables.size(); ++i)
		if (!before->tables[i].create)
			load::lock_target(before->tables[i].target_oid);
	create_tables(run->planning);
	plan_again(run->context, run->planning, core::Mode::existing);
	require_no_problems(run->planning->plan);
	const core::Plan *plan = run->planning->plan;
	if (plan->tables.size() != before->tables.size())
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the tables of schema \"%s\" changed while the run was starting", run->planning->target_schema),
				 errhint("Run it again.")));
	run->created = static_cast<bool *>(MemoryContextAllocZero(run->context, sizeof(bool) * (plan->tables.size() + 1)));
	for (size_t i = 0; i < plan->tables.size(); ++i) {
		load::lock_target(plan->tables[i].target_oid); // new for created tables only
		run->created[i] = before->tables[i].create;
	}
	refuse_partitions_of_targets(plan);
	run->paths = choose_paths(plan);
	for (size_t i = 0; i < plan->tables.size(); ++i) {
		if (run->paths[i] == load::LoadPath::heap)
			refuse_published(plan->tables[i].target_oid);
		load::require_empty_or_replaced(&plan->tables[i]);
	}
}

// The report tells how many rows a rule or an argument let the run replace.
void count_replaced(Run *run) {
	const core::Plan *plan = run->planning->plan;
	for (size_t i = 0; i < run->tables; ++i) {
		if (!plan->tables[i].replace)
			continue;
		const Oid target = plan->tables[i].target_oid;
		pg::sql_run_as_owner(target, psprintf("SELECT pg_catalog.count(*) FROM %s", pg::from_item(target)));
		run->replaced[i] = static_cast<uint64>(pg::sql_int(0, 0));
	}
}

// The generated columns of a new table as if they were all of it.
verify::TablePair generated_pair_of(MemoryContext context, const Planning *planning, const core::TablePlan *table) {
	verify::TablePair pair = pair_of(planning, table);
	pair.plan = pg::own_from<core::TablePlan>(context, [table] { return core::PlanOfGenerated(*table); });
	return pair;
}

bool compares_generated(const Planning *planning, const core::TablePlan *table) {
	return planning->request->verify == core::VerifyLevel::full && !table->generated.empty();
}

// Starts to ask the source about all tables, in the order given, then about the generated columns of those that have such to compare.
verify::SourceAnswers *ask_source(MemoryContext context, const Planning *planning, const size_t *order) {
	const core::Plan *plan = planning->plan;
	const size_t tables = plan->tables.size();
	auto *pairs =
		static_cast<verify::TablePair *>(MemoryContextAlloc(context, sizeof(verify::TablePair) * (2 * tables + 1)));
	size_t count = 0;
	for (size_t n = 0; n < tables; ++n)
		pairs[count++] = pair_of(planning, &plan->tables[order[n]]);
	for (size_t i = 0; i < tables; ++i)
		if (compares_generated(planning, &plan->tables[i]))
			pairs[count++] = generated_pair_of(context, planning, &plan->tables[i]);
	return verify::ask_ahead(context, pairs, count, planning->request->verify);
}

// What the run will have fetched by the source's estimates, from the n-th table in its order on.
double estimated_bytes_from(const Run *run, size_t n) {
	double bytes = 0;
	for (; n < run->tables; ++n)
		bytes += static_cast<double>(estimated_bytes(run->planning, run->order[n]));
	return bytes;
}

// Large tables tell their speed and what is left; small ones tell nothing that changes from run to run.
const char *load_speed(const Run *run, size_t n) {
	constexpr double kMegabyte = 1024 * 1024;
	const load::LoadedTable *loaded = &run->loaded[run->order[n]];
	if (loaded->bytes < static_cast<uint64>(kMegabyte))
		return "";
	const char *size = psprintf(", %.0f MB", static_cast<double>(loaded->bytes) / kMegabyte);
	if (loaded->bytes < kLargeTable)
		return size;
	const char *speed =
		psprintf("%s, %.0f MB/s", size, static_cast<double>(loaded->bytes) / loaded->seconds / kMegabyte);
	if (n + 1 == run->tables)
		return speed;
	const double speed_so_far = static_cast<double>(run->totals.bytes) / run->totals.load_seconds;
	return psprintf("%s, about %.0f s to load the rest", speed, estimated_bytes_from(run, n + 1) / speed_so_far);
}

// Of one table of the plan, so far.
uint64 rejected_rows(const Run *run, size_t table) {
	return run->rejects != nullptr ? run->rejects->keys[table].size() : 0;
}

// The n-th in the order of loading.
void load_table(Run *run, size_t n) {
	const Planning *planning = run->planning;
	const size_t i = run->order[n];
	const core::TablePlan *table = &planning->plan->tables[i];
	load::LoadedTable *loaded = &run->loaded[i];
	const load::Rejecting rejecting = {run->rejects, i};
	const load::Rejecting *keep_out = rejects_rows(planning, table) ? &rejecting : nullptr;
	run->reader->next_table();
	*loaded = run->paths[i] == load::LoadPath::heap
				  ? load::load_table(run->context, run->reader, table, estimated_bytes(planning, i), keep_out)
				  : load::load_table_by_copy(run->context, run->reader, table, planning->search_path, keep_out);
	run->totals.rows += loaded->rows;
	run->totals.bytes += loaded->bytes;
	run->totals.load_seconds += loaded->seconds;
	const uint64 rejected = rejected_rows(run, i);
	ereport(NOTICE,
			(errmsg("loaded \"%s\": " UINT64_FORMAT " row%s%s%s%s", table->target_name.c_str(), loaded->rows,
					plural(loaded->rows), run->paths[i] == load::LoadPath::heap ? "" : ", through COPY",
					rejected > 0 ? psprintf(", " UINT64_FORMAT " rejected", rejected) : "", load_speed(run, n))));
}

// From here on the source is at work: readers fetch, and where they have connections of their own the first one counts and digests meanwhile.
void start_source(Run *run) {
	run->order = load_order(run->planning, run->paths);
	while (run->heaps < run->tables && run->paths[run->order[run->heaps]] == load::LoadPath::heap)
		++run->heaps;
	run->reader = start_reading(run->context, run->planning, run->paths, run->order);
	if (run->planning->source->snapshot->size() > 1)
		run->answers = ask_source(run->context, run->planning, run->order);
}

void load_heaps(Run *run) {
	for (size_t n = 0; n < run->heaps; ++n)
		load_table(run, n);
}

void publish_heaps(Run *run) {
	const instr_time start = pg::start_stopwatch();
	for (size_t n = 0; n < run->heaps; ++n) {
		CHECK_FOR_INTERRUPTS();
		load::publish_table(&run->loaded[run->order[n]]);
	}
	run->totals.publish_seconds += pg::seconds_since(&start);
	if (run->heaps > 0)
		ereport(NOTICE, (errmsg("published %zu table%s, indexes built", run->heaps, plural(run->heaps))));
}

// After the heaps, so that the foreign keys which the server checks at the end of each COPY find their parents.
void load_by_copy(Run *run) {
	for (size_t n = run->heaps; n < run->tables; ++n)
		load_table(run, n);
	for (size_t n = run->heaps; n < run->tables; ++n)
		fire_deferred_triggers(run->loaded[run->order[n]].plan->target_oid, run->planning->search_path);
}

// All keys and indexes of new tables at once, of all their rows.
void finish_creation(Run *run) {
	if (run->planning->ddl->statements.empty())
		return;
	const instr_time start = pg::start_stopwatch();
	finish_created_tables(run->planning);
	run->totals.publish_seconds += pg::seconds_since(&start);
	ereport(NOTICE, (errmsg("made the keys, indexes and constraints of the new tables")));
}

// Rows that refer to rejected ones would be orphans.
void reject_orphans(Run *run) {
	if (run->rejects == nullptr)
		return;
	if (run->answers != nullptr && run->rejects->rows > 0)
		verify::wait_for_all(run->answers);
	const uint64 rejected = reject_children(run->context, run->planning, run->rejects);
	run->totals.rows -= rejected;
	if (rejected > 0)
		ereport(NOTICE, (errmsg("rejected " UINT64_FORMAT " row%s that refer%s to rejected rows", rejected,
								plural(rejected), rejected == 1 ? "s" : "")));
}

void finish_tables(Run *run) {
	const instr_time start = pg::start_stopwatch();
	for (size_t i = 0; i < run->tables; ++i) {
		advance_sequences(run->planning, run->loaded[i].plan);
		gather_statistics(run->loaded[i].plan->target_oid, run->planning->request->verify);
	}
	run->totals.publish_seconds += pg::seconds_since(&start);
}

// All checks of all tables, in the plan's order; `counts` has one entry per table of the plan. `answers` are about the tables in `order`.
// `created`: of each table whether the run has made it; null: nothing was loaded.
// What needs no answer of the source comes first: the source is still at its digests.
void verify_tables(MemoryContext context, const Planning *planning, const size_t *order, verify::SourceAnswers *answers,
				   const load::RejectLog *rejects, const bool *created, verify::CheckList *checks,
				   verify::RowCounts *counts) {
	const core::Plan *plan = planning->plan;
	const size_t tables = plan->tables.size();
	auto *numbers = static_cast<size_t *>(palloc(sizeof(size_t) * (tables + 1)));
	for (size_t n = 0; n < tables; ++n)
		numbers[order[n]] = n;
	verify::CheckList foreign_keys = {context, NIL, 0, 0};
	verify::check_foreign_keys(&foreign_keys, plan);
	size_t asked = tables; // the generated columns come after all tables
	for (size_t i = 0; i < tables; ++i) {
		const core::TablePlan *table = &plan->tables[i];
		const core::RejectedKeys *rejected = rejects != nullptr ? &rejects->keys[i] : nullptr;
		verify::TablePair pair = pair_of(planning, table);
		pair.rejected = rejected;
		pair.just_loaded = created != nullptr;
		counts[i] = verify::check_rows(checks, context, &pair, planning->request->verify, answers, numbers[i]);
		if (compares_generated(planning, table)) {
			verify::TablePair generated = generated_pair_of(context, planning, table);
			generated.rejected = rejected;
			verify::check_generated(checks, context, &generated, answers, asked++);
		}
		verify::check_key_rules(checks, context, &pair, answers, &counts[i], &planning->plan->tables[i]);
		const core::SourceTable *source = &planning->source->schema->tables[table->source];
		verify::check_constraints(checks, table, source, counts[i].nulls, planning->request->verify);
		verify::check_sequences(checks, pair.target, table, source, created != nullptr && created[i]);
		list_left_out(checks, table);
	}
	verify::append_checks(checks, &foreign_keys);
}

// Rules about orphans are carried out by the source, within the one database.
bool refers_across(const Run *run, const verify::Check *check) {
	for (const core::DdlStatement &statement : run->planning->ddl->statements)
		if (statement.across && strcmp(statement.table.c_str(), check->table) == 0 &&
			strcmp(psprintf("foreign key %s", statement.object.c_str()), check->check) == 0)
			return true;
	return false;
}

const char *mismatch_hint(const Run *run, const verify::Check *check) {
	if (is_foreign_key(check) && refers_across(run, check))
		return "The source holds rows whose parent is not in the schema to which the foreign key refers. Migrate the "
			   "parent's database first, or add the parent rows or delete the orphans in the source.";
	if (is_foreign_key(check))
		return "The source holds rows whose parent does not exist. Add the parent rows or delete the orphans in the "
			   "source, or decide it by a rule in alkconv.rule: action orphans with argument delete or null, and where "
			   "the values differ from their parents' in case or blanks only, transform parent_spelling.";
	if (is_spelling(check))
		return "Spell these values in the source as the parents that they mean, or give the parents' key one spelling "
			   "for "
			   "each value.";
	if (is_lost_parent(check))
		return "Rows refer to rows that a rule keep_one leaves in the source. Let them refer to the rows that stay, in "
			   "the "
			   "source, or decide by a rule in alkconv.rule what becomes of them: action orphans with argument delete "
			   "or null. "
			   "Which of the duplicates stays is for the rule to say: first or last, by a column.";
	if (is_schema(check))
		return "Nothing was changed. Please report this: a table that is made otherwise than the source has it, "
			   "without "
			   "a note, is a defect of alkconv.";
	if (is_generated(check))
		return "Postgres computes other values than the source. Let the column hold the source's values: a rule with "
			   "action "
			   "target_type and the type it is to have makes it a plain one.";
	for (size_t i = 0; i < run->tables; ++i)
		if (run->paths[i] == load::LoadPath::copy &&
			strcmp(run->planning->plan->tables[i].target_name.c_str(), check->table) == 0)
			return "Nothing was changed. The table was loaded through COPY: a trigger that changes, adds or drops rows "
				   "makes the target differ from the "
				   "source. Switch it off for the run: ALTER TABLE ... DISABLE TRIGGER.";
	return "Nothing was changed. Please report this: a value that arrives otherwise than it left is a defect of "
		   "alkconv.";
}

// What mode `create` could not carry over stands in the report, beside the checks.
void report_notes(Run *run) {
	const Planning *planning = run->planning;
	const auto *notes = pg::own_from<std::vector<core::DdlNote>>(
		run->context, [=] { return core::SummarizedNotes(*planning->ddl, planning->source->schema->database); });
	for (const core::DdlNote &note : *notes)
		verify::add_check(&run->checks, note.table.empty() ? note.object.c_str() : note.table.c_str(),
						  psprintf("%s %s", note.kind.c_str(), note.object.c_str()),
						  note.source.empty() ? nullptr : note.source.c_str(), nullptr, verify::Verdict::note,
						  note.text.c_str());
	if (!notes->empty())
		ereport(NOTICE, (errmsg_plural("%zu property or object of the source is noted in the report",
									   "%zu properties and objects of the source are noted in the report",
									   notes->size(), notes->size())));
}

// Tables whose rows one rule replaced, from table `first` on; empty when an earlier one is of the same rule.
const char *tables_replaced_by(const Run *run, size_t first) {
	const core::Plan *plan = run->planning->plan;
	const std::string &rule = plan->tables[first].rule;
	StringInfoData names;
	initStringInfo(&names);
	for (size_t i = 0; i < run->tables; ++i) {
		if (run->replaced[i] == 0 || plan->tables[i].rule != rule)
			continue;
		if (i < first)
			return "";
		appendStringInfo(&names, "%s\"%s\"", names.len == 0 ? "" : ", ", plan->tables[i].target_name.c_str());
	}
	return names.data;
}

// Whoever wrote a rule that replaces what an application had made says by its reason what the application needs next.
void report_replaced(const Run *run) {
	for (size_t i = 0; i < run->tables; ++i) {
		const std::string &rule = run->planning->plan->tables[i].rule;
		const char *names = run->replaced[i] == 0 || rule.empty() ? "" : tables_replaced_by(run, i);
		if (names[0] != '\0')
			ereport(NOTICE, (errmsg("the target's own rows were replaced in %s: %s", names, rule.c_str())));
	}
}

// What stood the proof over synthetic rows when the run was planned.
void report_expressions(Run *run) {
	for (size_t i = 0; i < run->planning->expressions->size(); ++i) {
		const ProvedExpression &expression = (*run->planning->expressions)[i];
		const bool compared = pg::edge([&] { return expression.why_not.empty(); });
		const bool literal = pg::edge([&] { return expression.name.rfind("literal defaults", 0) == 0; });
		const char *what = psprintf("%zu %s%s", expression.rows, literal ? "column" : "synthetic row",
									expression.rows == 1 ? "" : "s");
		verify::add_check(&run->checks, expression.table.c_str(), expression.name.c_str(), compared ? what : nullptr,
						  compared ? what : nullptr, compared ? verify::Verdict::ok : verify::Verdict::note,
						  !compared				   ? psprintf("not compared: %s", expression.why_not.c_str())
						  : expression.how.empty() ? nullptr
												   : expression.how.c_str());
	}
}

void require_proved(const Run *run) {
	int count;
	const verify::Check *check = verify::first_mismatch(&run->checks, &count);
	if (check != nullptr)
		raise_mismatch(check, count, mismatch_hint(run, check));
}

uint64 total_rejected(const Run *run) { return run->rejects != nullptr ? run->rejects->rows : 0; }

void verify_run(Run *run) {
	const instr_time start = pg::start_stopwatch();
	if (run->answers == nullptr)
		run->answers = ask_source(run->context, run->planning, run->order);
	verify_tables(run->context, run->planning, run->order, run->answers, run->rejects, run->created, &run->checks,
				  run->counts);
	verify::wait_for_all(run->answers);
	audit_created_tables(run->context, run->planning, run->created, run->rejects, &run->checks);
	report_expressions(run);
	require_proved(run);
	run->totals.verify_seconds = pg::seconds_since(&start);
	ereport(NOTICE,
			(errmsg("verified %zu table%s: %d check%s, all ok%s", run->tables, plural(run->tables),
					verify::checks_made(&run->checks), plural(static_cast<uint64>(verify::checks_made(&run->checks))),
					total_rejected(run) > 0 ? " for the rows that were not rejected" : "")));
}

// What the proof is worth.
const char *proved(const Run *run) {
	if (run->planning->request->verify != core::VerifyLevel::full)
		return "row counts proved equal";
	return proved_values(run->loaded, run->tables, &run->checks);
}

// What the proof is not about.
const char *left_out(const Run *run) {
	const core::Plan *plan = run->planning->plan;
	const std::string *text = pg::own_from<std::string>(run->context, [plan] { return core::DescribeLeftOut(*plan); });
	return text->empty() ? "" : psprintf("; %s", text->c_str());
}

// The last line, so that nobody takes the run for a whole one.
void warn_of_rejects(const Run *run) {
	const uint64 rejected = total_rejected(run);
	if (rejected > 0)
		ereport(WARNING, (errcode(ERRCODE_WARNING),
						  errmsg(UINT64_FORMAT " row%s rejected", rejected, rejected == 1 ? " was" : "s were"),
						  errhint("They are in alkconv.reject. Mend them in the source, or write rules, then "
								  "SELECT %s('%s').",
								  pg::function_name("alkconv_replay"), run->id)));
}

} // namespace

const char *migrate(MemoryContext context, const Request *request) {
	int nest_level;
	auto *run = static_cast<Run *>(MemoryContextAllocZero(context, sizeof(Run)));
	run->context = context;
	run->checks.context = context;
	run->planning = plan_run(context, request, &nest_level);
	require_no_problems(run->planning->plan);
	announce_plan(run->planning);

	verify::require_sessions(context, run->planning->source->snapshot);
	lock_targets(run);
	audit_plan(context, run->planning, &run->checks);
	require_no_mismatch(&run->checks, kPlanHint);
	run->tables = run->planning->plan->tables.size();
	run->replaced = static_cast<uint64 *>(MemoryContextAllocZero(context, sizeof(uint64) * (run->tables + 1)));
	run->loaded = static_cast<load::LoadedTable *>(
		MemoryContextAllocZero(context, sizeof(load::LoadedTable) * (run->tables + 1)));
	run->counts = static_cast<verify::RowCounts *>(
		MemoryContextAllocZero(context, sizeof(verify::RowCounts) * (run->tables + 1)));

	run->id = begin_record(context, run->planning, mode_name(request->plan->mode));
	if (request->on_bad_value == core::OnBadValue::reject)
		run->rejects = load::open_reject_log(context, run->id, run->tables);

	count_replaced(run);
	start_source(run);
	empty_copy_targets(run->planning->plan, run->paths);
	load_heaps(run);
	publish_heaps(run);
	load_by_copy(run);
	finish_creation(run);
	reject_orphans(run);
	finish_tables(run);
	verify_run(run);
	report_notes(run);
	report_replaced(run);

	const RunRecord record = {run->id,	   run->planning, run->tables,	run->replaced, run->loaded,
							  run->counts, run->rejects,  &run->checks, &run->totals};
	finish_record(&record);
	ereport(NOTICE,
			(errmsg("migrated \"%s\": %zu table%s, " UINT64_FORMAT " row%s, %s%s%s", run->planning->source->name,
					run->tables, plural(run->tables), run->totals.rows, plural(run->totals.rows), proved(run),
					left_out(run),
					total_rejected(run) > 0 ? psprintf("; " UINT64_FORMAT " rejected", total_rejected(run)) : "")));
	warn_of_rejects(run);
	pg::unpin_search_path(nest_level);
	return run->id;
}

namespace {

// Plans again under the locks. Tables that a run has created are planned as if they had been created just now: their
// generated columns are compared as the run compared them.
void plan_as_run(MemoryContext context, Planning *planning) {
	core::Plan *plan = planning->plan;
	for (size_t i = 0; i < plan->tables.size(); ++i)
		plan->tables[i].create = compared_generated(planning, &plan->tables[i]);
	plan_again(context, planning, core::Mode::existing);
	require_no_problems(planning->plan);
}

} // namespace

verify::CheckList *verify_only(MemoryContext context, const Request *request) {
	int nest_level;
	Planning *planning = make_planning(context, request, &nest_level);
	require_no_problems(planning->plan);
	for (size_t i = 0; i < planning->plan->tables.size(); ++i)
		load::lock_to_compare(planning->plan->tables[i].target_oid);
	plan_as_run(context, planning);
	auto *checks = static_cast<verify::CheckList *>(MemoryContextAllocZero(context, sizeof(verify::CheckList)));
	checks->context = context;
	auto *counts = static_cast<verify::RowCounts *>(
		MemoryContextAllocZero(context, sizeof(verify::RowCounts) * (planning->plan->tables.size() + 1)));
	auto *order = static_cast<size_t *>(palloc(sizeof(size_t) * (planning->plan->tables.size() + 1)));
	for (size_t i = 0; i < planning->plan->tables.size(); ++i)
		order[i] = i;
	audit_plan(context, planning, checks);
	verify::require_sessions(context, planning->source->snapshot);
	verify::SourceAnswers *answers = ask_source(context, planning, order);
	verify_tables(context, planning, order, answers, nullptr, nullptr, checks, counts);
	verify::wait_for_all(answers);
	audit_tables(context, planning, checks);
	list_tables_left_out(checks, planning->plan);
	verify::order_by_table(checks);
	pg::unpin_search_path(nest_level);
	return checks;
}

} // namespace alkconv::migrate
