// Regime: Postgres (may longjmp, never throws)
//
// Targets that are loaded through COPY.
#include "migrate/copy_targets.hpp"

#include "pg/owner.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "access/xact.h"
#include "catalog/partition.h"
#include "lib/stringinfo.h"
#include "utils/lsyscache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

const char *const kReferencesQuery =
	"SELECT DISTINCT k.conrelid, k.confrelid FROM pg_catalog.pg_constraint k WHERE k.contype = 'f' AND k.conrelid <> "
	"k.confrelid AND k.conrelid = ANY ($1::pg_catalog.oid[]) AND k.confrelid = ANY ($1::pg_catalog.oid[])";

struct Reference {
	Oid child, parent;
};

// The constraint triggers of a table and of its partitions: their names, and of those that are deferred from the beginning.
const char *const kDeferrableQuery =
	"SELECT pg_catalog.string_agg(DISTINCT k.name, ', '), pg_catalog.string_agg(DISTINCT k.name, ', ') FILTER (WHERE "
	"t.tginitdeferred)"
	" FROM pg_catalog.pg_trigger t, LATERAL (SELECT pg_catalog.quote_ident(n.nspname) || '.' || "
	"pg_catalog.quote_ident(c.conname) AS name"
	"  FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace WHERE c.oid = "
	"t.tgconstraint) k"
	" WHERE (t.tgrelid = $1::pg_catalog.oid OR t.tgrelid IN (SELECT p.relid FROM "
	"pg_catalog.pg_partition_tree($1::pg_catalog.oid) p))"
	" AND t.tgdeferrable AND NOT t.tgisinternal";

bool is_target(const core::Plan *plan, Oid table) {
	for (size_t i = 0; i < plan->tables.size(); ++i)
		if (plan->tables[i].target_oid == table)
			return true;
	return false;
}

void truncate_error_context(void *) {
	errcontext("while emptying the targets whose rows are replaced");
	if (geterrcode() == ERRCODE_FEATURE_NOT_SUPPORTED)
		errhint("A table outside the run refers to a target that is loaded through COPY. Let the run load both, drop "
				"the foreign key for the run, or empty the target yourself.");
}

Reference *read_references(const core::Plan *plan, uint64 *count) {
	StringInfoData oids;
	initStringInfo(&oids);
	for (size_t i = 0; i < plan->tables.size(); ++i)
		appendStringInfo(&oids, "%s%u", i == 0 ? "{" : ",", plan->tables[i].target_oid);
	appendStringInfoChar(&oids, '}');
	const char *parameter = oids.data;
	*count = pg::sql_run_with(kReferencesQuery, 1, &parameter);
	auto *references = static_cast<Reference *>(palloc(sizeof(Reference) * (*count + 1)));
	for (uint64 i = 0; i < *count; ++i)
		references[i] = {static_cast<Oid>(pg::sql_int(i, 0)), static_cast<Oid>(pg::sql_int(i, 1))};
	return references;
}

size_t position_of(const core::Plan *plan, Oid table) {
	size_t i = 0;
	while (plan->tables[i].target_oid != table)
		++i;
	return i;
}

// Those whose rows stand in the way of COPY's, and the targets that refer to them, which TRUNCATE demands, with or without rows.
bool *targets_to_empty(const core::Plan *plan, const load::LoadPath *paths) {
	const size_t tables = plan->tables.size();
	auto *emptied = static_cast<bool *>(palloc0(sizeof(bool) * (tables + 1)));
	bool any = false;
	for (size_t i = 0; i < tables; ++i) {
		emptied[i] =
			plan->tables[i].replace && paths[i] == load::LoadPath::copy && load::holds_rows(plan->tables[i].target_oid);
		any = any || emptied[i];
	}
	uint64 references = 0;
	const Reference *reference = any ? read_references(plan, &references) : nullptr;
	for (bool more = any; more;) {
		more = false;
		for (uint64 r = 0; r < references; ++r) {
			const size_t child = position_of(plan, reference[r].child);
			if (emptied[child] || !emptied[position_of(plan, reference[r].parent)])
				continue;
			emptied[child] = more = true;
		}
	}
	return emptied;
}

bool is_waiting(const core::Plan *plan, size_t waiting_tables, const size_t *waiting, Oid table) {
	for (size_t i = 0; i < waiting_tables; ++i)
		if (plan->tables[waiting[i]].target_oid == table)
			return true;
	return false;
}

} // namespace

