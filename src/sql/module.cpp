// Regime: Postgres (may longjmp, never throws)
//
// The module itself: its magic, what happens when it is loaded, and its version.
#include "mysql/client_version.hpp"
#include "pg/compat.hpp"

#include "pg/regime_pg.hpp"

extern "C" {

#if PG_VERSION_NUM >= 180000 // 9324c8c58
PG_MODULE_MAGIC_EXT(.name = "alkconv", .version = ALKCONV_VERSION);
#else
PG_MODULE_MAGIC;
#endif

PGDLLEXPORT void _PG_init(void);

void _PG_init(void) {
	// there are no settings yet; a misspelled alkconv.* is refused from the first version on
	MarkGUCPrefixReserved("alkconv");
}

PG_FUNCTION_INFO_V1(alkconv_version);

// alkconv_version() returns text: "alkconv 1.0.0, libmysqlclient 9.7.0"
Datum alkconv_version(PG_FUNCTION_ARGS) {
	PG_RETURN_TEXT_P(cstring_to_text(psprintf("alkconv %s, %s", ALKCONV_VERSION, alkconv::mysql::client_version())));
}

} // extern "C"
