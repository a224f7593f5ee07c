// Regime: Postgres (may longjmp, never throws)
//
// Of the plan the audit is told names and rules alone. The notes are those of this run's statements, or in the records
// of runs.
#include "migrate/schema_audit.hpp"

#include "migrate/run_log.hpp"
#include "pg/owned.hpp"
#include "pg/owner.hpp"
#include "pg/spi.hpp"
#include "verify/schema_audit.hpp"

#include <set>

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

// ---- C++ ----

void AddColumn(const core::RuleSet &rules, const std::string &table, const core::ColumnPlan &column,
			   core::AuditPair &pair) {
	core::AuditColumnPair &added = pair.columns.emplace_back();
	added.source = column.source_name;
	added.target = column.target_name;
	if (const core::Rule *rule = rules.Find(core::RuleAction::target_type, table, column.source_name))
		added.type_by_rule = rule->argument;
	if (const core::Rule *rule = rules.Find(core::RuleAction::collation, table, column.source_name))
		added.collation_by_rule = rule->argument;
	for (const core::Transform &transform : column.policy.transforms)
		(transform.name == core::TransformName::tinyint_to_boolean ? added.boolean_by_rule : added.changed_by_rule) =
			true;
	added.changed_by_rule = added.changed_by_rule || !column.policy.expression.empty() || !column.source_sql.empty();
	added.empty_to_null = column.policy.empty_to_null;
}

bool IsPaired(const core::AuditPair &pair, const std::string &source_column) {
	for (const core::AuditColumnPair &column : pair.columns)
		if (column.source == source_column)
			return true;
	return false;
}

core::AuditPair PairOf(const core::RuleSet &rules, const core::TablePlan &table) {
	core::AuditPair pair;
	pair.source = table.source_name;
	pair.target = table.target_name;
	pair.target_oid = table.target_oid;
	pair.all_rows = table.source_filter.empty() && table.key_rules.empty();
	for (const core::ColumnPlan &column : table.columns)
		AddColumn(rules, table.source_name, column, pair);
	for (const core::GeneratedColumn &generated : table.generated)
		AddColumn(rules, table.source_name, generated.column, pair);
	for (const core::OmittedColumn &omitted : table.omitted)
		if (omitted.computed && !omitted.in_target && !IsPaired(pair, omitted.name))
			pair.columns.push_back({omitted.name, omitted.name, "", false, false, false, ""});
	return pair;
}

// Tables that are not in the run may be parents of those that are.
core::AuditPair PairOfParent(const core::RuleSet &rules, const core::SourceTable &table) {
	core::AuditPair pair;
	pair.source = table.name;
	pair.target = rules.TargetName(table.name);
	pair.in_target = false;
	for (const core::SourceColumn &column : table.columns)
		pair.columns.push_back({column.name, rules.TargetName(table.name, column.name), "", false, false, false, ""});
	return pair;
}

core::AuditPairs PairsOf(const Planning &planning) {
	core::AuditPairs pairs;
	pairs.target_schema = planning.target_schema;
	std::set<std::string> planned;
	for (const core::TablePlan &table : planning.plan->tables) {
		pairs.tables.push_back(PairOf(*planning.rules, table));
		planned.insert(table.source_name);
	}
	for (const core::SourceTable &table : planning.source->schema->tables)
		if (planned.count(table.name) == 0)
			pairs.tables.push_back(PairOfParent(*planning.rules, table));
	return pairs;
}

void AddNote(core::AuditPairs &pairs, const std::string &table, const std::string &object, const std::string &text,
			 bool replaces) {
	for (core::AuditPair &pair : pairs.tables) {
		if (pair.source != table)
			continue;
		std::string &note = pair.notes[object];
		note = note.empty() || replaces ? text : note + "; " + text;
	}
}

// ---- Postgres ----

