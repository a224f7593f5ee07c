// Regime: Postgres (may longjmp, never throws)
//
// A replay, told top to bottom. The source and the targets may have gone on since the run, so only the rows that are brought are compared: in the
// source those with the rejected keys, in a target those that this transaction has inserted.
#include "migrate/replay.hpp"

#include "load/load.hpp"
#include "load/target.hpp"
#include "migrate/copy_targets.hpp"
#include "migrate/plan_audit.hpp"
#include "migrate/planning.hpp"
#include "migrate/reading.hpp"
#include "migrate/rule_effects.hpp"
#include "migrate/run_log.hpp"
#include "migrate/sequences.hpp"
#include "migrate/table_pair.hpp"
#include "migrate/verdict.hpp"
#include "pg/await.hpp"
#include "pg/owned.hpp"
#include "pg/owner.hpp"
#include "pg/spi.hpp"
#include "pg/stopwatch.hpp"
#include "verify/answers.hpp"
#include "verify/constraints.hpp"
#include "verify/foreign_keys.hpp"
#include "verify/sequences.hpp"
#include "verify/sessions.hpp"

extern "C" {
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/lsyscache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

struct Replay {
	MemoryContext context;
	const char *run; // whose rows are brought
	const char *source_database;
	ArrayType *tables; // LIKE patterns that match them exactly
	Planning *planning;
	core::RejectedKeys *keys; // by position in the plan
	load::LoadedTable *loaded;
	verify::RowCounts *counts;
	verify::CheckList checks;
	RunTotals totals;
	CommandId first_command; // from which on the rows are ours
};

Oid reject_table() { return get_relname_relid("reject", get_namespace_oid("alkconv", false)); }

ArrayType *array_field(MemoryContext context, uint64 row, int column) {
	bool null;
	const Datum value = SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column + 1, &null);
	const MemoryContext caller = MemoryContextSwitchTo(context);
	ArrayType *array = null ? construct_empty_array(TEXTOID) : DatumGetArrayTypePCopy(value);
	MemoryContextSwitchTo(caller);
	return array;
}

// What to ask for again: the same server and schema. Who may not read of the run may not go on with it: it is read as the caller.
RequestArguments read_run(Replay *replay) {
	const char *parameter = replay->run;
	RequestArguments arguments = {};
	const int nest_level = pg::pin_search_path();
	const uint64 runs = pg::sql_run_with(
		"SELECT source, target_schema, source_database FROM alkconv.run WHERE run = $1::pg_catalog.uuid", 1,
		&parameter);
	pg::unpin_search_path(nest_level);
	if (runs == 0)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("there is no run %s", replay->run),
						errhint("SELECT run, started, source, rejected FROM alkconv.run ORDER BY started.")));
	arguments.source = MemoryContextStrdup(replay->context, pg::sql_text(0, 0));
	arguments.target_schema = MemoryContextStrdup(replay->context, pg::sql_text(0, 1));
	replay->source_database = MemoryContextStrdup(replay->context, pg::sql_text(0, 2));
	arguments.mode = "existing";
	static const int32 kOneConnection = 1;
	arguments.readers = &kOneConnection;
	return arguments;
}

// Locks the entries, so that of two replays at a time the second finds none. False when there are none.
bool lock_entries(Replay *replay) {
	const char *parameters[] = {replay->run, "([\\\\_%])", "\\\\\\1"};
	pg::OwnerSwitch owner;
	pg::become_owner(&owner, reject_table());
	pg::sql_run_with(
		"WITH entry AS (SELECT source_table FROM alkconv.reject WHERE run = $1::pg_catalog.uuid AND "
		"replayed_by IS NULL FOR UPDATE)"
		" SELECT pg_catalog.array_agg(DISTINCT pg_catalog.regexp_replace(source_table, $2, $3, 'g')) FROM entry",
		lengthof(parameters), parameters);
	const bool any = pg::sql_text(0, 0) != nullptr;
	replay->tables = array_field(replay->context, 0, 0);
	pg::resume_user(&owner);
	return any;
}

void require_same_database(const Replay *replay) {
	const std::string &database = replay->planning->source->schema->database;
	if (database != replay->source_database)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("server \"%s\" now names database \"%s\"; the rows were rejected from \"%s\"",
							   replay->planning->source->name, database.c_str(), replay->source_database),
						errhint("Set the server's option dbname back.")));
}

