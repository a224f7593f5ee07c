// Regime: Postgres (may longjmp, never throws)
//
// One message for all who read a source.
#include "pg/encoding.hpp"

extern "C" {
#include "mb/pg_wchar.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::pg {

void require_utf8_database() {
	if (GetDatabaseEncoding() != PG_UTF8)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), errmsg("alkconv needs a database with encoding UTF8"),
						errdetail("This database has encoding %s.", GetDatabaseEncodingName()),
						errhint("Load into a database made with ENCODING 'UTF8'.")));
}

} // namespace alkconv::pg
