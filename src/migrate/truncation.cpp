// Regime: Postgres (may longjmp, never throws)
//
// Asked of the catalog; whether there are rows to take away only of targets that somebody else refers to.
#include "migrate/truncation.hpp"

#include "core/preflight_compare.hpp"
#include "load/target.hpp"
#include "pg/boundary.hpp"
#include "pg/compat.hpp"
#include "pg/owner.hpp"
#include "pg/privileges.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

// The targets of $1 to which tables refer that are none of $2.
const char *const kReferencesQuery =
	"SELECT k.confrelid, k.conname, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)"
	" FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid"
	" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
	" WHERE k.contype = 'f' AND k.conparentid = 0 AND k.confrelid = ANY ($1::pg_catalog.oid[]) AND NOT k.conrelid = "
	"ANY "
	"($2::pg_catalog.oid[])"
	" ORDER BY k.confrelid, k.conname COLLATE \"C\", k.oid";

void append_oid(StringInfo list, Oid oid) { appendStringInfo(list, "%s%u", list->len == 1 ? "" : ",", oid); }

bool is_filled(Oid target) {
	if (!pg::owns_relation(target, GetUserId()) ||
		!pg::may_use_schema(get_rel_namespace(target), pg::owner_of(target)) ||
		OidIsValid(pg::partition_of_others(target)))
		return false; // the run ends before it comes to that
	return load::holds_rows(target);
}

void add_problem(core::Plan *plan, const core::TablePlan *table, const char *child, const char *constraint) {
	const char *target = table->target_name.c_str();
	const char *message =
		psprintf("target table \"%s\" is loaded through COPY and holds rows that are to be replaced, and table %s, "
				 "which is no part of the run, refers to it (foreign key \"%s\")",
				 target, child, constraint);
	pg::edge([&] {
		plan->problems.push_back({core::Code::unsupported, table->source_name, "", message,
								  "Let the run load both tables, drop the foreign key for the run, or empty the target "
								  "yourself."});
	});
}

} // namespace

void refuse_outside_references(Planning *planning) {
	core::Plan *plan = planning->plan;
	StringInfoData emptied, all;
	initStringInfo(&emptied);
	initStringInfo(&all);
	appendStringInfoChar(&emptied, '{');
	appendStringInfoChar(&all, '{');
	for (size_t i = 0; i < plan->tables.size(); ++i) {
		const core::TablePlan &table = plan->tables[i];
		if (table.create)
			continue;
		append_oid(&all, table.target_oid);
		if (table.replace && load::path_of(table.target_oid) == load::LoadPath::copy)
			append_oid(&emptied, table.target_oid);
	}
	if (emptied.len == 1)
		return;
	appendStringInfoChar(&emptied, '}');
	appendStringInfoChar(&all, '}');
	const char *parameters[] = {emptied.data, all.data};
	const uint64 rows = pg::sql_run_with(kReferencesQuery, 2, parameters);
	auto *targets = static_cast<Oid *>(palloc(sizeof(Oid) * (rows + 1)));
	auto *constraints = static_cast<const char **>(palloc(sizeof(char *) * (rows + 1)));
	auto *children = static_cast<const char **>(palloc(sizeof(char *) * (rows + 1)));
	for (uint64 row = 0; row < rows; ++row) {
		targets[row] = static_cast<Oid>(pg::sql_int(row, 0));
		constraints[row] = pg::sql_text(row, 1);
		children[row] = pg::sql_text(row, 2);
	}
	for (uint64 row = 0; row < rows; ++row)
		if (is_filled(targets[row]))
			add_problem(plan, core::TableOf(*plan, targets[row]), children[row], constraints[row]);
}

} // namespace alkconv::migrate
