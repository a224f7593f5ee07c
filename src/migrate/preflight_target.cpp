// Regime: Postgres (may longjmp, never throws)
//
// Catalog queries; each row of those about tables is a finding.
#include "migrate/preflight_target.hpp"

#include "load/target.hpp"
#include "migrate/target_keys.hpp"
#include "pg/compat.hpp"
#include "pg/owned.hpp"
#include "pg/owner.hpp"
#include "pg/publications.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "lib/stringinfo.h"
#include "utils/lsyscache.h"
}

#include <sys/statvfs.h>

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

const char *const kForeignKeysQuery =
	"SELECT k.conname, k.conrelid, k.confrelid, p.relname, pg_catalog.array_to_string(k.conkey, ' '), "
	"pg_catalog.array_to_string(k.confkey, ' ')"
	" FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_class p ON "
	"p.oid = "
	"k.confrelid"
	" WHERE k.contype = 'f' AND %s AND k.conparentid = 0 AND k.conrelid = ANY ($1::pg_catalog.oid[])"
	" ORDER BY c.relname COLLATE \"C\", k.conname COLLATE \"C\"";

// Of the columns of tables: what looks at their values. In pg_depend stand those of expressions: of indexes, partition keys, generated columns.
const char *const kTiesQuery =
	"SELECT t.relid, t.attnum, t.what, t.nulls FROM ("
	"SELECT k.conrelid AS relid, a.attnum, CASE k.contype WHEN 'f' THEN 'foreign key ' WHEN 'c' THEN 'CHECK "
	"constraint ' WHEN 'x' THEN 'exclusion constraint ' ELSE 'unique index ' END || pg_catalog.quote_ident(k.conname) "
	"AS what, k.contype = 'c' OR k.confmatchtype = 'f' AS nulls"
	" FROM pg_catalog.pg_constraint k, pg_catalog.unnest(k.conkey) AS a(attnum) WHERE k.contype IN ('p', 'u', 'x', "
	"'c', 'f')"
	" UNION ALL SELECT k.confrelid, a.attnum, 'foreign key ' || pg_catalog.quote_ident(k.conname) || ' of ' || "
	"pg_catalog.quote_ident(c.relname), true"
	" FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid, "
	"pg_catalog.unnest(k.confkey) AS a(attnum) WHERE k.contype = 'f'"
	" UNION ALL SELECT i.indrelid, a.attnum, 'unique index ' || pg_catalog.quote_ident(c.relname), "
	"i.indnullsnotdistinct"
	" FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid, "
	"pg_catalog.unnest(i.indkey::pg_catalog.int2[]) AS a(attnum) WHERE i.indisunique"
	" UNION ALL SELECT i.indrelid, d.refobjsubid, 'unique index ' || pg_catalog.quote_ident(c.relname), true"
	" FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_depend d ON "
	"d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = i.indexrelid AND d.refclassid = d.classid "
	"AND d.refobjid = i.indrelid"
	" WHERE i.indisunique AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)"
	" UNION ALL SELECT p.partrelid, a.attnum, 'the partition key', true FROM pg_catalog.pg_partitioned_table p, "
	"pg_catalog.unnest(p.partattrs::pg_catalog.int2[]) AS a(attnum)"
	" UNION ALL SELECT d.objid, d.refobjsubid, 'the partition key', true FROM pg_catalog.pg_depend d"
	" WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refclassid = d.classid AND d.objid = "
	"d.refobjid AND d.objsubid = 0"
	" UNION ALL SELECT a.attrelid, d.refobjsubid, 'generated column ' || pg_catalog.quote_ident(a.attname), true"
	" FROM pg_catalog.pg_attrdef e JOIN pg_catalog.pg_attribute a ON a.attrelid = e.adrelid AND a.attnum = e.adnum"
	" JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.objid = e.oid AND "
	"d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = e.adrelid"
	" WHERE a.attgenerated <> '' AND d.refobjsubid <> e.adnum"
	" UNION ALL SELECT a.attrelid, a.attnum, 'domain ' || pg_catalog.quote_ident(y.typname), true FROM "
	"pg_catalog.pg_attribute a JOIN pg_catalog.pg_type y ON y.oid = a.atttypid WHERE y.typtype = 'd'"
	") AS t WHERE t.relid = ANY ($1::pg_catalog.oid[]) AND t.attnum > 0"
	" ORDER BY t.relid, t.attnum, t.what COLLATE \"C\"";

