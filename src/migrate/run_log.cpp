// Regime: Postgres (may longjmp, never throws)
//
// INSERTs into the extension's own tables, made as their owner: a caller needs no privilege on them.
#include "migrate/run_log.hpp"

#include "core/left_out.hpp"
#include "migrate/rule_effects.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "catalog/namespace.h"
#include "lib/stringinfo.h"
#include "utils/lsyscache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

uint64 rejected_rows(const RunRecord *record, size_t table) {
	return record->rejects != nullptr ? record->rejects->keys[table].size() : 0;
}

// Nothing is known yet of what it will do.
const char *insert_run(const Planning *planning, const char *mode, Oid caller) {
	const core::SourceSchema *schema = planning->source->schema;
	const mysql::SnapshotInfo &snapshot = planning->source->snapshot->info();
	const Request *request = planning->request;
	const char *values[] = {
		planning->source->name,
		psprintf("%s %s", schema->mariadb ? "MariaDB" : "MySQL", schema->server_version.c_str()),
		schema->database.c_str(),
		planning->target_schema,
		GetUserNameFromId(caller, false),
		mode,
		request->plan->on_existing == core::OnExisting::replace ? "replace" : "error",
		request->verify == core::VerifyLevel::full ? "full" : "counts",
		planning->source->profile,
		snapshot.method.c_str(),
		snapshot.binlog_file.empty()
			? nullptr
			: psprintf("%s:%s", snapshot.binlog_file.c_str(), snapshot.binlog_position.c_str()),
		snapshot.gtid.empty() ? nullptr : snapshot.gtid.c_str(),
		psprintf("%d", planning->source->readers),
		request->on_bad_value == core::OnBadValue::reject ? "reject" : "error",
		psprintf("%u", caller),
	};
	pg::sql_run_with(
		"INSERT INTO alkconv.run (source, source_version, source_database, target_schema, caller, mode, "
		"on_existing, verify, profile,"
		" snapshot_method, binlog_position, gtid, readers, on_bad_value, tables, rows, rejected, bytes, load_seconds, "
		"publish_seconds, verify_seconds, target_version, caller_id)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::int, $14, 0, 0, 0, 0, 0, 0, 0,"
		" pg_catalog.current_setting('server_version'), $15::pg_catalog.oid) RETURNING run",
		lengthof(values), values);
	return pg::sql_text(0, 0);
}

void update_run(const RunRecord *record) {
	const RunTotals *totals = record->totals;
	const char *values[] = {
		record->id,
		psprintf("%zu", record->tables),
		psprintf(UINT64_FORMAT, totals->rows),
		psprintf(UINT64_FORMAT, record->rejects != nullptr ? record->rejects->rows : 0),
		psprintf(UINT64_FORMAT, totals->bytes),
		psprintf("%.3f", totals->load_seconds),
		psprintf("%.3f", totals->publish_seconds),
		psprintf("%.3f", totals->verify_seconds),
	};
	pg::sql_run_with("UPDATE alkconv.run SET finished = pg_catalog.clock_timestamp(), tables = $2::int, rows = "
					 "$3::bigint, rejected = $4::bigint,"
					 " bytes = $5::bigint, load_seconds = $6::float8, publish_seconds = $7::float8, verify_seconds = "
					 "$8::float8 WHERE run = $1::uuid",
					 lengthof(values), values);
}

// What is missing in the target makes it another one than `ok`.
const char *table_verdict(const core::TablePlan *plan, uint64 rejected) {
	if (rejected > 0)
		return psprintf("rejected " UINT64_FORMAT, rejected);
	return core::LeavesColumnsByRule(*plan) ? "left out" : "ok";
}

void insert_table(const RunRecord *record, size_t table) {
	const load::LoadedTable *loaded = &record->loaded[table];
	const verify::RowCounts *counts = &record->counts[table];
	const uint64 rejected = rejected_rows(record, table);
	const core::TablePlan *plan = loaded->plan;
	const char *values[] = {
		record->id,
		psprintf("%zu", table + 1),
		plan->target_name.c_str(),
		psprintf(UINT64_FORMAT, counts->source),
		psprintf(UINT64_FORMAT, counts->target),
		psprintf(UINT64_FORMAT, loaded->bytes),
		psprintf("%.3f", loaded->seconds),
		rule_effects(loaded, record->replaced != nullptr ? record->replaced[table] : 0),
		table_verdict(plan, rejected),
	};
	pg::sql_run_with("INSERT INTO alkconv.run_table (run, ordinal, table_name, source_rows, target_rows, bytes, "
					 "load_seconds, verdict, note)"
					 " VALUES ($1::uuid, $2::int, $3, $4::bigint, $5::bigint, $6::bigint, $7::float8, $9, $8)",
					 lengthof(values), values);
}

