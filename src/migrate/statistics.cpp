// Regime: Postgres (may longjmp, never throws)
//
// ANALYZE, of a table or of some columns: only the former tells autovacuum that nothing is left to do.
#include "migrate/statistics.hpp"

#include "pg/spi.hpp"

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

const char *const kForeignKeyColumnsQuery =
	"SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum)"
	" FROM pg_catalog.pg_attribute a WHERE a.attrelid = $1::pg_catalog.oid AND EXISTS (SELECT FROM "
	"pg_catalog.pg_constraint k"
	" WHERE k.contype = 'f' AND (k.conrelid = a.attrelid AND a.attnum = ANY (k.conkey) OR k.confrelid = a.attrelid AND "
	"a.attnum = ANY (k.confkey)))";

} // namespace

void gather_statistics(Oid table, core::VerifyLevel verify) {
	if (verify == core::VerifyLevel::full) {
		pg::sql_run(psprintf("ANALYZE %s", pg::qualified_name(table)));
		return;
	}
	const char *parameter = psprintf("%u", table);
	pg::sql_run_with(kForeignKeyColumnsQuery, 1, &parameter);
	if (const char *columns = pg::sql_text(0, 0); columns != nullptr)
		pg::sql_run(psprintf("ANALYZE %s (%s)", pg::qualified_name(table), columns));
}

} // namespace alkconv::migrate