// table, check, remedy
const char *const kTablesQuery =
	"SELECT t.relname, f.check_name, f.remedy FROM pg_catalog.pg_class t, LATERAL ("
	" SELECT 'target_privilege', 'You are not the owner of target table ' || pg_catalog.quote_ident(t.relname) || '. "
	"Run the "
	"migration as its owner: SET ROLE ' || pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(t.relowner)) || '.'"
	"  WHERE NOT pg_catalog.pg_has_role(t.relowner, 'USAGE')"
	" UNION ALL SELECT 'target_privilege', 'Target table ' || pg_catalog.quote_ident(t.relname) || ' is read as its "
	"owner, "
	"who may not use its schema: GRANT USAGE ON SCHEMA ' || pg_catalog.quote_ident(n.nspname) || ' TO ' || "
	"pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(t.relowner)) || '.'"
	"  FROM pg_catalog.pg_namespace n WHERE n.oid = t.relnamespace AND NOT pg_catalog.has_schema_privilege(t.relowner, "
	"n.oid, 'USAGE')"
	" UNION ALL SELECT 'target_shape', 'Target table ' || pg_catalog.quote_ident(t.relname) || ' is temporary. Load "
	"into a permanent or "
	"unlogged table.' WHERE t.relpersistence = 't'"
	" UNION ALL SELECT 'target_shape', 'Target table ' || pg_catalog.quote_ident(t.relname) || ' has row-level "
	"security that applies to "
	"you. Run as a role that bypasses it.' WHERE pg_catalog.row_security_active(t.oid)"
	" UNION ALL SELECT 'target_shape', 'Target table ' || pg_catalog.quote_ident(t.relname) || ' has the rewrite rule "
	"' || "
	"pg_catalog.quote_ident(r.rulename) || ' on INSERT. Drop or disable it for the run.'"
	"  FROM pg_catalog.pg_rewrite r WHERE r.ev_class = t.oid AND r.ev_type = '3' AND r.ev_enabled <> 'D'"
	" UNION ALL SELECT 'target_shape', 'Publication ' || pg_catalog.quote_ident(p.pubname) || ' publishes target table "
	"' || "
	"pg_catalog.quote_ident(t.relname) || ', whose storage loading replaces. Drop it from the publication for the run, "
	"and copy it to "
	"the subscribers afterwards.'"
	"  FROM pg_catalog.pg_publication p WHERE %s"
	") AS f(check_name, remedy) WHERE t.oid = ANY ($1::pg_catalog.oid[])";

Oid to_oid(const char *text) { return static_cast<Oid>(strtoul(text, nullptr, 10)); }

void read_foreign_keys(core::TargetFacts *facts, const char *oids) {
	const uint64 rows = pg::sql_run_with(psprintf(kForeignKeysQuery, pg::kIsEnforced), 1, &oids);
	for (uint64 row = 0; row < rows; ++row) {
		const char *name = pg::sql_text(row, 0);
		const char *parent = pg::sql_text(row, 3);
		core::TargetForeignKey *key = pg::edge([&] {
			core::TargetForeignKey &added = facts->foreign_keys.emplace_back();
			added.name = name;
			added.parent_name = parent;
			return &added;
		});
		key->child = to_oid(pg::sql_text(row, 1));
		key->parent = to_oid(pg::sql_text(row, 2));
		pg::read_numbers(pg::sql_text(row, 4), &key->child_columns);
		pg::read_numbers(pg::sql_text(row, 5), &key->parent_columns);
	}
}

void read_ties(core::TargetFacts *facts, const char *oids) {
	const uint64 rows = pg::sql_run_with(kTiesQuery, 1, &oids);
	for (uint64 row = 0; row < rows; ++row) {
		const char *what = pg::sql_text(row, 2);
		core::TargetTie *tie = pg::edge([&] {
			core::TargetTie &added = facts->ties.emplace_back();
			added.what = what;
			return &added;
		});
		tie->table = to_oid(pg::sql_text(row, 0));
		tie->attnum = static_cast<int16>(strtol(pg::sql_text(row, 1), nullptr, 10));
		tie->nulls = pg::sql_bool(row, 3);
	}
}

void add_finding(std::vector<core::Finding> *findings, core::Severity severity, const char *table, const char *check,
				 const char *remedy) {
	pg::edge([&] {
		core::Finding &finding = findings->emplace_back();
		finding.severity = severity;
		finding.table = table;
		finding.check = check;
		finding.remedy = remedy;
	});
}

const char *source_name_of(const core::Plan *plan, const char *target) {
	for (size_t i = 0; i < plan->tables.size(); ++i)
		if (strcmp(plan->tables[i].target_name.c_str(), target) == 0)
			return plan->tables[i].source_name.c_str();
	return target;
}

// A target whose rows this server does not store; returns whether it is one.
bool add_refusal(const core::TablePlan *table, std::vector<core::Finding> *findings) {
	const char *hint;
	const char *why = table->create ? nullptr : load::refusal_of(table->target_oid, &hint);
	if (why != nullptr)
		add_finding(findings, core::Severity::error, table->source_name.c_str(), "target_shape",
					psprintf("Target table %s %s. %s", quote_identifier(table->target_name.c_str()), why, hint));
	return why != nullptr;
}