load::LoadPath *choose_paths(const core::Plan *plan) {
	auto *paths = static_cast<load::LoadPath *>(palloc0(sizeof(load::LoadPath) * (plan->tables.size() + 1)));
	for (size_t i = 0; i < plan->tables.size(); ++i)
		paths[i] = load::path_of(plan->tables[i].target_oid);
	return paths;
}

void refuse_partitions_of_targets(const core::Plan *plan) {
	for (size_t i = 0; i < plan->tables.size(); ++i) {
		const Oid table = plan->tables[i].target_oid;
		ListCell *cell;
		foreach (cell, get_partition_ancestors(table))
			if (is_target(plan, lfirst_oid(cell)))
				ereport(ERROR,
						(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						 errmsg("cannot load into table \"%s\": it is a partition of \"%s\", which is a target as well",
								get_rel_name(table), get_rel_name(lfirst_oid(cell))),
						 errhint("Exclude one of the two, or load them in two runs into separate tables."),
						 err_generic_string(PG_DIAG_TABLE_NAME, get_rel_name(table))));
	}
}

void empty_copy_targets(const core::Plan *plan, const load::LoadPath *paths) {
	const bool *emptied = targets_to_empty(plan, paths);
	StringInfoData sql;
	initStringInfo(&sql);
	for (size_t i = 0; i < plan->tables.size(); ++i)
		if (emptied[i])
			appendStringInfo(&sql, "%s %s", sql.len == 0 ? "TRUNCATE" : ",", pg::from_item(plan->tables[i].target_oid));
	if (sql.len == 0)
		return;
	for (size_t i = 0; i < plan->tables.size(); ++i)
		if (emptied[i])
			load::refuse_foreign_truncate_triggers(plan->tables[i].target_oid);
	ErrorContextCallback context;
	context.callback = truncate_error_context;
	context.arg = nullptr;
	context.previous = error_context_stack;
	error_context_stack = &context;
	pg::sql_run(sql.data);
	error_context_stack = context.previous;
	CommandCounterIncrement();
}

void fire_deferred_triggers(Oid target, const char *search_path) {
	const char *parameter = psprintf("%u", target);
	pg::sql_run_with(kDeferrableQuery, 1, &parameter);
	const char *names = pg::sql_text(0, 0), *deferred = pg::sql_text(0, 1);
	if (names == nullptr)
		return;
	const char *fire = psprintf("SET CONSTRAINTS %s IMMEDIATE", names);
	pg::OwnerSwitch owner;
	pg::become_owner_for_triggers(&owner, target, search_path);
	pg::sql_run(fire);
	pg::resume_user(&owner);
	if (deferred != nullptr)
		pg::sql_run(psprintf("SET CONSTRAINTS %s DEFERRED", deferred));
	CommandCounterIncrement();
}

size_t *copy_order(const core::Plan *plan, const load::LoadPath *paths, size_t *count) {
	const size_t tables = plan->tables.size();
	auto *waiting = static_cast<size_t *>(palloc(sizeof(size_t) * (tables + 1)));
	auto *order = static_cast<size_t *>(palloc(sizeof(size_t) * (tables + 1)));
	size_t waiting_tables = 0;
	for (size_t i = 0; i < tables; ++i)
		if (paths[i] == load::LoadPath::copy)
			waiting[waiting_tables++] = i;
	*count = waiting_tables;
	if (waiting_tables == 0)
		return order;

	uint64 references;
	const Reference *reference = read_references(plan, &references);
	for (size_t done = 0; done < *count; ++done) {
		size_t next = 0; // of those that wait: the first that waits for no other
		for (size_t i = 0; i < waiting_tables; ++i) {
			bool blocked = false;
			for (uint64 r = 0; r < references && !blocked; ++r)
				blocked = reference[r].child == plan->tables[waiting[i]].target_oid &&
						  is_waiting(plan, waiting_tables, waiting, reference[r].parent);
			if (!blocked) {
				next = i;
				break;
			}
		}
		order[done] = waiting[next];
		memmove(waiting + next, waiting + next + 1, sizeof(size_t) * (waiting_tables - next - 1));
		--waiting_tables;
	}
	return order;
}

} // namespace alkconv::migrate