void lock_targets(Replay *replay) {
	const core::Plan *plan = replay->planning->plan;
	for (size_t i = 0; i < plan->tables.size(); ++i) {
		load::lock_target(plan->tables[i].target_oid);
		load::refuse_insert_triggers(plan->tables[i].target_oid);
	}
	plan_again(replay->context, replay->planning, core::Mode::existing);
	require_no_problems(replay->planning->plan);
	refuse_partitions_of_targets(replay->planning->plan);
}

void append_texts(std::vector<std::string> *texts, ArrayType *array) {
	Datum *elements;
	bool *nulls;
	int count;
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &count);
	for (int i = 0; i < count; ++i) {
		const char *element = nulls[i] ? "" : TextDatumGetCString(elements[i]);
		pg::edge([=] { texts->emplace_back(element); });
	}
}

// The table's keys must be of the columns by which its rows were rejected.
void require_same_key(const Replay *replay, const core::TablePlan *table, ArrayType *columns) {
	auto *names = pg::own<std::vector<std::string>>(replay->context);
	append_texts(names, columns);
	bool same = names->size() == table->key.size();
	for (size_t i = 0; same && i < names->size(); ++i)
		same = (*names)[i] == table->columns[table->key[i]].source_name;
	if (!same)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the key of table \"%s\" is not the one by which its rows were rejected",
						table->source_name.c_str()),
				 errhint("Columns key_columns and key of alkconv.reject name the rows: write the new key there.")));
}

void read_keys(Replay *replay) {
	const core::Plan *plan = replay->planning->plan;
	replay->keys = pg::own<std::vector<core::RejectedKeys>>(replay->context, plan->tables.size())->data();
	for (size_t i = 0; i < plan->tables.size(); ++i) {
		const char *parameters[] = {replay->run, plan->tables[i].source_name.c_str()};
		pg::OwnerSwitch owner;
		pg::become_owner(&owner, reject_table());
		const uint64 count = pg::sql_run_with(
			"SELECT key_columns, key FROM alkconv.reject WHERE run = $1::pg_catalog.uuid AND source_table = $2 AND "
			"replayed_by IS NULL ORDER BY ordinal",
			lengthof(parameters), parameters);
		core::RejectedKeys *keys = &replay->keys[i];
		for (uint64 row = 0; row < count; ++row) {
			require_same_key(replay, &plan->tables[i], array_field(replay->context, row, 0));
			pg::edge([=] { keys->emplace_back(); });
			append_texts(&keys->back(), array_field(replay->context, row, 1));
		}
		pg::resume_user(&owner);
	}
}

void require_all_tables(const Replay *replay) {
	Datum *elements;
	bool *nulls;
	int count;
	deconstruct_array(replay->tables, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &count);
	if (static_cast<size_t>(count) != replay->planning->plan->tables.size())
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("rows of %d tables were rejected, and the plan has %zu of these", count,
						replay->planning->plan->tables.size()),
				 errhint("A rule or a change of either side leaves tables out. Delete the entries in alkconv.reject "
						 "that are not to be brought.")));
}

// From here on the plan is about the rejected rows only.
void plan_rejected_rows(const Replay *replay) {
	core::Plan *plan = replay->planning->plan;
	const std::string *database = &replay->planning->source->schema->database;
	pg::edge([=] {
		for (size_t i = 0; i < plan->tables.size(); ++i)
			plan->tables[i] = core::OnlyRows(plan->tables[i], *database, replay->keys[i]);
	});
}

// The source may spell a key otherwise than it did; then the first that looks different is as good as any.
const char *what_is_missing(const Replay *replay, const core::TablePlan *table, const core::RejectedKeys *keys) {
	mysql::Connection *connection = replay->planning->source->connection();
	const std::string *database = &replay->planning->source->schema->database;
	const auto *sql = pg::own_from<std::string>(replay->context, [=] { return core::KeysQuery(*table, *database); });
	const core::TextRows *found =
		&pg::query(replay->context, connection, sql->c_str(),
				   {"the keys of a table", table->key.size(), core::AnswerRows::any, core::kMostRowsBytes})
			 ->rows;
	const auto *missing = pg::own_from<std::string>(replay->context, [=] { return core::FirstMissing(*keys, *found); });
	return missing->empty() ? "Several entries have the same key."
							: psprintf("The first that is missing has the key (%s).", missing->c_str());
}

