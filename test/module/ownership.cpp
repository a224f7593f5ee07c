// Regime: Postgres (may longjmp, never throws)
//
// Objects owned by memory contexts: when they die, and in which order.
#include "probe.hpp"

#include "pg/owned.hpp"

#include "pg/regime_pg.hpp"

using namespace alkconv;

namespace {

void own_three(MemoryContext context) {
	pg::own<test::Probe>(context, 'a');
	pg::own<test::Probe>(context, 'b');
	pg::own<test::Probe>(context, 'c');
}

} // namespace

extern "C" {
PG_FUNCTION_INFO_V1(alkconv_test_own);

// alkconv_test_own(ending text): objects a, b, c in a context and x in a child of it, and then "delete" or "reset" of
// the context, "error" (they wait for the server to delete it), or "constructor" (a fourth object throws while it is
// made).
Datum alkconv_test_own(PG_FUNCTION_ARGS) {
	const char *ending = text_to_cstring(PG_GETARG_TEXT_PP(0));
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "alkconv test", ALLOCSET_SMALL_SIZES);
	MemoryContext child = AllocSetContextCreate(context, "alkconv test child", ALLOCSET_SMALL_SIZES);
	own_three(context);
	pg::own<test::Probe>(child, 'x');
	if (strcmp(ending, "error") == 0)
		ereport(ERROR, (errcode(ERRCODE_DIVISION_BY_ZERO), errmsg("error above owned objects")));
	if (strcmp(ending, "constructor") == 0)
		pg::own<test::Probe>(context, 'd', true);
	if (strcmp(ending, "reset") == 0) {
		MemoryContextReset(context);
		own_three(context); // a context serves again after a reset
	}
	MemoryContextDelete(context);
	PG_RETURN_VOID();
}
}
