// Regime: Postgres (may longjmp, never throws)
//
// glibc only; other C libraries return large pieces by themselves.
#include "pg/free_memory.hpp"

#include "pg/postgres.hpp"

extern "C" {
#ifdef __GLIBC__
#include <malloc.h>
#endif
}

#include "pg/regime_pg.hpp"

namespace alkconv::pg {

void release_free_memory() {
#ifdef __GLIBC__
	(void) malloc_trim(0);
#endif
}

} // namespace alkconv::pg
