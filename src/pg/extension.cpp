// Regime: Postgres (may longjmp, never throws)
//
// The schema of the functions is that of the foreign-data wrapper's handler: the wrapper's name is the same everywhere.
#include "pg/extension.hpp"

extern "C" {
#include "foreign/foreign.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::pg {

const char *function_name(const char *name) {
	const Oid handler = GetForeignDataWrapperByName("alkconv_fdw", false)->fdwhandler;
	return quote_qualified_identifier(get_namespace_name(get_func_namespace(handler)), name);
}

} // namespace alkconv::pg