void require_all_rows(const Replay *replay) {
	const core::Plan *plan = replay->planning->plan;
	for (size_t i = 0; i < plan->tables.size(); ++i) {
		const core::TablePlan *table = &plan->tables[i];
		const std::string *database = &replay->planning->source->schema->database;
		const auto *sql =
			pg::own_from<std::string>(replay->context, [=] { return core::RowCountQuery(*table, *database); });
		const uint64 found = pg::number_of(pg::query(replay->context, replay->planning->source->connection(),
													 sql->c_str(), {"the rejected rows", 1, core::AnswerRows::one}),
										   0, 0);
		const uint64 wanted = replay->keys[i].size();
		if (found != wanted)
			ereport(ERROR,
					(errcode(ERRCODE_NO_DATA_FOUND),
					 errmsg("the source holds " UINT64_FORMAT " of " UINT64_FORMAT " rejected rows of table \"%s\"",
							found, wanted, table->source_name.c_str()),
					 errdetail("%s", what_is_missing(replay, table, &replay->keys[i])),
					 errhint("Where a key was mended, write the new one into column key of alkconv.reject; where a row "
							 "is not to come, delete its entry."),
					 err_generic_string(PG_DIAG_TABLE_NAME, table->source_name.c_str())));
	}
}

load::LoadPath *through_copy(const core::Plan *plan) {
	auto *paths = static_cast<load::LoadPath *>(palloc(sizeof(load::LoadPath) * (plan->tables.size() + 1)));
	for (size_t i = 0; i < plan->tables.size(); ++i)
		paths[i] = load::LoadPath::copy;
	return paths;
}

// Into the targets as they are, parents before children.
void load_rows(Replay *replay) {
	const core::Plan *plan = replay->planning->plan;
	const load::LoadPath *paths = through_copy(plan);
	const size_t *order = load_order(replay->planning, paths);
	verify::require_sessions(replay->context, replay->planning->source->snapshot);
	mysql::ParallelReader *reader = start_reading(replay->context, replay->planning, paths, order);
	replay->first_command = GetCurrentCommandId(true);
	for (size_t n = 0; n < plan->tables.size(); ++n) {
		const size_t i = order[n];
		const core::TablePlan *table = &plan->tables[i];
		reader->next_table();
		replay->loaded[i] =
			load::load_table_by_copy(replay->context, reader, table, replay->planning->search_path, nullptr);
		replay->totals.rows += replay->loaded[i].rows;
		replay->totals.bytes += replay->loaded[i].bytes;
		replay->totals.load_seconds += replay->loaded[i].seconds;
		ereport(NOTICE, (errmsg("loaded \"%s\": " UINT64_FORMAT " rejected row%s", table->target_name.c_str(),
								replay->loaded[i].rows, replay->loaded[i].rows == 1 ? "" : "s")));
	}
	for (size_t i = 0; i < plan->tables.size(); ++i)
		advance_sequences(replay->planning, replay->loaded[i].plan);
}

// Condition over the system columns of a target: the row was inserted by us. The transaction may have inserted others before it called us.
const char *is_ours(const Replay *replay) {
	return psprintf("(xmin = '%u'::pg_catalog.xid AND cmin::pg_catalog.text::pg_catalog.int8 >= %u)",
					GetCurrentTransactionId(), replay->first_command);
}

const char *our_rows(const Replay *replay, const core::TablePlan *table) {
	return psprintf("(SELECT * FROM %s WHERE %s) AS replayed", pg::from_item(table->target_oid), is_ours(replay));
}

// A later run may have brought the row already, and the target may have no unique key that says so. INTERSECT holds NULLs equal, and needs no
// look at every pair of rows.
void require_not_there(const Replay *replay, const core::TablePlan *table) {
	StringInfoData names;
	initStringInfo(&names);
	for (const size_t position : table->key)
		appendStringInfo(&names, "%s%s", names.len == 0 ? "" : ", ",
						 quote_identifier(table->columns[position].target_name.c_str()));
	pg::sql_run_as_owner(
		table->target_oid,
		psprintf("SELECT pg_catalog.count(*), pg_catalog.min(pg_catalog.concat_ws(', ', %s) COLLATE \"C\") FROM "
				 "(SELECT %s FROM %s INTERSECT SELECT %s FROM %s WHERE NOT %s) AS there",
				 names.data, names.data, our_rows(replay, table), names.data, pg::from_item(table->target_oid),
				 is_ours(replay)));
	const int64 there = pg::sql_int(0, 0);
	if (there > 0)
		ereport(ERROR, (errcode(ERRCODE_UNIQUE_VIOLATION),
						errmsg("target table \"%s\" already holds " INT64_FORMAT " of the rejected rows",
							   table->target_name.c_str(), there),
						errdetail("One of them is (%s)=(%s).", names.data, pg::sql_text(0, 1)),
						errhint("A later run has brought them. Delete their entries in alkconv.reject."),
						err_generic_string(PG_DIAG_TABLE_NAME, table->target_name.c_str())));
}