// One row a note of a run, the later runs last.
const char *const kNotesQuery =
	"SELECT c.table_name, c.check_name, pg_catalog.string_agg(c.note, '; ' ORDER BY c.ordinal) FROM alkconv.run r"
	" JOIN alkconv.run_check c ON c.run = r.run WHERE r.source = $1 AND r.target_schema = $2 AND c.verdict = 'note'"
	" AND c.note IS NOT NULL GROUP BY r.finished, r.run, c.table_name, c.check_name ORDER BY r.finished, r.run";

// The tables that their last run has made: it has audited them.
const char *const kMadeQuery =
	"SELECT l.table_name FROM (SELECT DISTINCT ON (t.table_name) t.table_name, r.run FROM alkconv.run r"
	" JOIN alkconv.run_table t ON t.run = r.run WHERE r.source = $1 AND r.target_schema = $2 AND r.mode <> 'replay'"
	" AND t.target_rows IS NOT NULL ORDER BY t.table_name, r.finished DESC) l WHERE EXISTS (SELECT FROM"
	" alkconv.run_check c WHERE c.run = l.run AND c.table_name = l.table_name AND c.check_name = 'schema: columns')";

uint64 ask_records(const Planning *planning, const char *sql) {
	const char *parameters[] = {planning->source->name, planning->target_schema};
	pg::OwnerSwitch owner;
	become_owner_of_records(&owner);
	const uint64 rows = pg::sql_run_with(sql, lengthof(parameters), parameters);
	pg::resume_user(&owner);
	return rows;
}

void add_recorded_notes(const Planning *planning, core::AuditPairs *pairs) {
	const uint64 rows = ask_records(planning, kNotesQuery);
	for (uint64 row = 0; row < rows; ++row) {
		const char *table = pg::sql_text(row, 0), *object = pg::sql_text(row, 1), *note = pg::sql_text(row, 2);
		pg::edge([&] { AddNote(*pairs, table, object, note, true); });
	}
}

void mark_made(const Planning *planning, core::AuditPairs *pairs) {
	const uint64 rows = ask_records(planning, kMadeQuery);
	for (uint64 row = 0; row < rows; ++row) {
		const char *table = pg::sql_text(row, 0);
		for (core::AuditPair &pair : pairs->tables)
			pair.audited = pair.audited || (pair.in_target && strcmp(pair.target.c_str(), table) == 0);
	}
}

bool is_any_audited(const core::AuditPairs *pairs) {
	for (const core::AuditPair &pair : pairs->tables)
		if (pair.audited)
			return true;
	return false;
}

void check(const Planning *planning, const core::AuditPairs *pairs, verify::AuditOf of, verify::CheckList *checks) {
	if (is_any_audited(pairs))
		verify::check_schema(checks, planning->source->connection(), pairs, planning->source->schema->database.c_str(),
							 of);
}

} // namespace

void audit_created_tables(MemoryContext context, const Planning *planning, const bool *created,
						  const load::RejectLog *rejects, verify::CheckList *checks) {
	auto *pairs = pg::own_from<core::AuditPairs>(context, [planning] { return PairsOf(*planning); });
	for (size_t i = 0; i < planning->plan->tables.size(); ++i) {
		pairs->tables[i].audited = created[i];
		if (rejects != nullptr && rejects->keys[i].size() > 0)
			pairs->tables[i].all_rows = false;
	}
	pg::edge([&] {
		for (const core::DdlNote &note : planning->ddl->notes)
			AddNote(*pairs, note.table, note.kind + " " + note.object, note.text, false);
	});
	check(planning, pairs, verify::AuditOf::run, checks);
}

void audit_tables(MemoryContext context, const Planning *planning, verify::CheckList *checks) {
	auto *pairs = pg::own_from<core::AuditPairs>(context, [planning] { return PairsOf(*planning); });
	add_recorded_notes(planning, pairs);
	mark_made(planning, pairs);
	check(planning, pairs, verify::AuditOf::made, checks);
	for (core::AuditPair &pair : pairs->tables)
		pair.audited = pair.in_target && !pair.audited;
	check(planning, pairs, verify::AuditOf::others, checks);
}

} // namespace alkconv::migrate
