// Regime: Postgres (may longjmp, never throws)
//
// The ERROR of a failed proof.
#include "migrate/verdict.hpp"

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

bool is_generated(const verify::Check *check) { return strncmp(check->check, "generated", 9) == 0; }

bool is_schema(const verify::Check *check) { return strncmp(check->check, "schema:", 7) == 0; }

bool is_foreign_key(const verify::Check *check) { return strncmp(check->check, "foreign key", 11) == 0; }

bool is_spelling(const verify::Check *check) { return strncmp(check->check, "spelling of", 11) == 0; }

bool is_lost_parent(const verify::Check *check) { return strncmp(check->check, "references to", 13) == 0; }

void raise_mismatch(const verify::Check *check, int count, const char *hint) {
	ereport(ERROR, (errcode(is_foreign_key(check) || is_spelling(check) || is_lost_parent(check)
								? ERRCODE_FOREIGN_KEY_VIOLATION
								: ERRCODE_DATA_CORRUPTED),
					errmsg("verification failed: %s of table \"%s\"", check->check, check->table),
					errdetail("%sTarget: %s%s%s.%s",
							  check->source_value != nullptr ? psprintf("Source: %s. ", check->source_value) : "",
							  check->target_value != nullptr ? check->target_value : "-",
							  check->note != nullptr ? ": " : "", check->note != nullptr ? check->note : "",
							  count > 1 ? psprintf(" %d more check%s failed.", count - 1, count == 2 ? "" : "s") : ""),
					errhint("%s", hint), err_generic_string(PG_DIAG_TABLE_NAME, check->table)));
}

void require_no_mismatch(const verify::CheckList *checks, const char *hint) {
	int count;
	const verify::Check *check = verify::first_mismatch(checks, &count);
	if (check != nullptr)
		raise_mismatch(check, count, hint);
}

} // namespace alkconv::migrate
