// Regime: Postgres (may longjmp, never throws)
//
// INSERTs into the extension's own tables, made as their owner: a caller needs no privilege on them.
#include "migrate/run_log.hpp"

#include "pg/owner.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "catalog/namespace.h"
#include "lib/stringinfo.h"
#include "utils/lsyscache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

const char *mode_name(core::Mode mode) {
	return mode == core::Mode::automatic ? "auto" : (mode == core::Mode::existing ? "existing" : "create");
}

const char *insert_run(const Planning *planning, const char *caller, size_t tables, const RunTotals *totals) {
	const core::SourceSchema *schema = planning->source->schema;
	const mysql::SnapshotInfo &snapshot = planning->source->snapshot->info();
	const Request *request = planning->request;
	const char *values[] = {
		planning->source->name,
		psprintf("%s %s", schema->mariadb ? "MariaDB" : "MySQL", schema->server_version.c_str()),
		schema->database.c_str(),
		planning->target_schema,
		caller,
		mode_name(request->plan->mode),
		request->plan->on_existing == core::OnExisting::replace ? "replace" : "error",
		request->verify == core::VerifyLevel::full ? "full" : "counts",
		planning->source->profile,
		snapshot.method.c_str(),
		snapshot.binlog_file.empty()
			? nullptr
			: psprintf("%s:%s", snapshot.binlog_file.c_str(), snapshot.binlog_position.c_str()),
		snapshot.gtid.empty() ? nullptr : snapshot.gtid.c_str(),
		psprintf("%d", planning->source->readers),
		psprintf("%zu", tables),
		psprintf(UINT64_FORMAT, totals->rows),
		psprintf(UINT64_FORMAT, totals->bytes),
		psprintf("%.3f", totals->load_seconds),
		psprintf("%.3f", totals->publish_seconds),
		psprintf("%.3f", totals->verify_seconds),
	};
	pg::sql_run_with(
		"INSERT INTO alkconv.run (source, source_version, source_database, target_schema, caller, mode, "
		"on_existing, verify, profile,"
		" snapshot_method, binlog_position, gtid, readers, tables, rows, bytes, load_seconds, publish_seconds, "
		"verify_seconds, target_version)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::int, $14::int, $15::bigint, "
		"$16::bigint, $17::float8, $18::float8, $19::float8,"
		" pg_catalog.current_setting('server_version')) RETURNING run",
		lengthof(values), values);
	return pg::sql_text(0, 0);
}

void append_key_rule(StringInfo text, const core::KeyRule *rule) {
	const uint64 touched = rule->touched;
	if (touched == 0)
		return;
	const char *plural = touched == 1 ? "" : "s";
	if (rule->kind == core::KeyRule::Kind::removal)
		appendStringInfo(text, "; " UINT64_FORMAT " row%s left out by %s", touched, plural, rule->rule.text.c_str());
	else
		appendStringInfo(text, "; %s: " UINT64_FORMAT " value%s by %s", rule->column.c_str(), touched, plural,
						 rule->rule.text.c_str());
}

// What rules and arguments made of the table: "name: 3 values by ...; old_name left out by skip_column: ...; 2 rows replaced by ..."
const char *rule_effects(const load::LoadedTable *loaded, uint64 replaced) {
	StringInfoData text;
	initStringInfo(&text);
	const core::TablePlan *plan = loaded->plan;
	size_t rule = 0;
	for (size_t i = 0; i < plan->columns.size(); ++i) {
		const core::ColumnPlan &column = plan->columns[i];
		for (size_t n = 0; n < column.counted.size(); ++n) {
			const uint64 touched = loaded->touched[rule++];
			if (touched > 0)
				appendStringInfo(&text, "; %s: " UINT64_FORMAT " value%s by %s", column.target_name.c_str(), touched,
								 touched == 1 ? "" : "s", column.counted[n].text.c_str());
		}
	}
	for (size_t i = 0; i < plan->key_rules.size(); ++i)
		append_key_rule(&text, &plan->key_rules[i]);
	for (size_t i = 0; i < plan->omitted.size(); ++i)
		if (!plan->omitted[i].rule.empty())
			appendStringInfo(&text, "; %s left out by %s", plan->omitted[i].name.c_str(),
							 plan->omitted[i].rule.c_str());
	if (replaced > 0)
		appendStringInfo(&text, "; " UINT64_FORMAT " row%s replaced by %s", replaced, replaced == 1 ? "" : "s",
						 plan->rule.empty() ? "on_existing" : plan->rule.c_str());
	return text.len == 0 ? nullptr : text.data + 2;
}

void insert_table(const char *run, size_t ordinal, uint64 replaced, const load::LoadedTable *loaded,
				  const verify::RowCounts *counts) {
	const core::TablePlan *plan = loaded->plan;
	const char *values[] = {
		run,
		psprintf("%zu", ordinal),
		plan->target_name.c_str(),
		psprintf(UINT64_FORMAT, counts->source),
		psprintf(UINT64_FORMAT, counts->target),
		psprintf(UINT64_FORMAT, loaded->bytes),
		psprintf("%.3f", loaded->seconds),
		rule_effects(loaded, replaced),
	};
	pg::sql_run_with("INSERT INTO alkconv.run_table (run, ordinal, table_name, source_rows, target_rows, bytes, "
					 "load_seconds, verdict, note)"
					 " VALUES ($1::uuid, $2::int, $3, $4::bigint, $5::bigint, $6::bigint, $7::float8, 'ok', $8)",
					 lengthof(values), values);
}

void insert_excluded(const char *run, size_t ordinal, const core::ExcludedTable *excluded) {
	const char *values[] = {run, psprintf("%zu", ordinal), excluded->name.c_str(), excluded->reason.c_str()};
	pg::sql_run_with("INSERT INTO alkconv.run_table (run, ordinal, table_name, verdict, note) VALUES ($1::uuid, "
					 "$2::int, $3, 'excluded', $4)",
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

const char *record_run(const Planning *planning, size_t tables, const uint64 *replaced, const load::LoadedTable *loaded,
					   const verify::RowCounts *counts, const verify::CheckList *checks, const RunTotals *totals) {
	const char *caller = GetUserNameFromId(GetUserId(), false);
	const Oid run_table = get_relname_relid("run", get_namespace_oid("alkconv", false));
	pg::OwnerSwitch owner;
	pg::become_owner(&owner, run_table);
	const char *run = insert_run(planning, caller, tables, totals);
	for (size_t i = 0; i < tables; ++i)
		insert_table(run, i + 1, replaced[i], &loaded[i], &counts[i]);
	for (size_t i = 0; i < planning->plan->excluded.size(); ++i)
		insert_excluded(run, tables + i + 1, &planning->plan->excluded[i]);
	for (int i = 0; i < list_length(checks->checks); ++i)
		insert_check(run, i + 1, static_cast<const verify::Check *>(list_nth(checks->checks, i)));
	pg::resume_user(&owner);
	return run;
}

} // namespace alkconv::migrate
