// Regime: Postgres (may longjmp, never throws)
//
// The module itself: its magic, what happens when it is loaded, and its version.
#include "load/rejects.hpp"
#include "mysql/client_version.hpp"
#include "pg/compat.hpp"

extern "C" {
#include "utils/guc.h"
}

#include "pg/regime_pg.hpp"

extern "C" {

#if PG_VERSION_NUM >= 180000 // 9324c8c58
PG_MODULE_MAGIC_EXT(.name = "alkconv", .version = ALKCONV_VERSION);
#else
PG_MODULE_MAGIC;
#endif

PGDLLEXPORT void _PG_init(void);

void _PG_init(void) {
	DefineCustomIntVariable("alkconv.reject_limit",
							"Rows that a run with on_bad_value => 'reject' keeps out before it fails.",
							"0 is no limit. Their keys are kept in memory and are part of the queries of the proof.",
							&alkconv::load::reject_limit, 10000, 0, INT_MAX, PGC_USERSET, 0, nullptr, nullptr, nullptr);
	// a misspelled alkconv.* is refused
	MarkGUCPrefixReserved("alkconv");
	if (alkconv::mysql::client_trusts_rows())
		ereport(LOG, // without the statement, which may be a CREATE USER MAPPING with its password
				(errhidestmt(true),
				 errmsg("alkconv: %s does not check where a row ends", alkconv::mysql::client_version()),
				 errhint("Connect to sources that you trust only, or install libmariadb 3.3.20, 3.4.10 or later.")));
}

PG_FUNCTION_INFO_V1(alkconv_version);

// alkconv_version() returns text: "alkconv 1.0.0, libmysqlclient 9.7.0"
Datum alkconv_version(PG_FUNCTION_ARGS) {
	PG_RETURN_TEXT_P(cstring_to_text(psprintf("alkconv %s, %s", ALKCONV_VERSION, alkconv::mysql::client_version())));
}

} // extern "C"
