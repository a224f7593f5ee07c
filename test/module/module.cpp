// Regime: Postgres (may longjmp, never throws)
//
// The test module's magic block, and what the tests measure: live objects, their history, threads, memory.
#include "probe.hpp"
#include "process.hpp"

#include "pg/boundary.hpp"

#include "pg/regime_pg.hpp"

using namespace alkconv;

extern "C" {
PG_MODULE_MAGIC;

PG_FUNCTION_INFO_V1(alkconv_test_live);
PG_FUNCTION_INFO_V1(alkconv_test_events);
PG_FUNCTION_INFO_V1(alkconv_test_threads);
PG_FUNCTION_INFO_V1(alkconv_test_memory);
PG_FUNCTION_INFO_V1(alkconv_test_contexts);

// alkconv_test_live() bigint: probes that live.
Datum alkconv_test_live(PG_FUNCTION_ARGS) {
	(void) fcinfo;
	PG_RETURN_INT64(test::Probe::live());
}

// alkconv_test_events() text: lives and deaths since the last call.
Datum alkconv_test_events(PG_FUNCTION_ARGS) {
	(void) fcinfo;
	text *result = cstring_to_text(test::Probe::events());
	test::Probe::clear_events();
	PG_RETURN_TEXT_P(result);
}

// alkconv_test_threads() bigint: threads of this process.
Datum alkconv_test_threads(PG_FUNCTION_ARGS) {
	(void) fcinfo;
	PG_RETURN_INT64(pg::edge([] { return test::Threads(); }));
}

// alkconv_test_memory() bigint: private memory of this process in bytes.
Datum alkconv_test_memory(PG_FUNCTION_ARGS) {
	(void) fcinfo;
	PG_RETURN_INT64(pg::edge([] { return test::MemoryInUse(); }));
}

// alkconv_test_contexts() bigint: bytes held by all memory contexts.
Datum alkconv_test_contexts(PG_FUNCTION_ARGS) {
	(void) fcinfo;
	PG_RETURN_INT64(static_cast<int64>(MemoryContextMemAllocated(TopMemoryContext, true)));
}
}