verify::TablePair pair_of_ours(const Replay *replay, const core::TablePlan *table) {
	verify::TablePair pair = pair_of(replay->planning, table);
	pair.target_rows = MemoryContextStrdup(replay->context, our_rows(replay, table));
	return pair;
}

void verify_rows(Replay *replay) {
	const instr_time start = pg::start_stopwatch();
	const core::Plan *plan = replay->planning->plan;
	const size_t tables = plan->tables.size();
	auto *pairs = static_cast<verify::TablePair *>(palloc(sizeof(verify::TablePair) * (tables + 1)));
	for (size_t i = 0; i < tables; ++i) {
		require_not_there(replay, &plan->tables[i]);
		pairs[i] = pair_of_ours(replay, &plan->tables[i]);
	}
	verify::SourceAnswers *answers = verify::ask_ahead(replay->context, pairs, tables, core::VerifyLevel::full);
	for (size_t i = 0; i < tables; ++i) {
		replay->counts[i] =
			verify::check_rows(&replay->checks, replay->context, &pairs[i], core::VerifyLevel::full, answers, i);
		verify::check_constraints(&replay->checks, &plan->tables[i], nullptr, replay->counts[i].nulls,
								  core::VerifyLevel::full);
		verify::check_sequences(&replay->checks, pairs[i].target, &plan->tables[i],
								&replay->planning->source->schema->tables[plan->tables[i].source], false);
	}
	verify::CheckList foreign_keys = {replay->context, NIL, 0, 0};
	verify::check_foreign_keys(&foreign_keys, plan);
	verify::append_checks(&replay->checks, &foreign_keys);
	require_no_mismatch(
		&replay->checks,
		"Nothing was changed. Where foreign keys are concerned, another run may have rejected the parent: "
		"replay that one first. Everything else is a defect of alkconv: please report it.");
	replay->totals.verify_seconds = pg::seconds_since(&start);
}

void settle_entries(const Replay *replay, const char *id) {
	const char *parameters[] = {replay->run, id};
	pg::OwnerSwitch owner;
	pg::become_owner(&owner, reject_table());
	pg::sql_run_with("UPDATE alkconv.reject SET replayed_by = $2::pg_catalog.uuid WHERE run = $1::pg_catalog.uuid AND "
					 "replayed_by IS NULL",
					 lengthof(parameters), parameters);
	pg::resume_user(&owner);
}

} // namespace

const char *replay(MemoryContext context, const char *run) {
	auto *replay = static_cast<Replay *>(MemoryContextAllocZero(context, sizeof(Replay)));
	replay->context = context;
	replay->run = run;
	replay->checks.context = context;
	RequestArguments arguments = read_run(replay);
	if (!lock_entries(replay)) {
		ereport(NOTICE, (errmsg("run %s has no rejected rows that are still to be brought", run)));
		return nullptr;
	}
	arguments.include = replay->tables;
	int nest_level;
	replay->planning = make_planning(context, make_request(context, &arguments), &nest_level);
	require_no_problems(replay->planning->plan);
	require_same_database(replay);
	require_all_tables(replay);
	lock_targets(replay);
	audit_plan(context, replay->planning, &replay->checks);
	require_no_mismatch(&replay->checks, kPlanHint);
	read_keys(replay);
	plan_rejected_rows(replay);
	require_all_rows(replay);

	const size_t tables = replay->planning->plan->tables.size();
	replay->loaded =
		static_cast<load::LoadedTable *>(MemoryContextAllocZero(context, sizeof(load::LoadedTable) * (tables + 1)));
	replay->counts =
		static_cast<verify::RowCounts *>(MemoryContextAllocZero(context, sizeof(verify::RowCounts) * (tables + 1)));
	load_rows(replay);
	verify_rows(replay);

	const char *id = begin_record(context, replay->planning, "replay");
	const RunRecord record = {id,	   replay->planning, tables,		 nullptr, replay->loaded, replay->counts,
							  nullptr, &replay->checks,	 &replay->totals};
	finish_record(&record);
	settle_entries(replay, id);
	ereport(NOTICE,
			(errmsg("replayed run %s: " UINT64_FORMAT " row%s, %s", run, replay->totals.rows,
					replay->totals.rows == 1 ? "" : "s", proved_values(replay->loaded, tables, &replay->checks))));
	pg::unpin_search_path(nest_level);
	return id;
}

} // namespace alkconv::migrate