void insert_excluded(const char *run, size_t ordinal, const core::ExcludedTable *excluded) {
	const char *values[] = {run, psprintf("%zu", ordinal), excluded->name.c_str(), excluded->reason.c_str(),
							excluded->by_profile ? "excluded" : "left out"};
	pg::sql_run_with("INSERT INTO alkconv.run_table (run, ordinal, table_name, verdict, note) VALUES ($1::uuid, "
					 "$2::int, $3, $5, $4)",
					 lengthof(values), values);
}

void insert_check(const char *run, int ordinal, const verify::Check *check) {
	const char *values[] = {
		run,
		psprintf("%d", ordinal),
		check->table,
		check->check,
		check->source_value,
		check->target_value,
		verify::verdict_name(check->verdict),
		check->note,
	};
	pg::sql_run_with("INSERT INTO alkconv.run_check (run, ordinal, table_name, check_name, source_value, target_value, "
					 "verdict, note)"
					 " VALUES ($1::uuid, $2::int, $3, $4, $5, $6, $7, $8)",
					 lengthof(values), values);
}

} // namespace

void become_owner_of_records(pg::OwnerSwitch *owner) {
	pg::become_owner(owner, get_relname_relid("run", get_namespace_oid("alkconv", false)));
}

const char *mode_name(core::Mode mode) {
	return mode == core::Mode::automatic ? "auto" : (mode == core::Mode::existing ? "existing" : "create");
}

const char *begin_record(MemoryContext context, const Planning *planning, const char *mode) {
	const Oid caller = GetUserId();
	pg::OwnerSwitch owner;
	become_owner_of_records(&owner);
	const char *id = MemoryContextStrdup(context, insert_run(planning, mode, caller));
	pg::resume_user(&owner);
	return id;
}

void finish_record(const RunRecord *record) {
	const core::Plan *plan = record->planning->plan;
	pg::OwnerSwitch owner;
	become_owner_of_records(&owner);
	update_run(record);
	for (size_t i = 0; i < record->tables; ++i)
		insert_table(record, i);
	for (size_t i = 0; i < plan->excluded.size(); ++i)
		insert_excluded(record->id, record->tables + i + 1, &plan->excluded[i]);
	for (int i = 0; i < list_length(record->checks->checks); ++i)
		insert_check(record->id, i + 1, static_cast<const verify::Check *>(list_nth(record->checks->checks, i)));
	pg::resume_user(&owner);
}

bool compared_generated(const Planning *planning, const core::TablePlan *table) {
	const core::SourceTable &source = planning->source->schema->tables[table->source];
	bool generated = false;
	for (size_t i = 0; i < source.columns.size(); ++i)
		generated = generated || source.columns[i].generated;
	if (!generated)
		return false;
	const char *parameters[] = {planning->source->name, planning->target_schema, table->target_name.c_str()};
	pg::OwnerSwitch owner;
	become_owner_of_records(&owner);
	pg::sql_run_with(
		"SELECT EXISTS (SELECT FROM alkconv.run_check c WHERE c.table_name = $3 AND c.check_name = "
		"'generated columns' AND c.run = (SELECT r.run FROM alkconv.run r JOIN alkconv.run_table t ON t.run "
		"= r.run WHERE r.source = $1 AND r.target_schema = $2 AND r.mode <> 'replay' AND r.verify = 'full' "
		"AND t.table_name = $3 AND t.target_rows IS NOT NULL ORDER BY r.finished DESC LIMIT 1))",
		lengthof(parameters), parameters);
	pg::resume_user(&owner);
	return pg::sql_bool(0, 0);
}

const char *reported_run(const char *run) {
	if (pg::sql_run_with("SELECT r.run FROM alkconv.run r WHERE $1 IS NULL OR r.run = $1::pg_catalog.uuid ORDER BY "
						 "r.finished DESC LIMIT 1",
						 1, &run) > 0)
		return pg::sql_text(0, 0);
	if (run == nullptr)
		ereport(ERROR, (errcode(ERRCODE_NO_DATA_FOUND), errmsg("there is no run to report"),
						errdetail("No run of alkconv_migrate is recorded in alkconv.run that you may read."),
						errhint("A run is recorded when its transaction commits; one that ended with an ERROR leaves "
								"nothing.")));
	ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("there is no run %s", run),
					errhint("SELECT run, started, source FROM alkconv.run ORDER BY started lists those that you may "
							"read.")));
}

} // namespace alkconv::migrate