// Rows of a target that nobody let the run replace.
void add_rows_in_target(const core::TablePlan *table, std::vector<core::Finding> *findings) {
	const Oid target = table->target_oid;
	if (table->create || table->replace || !pg::owns_relation(target, GetUserId()) ||
		!pg::may_use_schema(get_rel_namespace(target), pg::owner_of(target)))
		return; // of the privileges there are findings already
	pg::sql_run_as_owner(target, psprintf("SELECT EXISTS (SELECT 1 FROM %s)", pg::from_item(target)));
	if (pg::sql_bool(0, 0))
		add_finding(findings, core::Severity::error, table->source_name.c_str(), "target_not_empty",
					psprintf("Target table %s holds rows, which would stand beside those of the source. Empty it, or "
							 "let the run replace "
							 "its rows: on_existing => 'replace', or a rule with the action replace_seeded.",
							 quote_identifier(table->target_name.c_str())));
}

void add_versions(const Planning *planning, std::vector<core::Finding> *findings) {
	const core::SourceSchema *schema = planning->source->schema;
	pg::sql_run("SELECT pg_catalog.current_setting('server_version'), pg_catalog.current_setting('server_encoding')");
	add_finding(findings, core::Severity::info, "", "versions",
				psprintf("Source: %s %s, database %s, character set %s. Target: Postgres %s, encoding %s.",
						 schema->mariadb ? "MariaDB" : "MySQL", schema->server_version.c_str(),
						 schema->database.c_str(), schema->charset.c_str(), pg::sql_text(0, 0), pg::sql_text(0, 1)));
}

// Where the server keeps its data; what it has left is for those to know who may look at its files.
const char *free_space() {
	struct statvfs space;
	if (!superuser() || statvfs(DataDir, &space) != 0)
		return "";
	constexpr uint64 kMegabyte = 1024 * 1024;
	return psprintf(" The file system of the data directory has " UINT64_FORMAT " MB left.",
					static_cast<uint64>(space.f_bavail) * space.f_frsize / kMegabyte);
}

void add_space(const Planning *planning, std::vector<core::Finding> *findings) {
	constexpr uint64 kMegabyte = 1024 * 1024;
	uint64 bytes = 0;
	for (size_t i = 0; i < planning->plan->tables.size(); ++i)
		bytes += planning->source->schema->tables[planning->plan->tables[i].source].data_bytes;
	add_finding(
		findings, core::Severity::info, "", "space",
		psprintf(
			"The source's tables have about " UINT64_FORMAT
			" MB of data by its statistics. A run writes them beside what "
			"the target holds, with indexes and, unless wal_level is minimal, as much WAL again; what it replaces is "
			"freed at COMMIT.%s",
			(bytes + kMegabyte - 1) / kMegabyte, free_space()));
}

void add_schema_privilege(const Planning *planning, std::vector<core::Finding> *findings) {
	bool creates = false;
	for (size_t i = 0; i < planning->plan->tables.size(); ++i)
		creates |= planning->plan->tables[i].create;
	if (!creates)
		return;
	pg::sql_run_with("SELECT pg_catalog.has_schema_privilege($1, 'CREATE')", 1, &planning->target_schema);
	if (!pg::sql_bool(0, 0))
		add_finding(findings, core::Severity::error, "", "target_privilege",
					psprintf("You may not create tables in schema %s. GRANT CREATE ON SCHEMA %s to your role.",
							 quote_identifier(planning->target_schema), quote_identifier(planning->target_schema)));
}

} // namespace

char *target_oids(const core::Plan *plan) {
	StringInfoData text;
	initStringInfo(&text);
	appendStringInfoChar(&text, '{');
	for (size_t i = 0; i < plan->tables.size(); ++i)
		if (!plan->tables[i].create)
			appendStringInfo(&text, "%s%u", text.len == 1 ? "" : ",", plan->tables[i].target_oid);
	appendStringInfoChar(&text, '}');
	return text.data;
}

const core::TargetFacts *read_target_facts(MemoryContext context, const Planning *planning) {
	auto *facts = pg::own<core::TargetFacts>(context);
	const char *oids = target_oids(planning->plan);
	read_target_keys(&facts->keys, oids);
	read_foreign_keys(facts, oids);
	read_ties(facts, oids);
	return facts;
}

void add_target_findings(const Planning *planning, std::vector<core::Finding> *findings) {
	const core::Plan *plan = planning->plan;
	const char *oids = target_oids(plan);
	const uint64 rows = pg::sql_run_with(psprintf(kTablesQuery, pg::kPublishes), 1, &oids);
	for (uint64 row = 0; row < rows; ++row)
		add_finding(findings, core::Severity::error, source_name_of(plan, pg::sql_text(row, 0)), pg::sql_text(row, 1),
					pg::sql_text(row, 2));
	for (size_t i = 0; i < plan->tables.size(); ++i)
		if (!add_refusal(&plan->tables[i], findings))
			add_rows_in_target(&plan->tables[i], findings);
	add_schema_privilege(planning, findings);
	add_versions(planning, findings);
	add_space(planning, findings);
}

} // namespace alkconv::migrate
