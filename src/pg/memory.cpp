// Regime: Postgres (may longjmp, never throws)
//
// malloc_trim looks at all arenas.
#include "pg/memory.hpp"

extern "C" {
#include "utils/memutils.h"
}

#include <malloc.h>

#include "pg/regime_pg.hpp"

namespace alkconv::pg {

void end_context(MemoryContext context) {
	MemoryContextDelete(context);
#ifdef __GLIBC__
	(void) malloc_trim(0);
#endif
}

} // namespace alkconv::pg
