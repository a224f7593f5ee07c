// Regime: Postgres (may longjmp, never throws)
//
// The catalog, and the notes in the records of runs.
#include "migrate/earlier_runs.hpp"

#include "migrate/other_databases.hpp"
#include "migrate/run_log.hpp"
#include "pg/owned.hpp"
#include "pg/owner.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "catalog/namespace.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

// Whoever owns a type or a function may change what it does: those of a role without the caller's privileges are none of ours.
#define IS_TRUSTED(owner) "pg_catalog.pg_has_role(" owner ", CURRENT_USER, 'USAGE')"

// one row per label
const char *const kEnumsQuery =
	"SELECT t.typname, e.enumlabel FROM pg_catalog.pg_type t JOIN pg_catalog.pg_enum e ON e.enumtypid = t.oid"
	" WHERE t.typnamespace = $1::pg_catalog.oid AND " IS_TRUSTED(
		"t.typowner") " ORDER BY t.typname COLLATE \"C\", e.enumsortorder";

const char *const kFunctionsQuery =
	"SELECT p.proname, p.prosrc FROM pg_catalog.pg_proc p WHERE p.pronamespace = $1::pg_catalog.oid AND p.pronargs = 0"
	" AND p.prorettype = 'pg_catalog.trigger'::pg_catalog.regtype AND NOT p.prosecdef"
	" AND p.proconfig = ARRAY['search_path=pg_catalog, pg_temp'] AND " IS_TRUSTED(
		"p.proowner") " ORDER BY p.proname COLLATE \"C\"";

// what ddl_foreign_keys.cpp notes of a key whose parent is left out; of the last run over its table
const char *const kMissingKeysQuery =
	"SELECT DISTINCT c.table_name, pg_catalog.substr(c.check_name, 13) FROM alkconv.run_check c"
	" JOIN alkconv.run r ON r.run = c.run WHERE r.source_database = $1 AND r.target_schema = $2"
	" AND c.verdict = 'note' AND c.check_name LIKE 'foreign key %' AND c.note LIKE 'not made: its parent % is left "
	"out%'"
	" ORDER BY 1, 2";

void read_enums(core::EarlierRuns *earlier, const char *schema) {
	const uint64 rows = pg::sql_run_with(kEnumsQuery, 1, &schema);
	for (uint64 row = 0; row < rows; ++row) {
		const char *name = pg::sql_text(row, 0);
		const char *label = pg::sql_text(row, 1);
		pg::edge([&] {
			if (earlier->enums.empty() || earlier->enums.back().name != name)
				earlier->enums.push_back({name, {}});
			earlier->enums.back().labels.emplace_back(label);
		});
	}
}

void read_functions(core::EarlierRuns *earlier, const char *schema) {
	const uint64 rows = pg::sql_run_with(kFunctionsQuery, 1, &schema);
	for (uint64 row = 0; row < rows; ++row) {
		const char *name = pg::sql_text(row, 0);
		const char *body = pg::sql_text(row, 1);
		pg::edge([&] { earlier->functions.push_back({name, body}); });
	}
}

void read_missing_keys(core::EarlierRuns *earlier, const char *database, const char *schema) {
	const char *parameters[] = {database, schema};
	pg::OwnerSwitch owner;
	become_owner_of_records(&owner);
	const uint64 rows = pg::sql_run_with(kMissingKeysQuery, lengthof(parameters), parameters);
	pg::resume_user(&owner);
	for (uint64 row = 0; row < rows; ++row) {
		const char *table = pg::sql_text(row, 0);
		const char *name = pg::sql_text(row, 1);
		pg::edge([&] { earlier->missing.push_back({table, name}); });
	}
}

} // namespace

core::EarlierRuns *read_earlier_runs(MemoryContext context, const Source *source, const char *target_schema) {
	auto *earlier = pg::own<core::EarlierRuns>(context);
	pg::edge([&] { earlier->schema.name = source->schema->database; });
	read_tables_of(context, target_schema, &earlier->schema);
	const char *schema = psprintf("%u", get_namespace_oid(target_schema, false));
	read_enums(earlier, schema);
	read_functions(earlier, schema);
	read_missing_keys(earlier, source->schema->database.c_str(), target_schema);
	return earlier;
}

} // namespace alkconv::migrate
