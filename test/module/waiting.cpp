// Regime: Postgres (may longjmp, never throws)
//
// Waiting for threads: results, errors, cancel in mid-work, termination of the backend.
#include "probe.hpp"
#include "worker.hpp"

#include "pg/await.hpp"

#include "pg/regime_pg.hpp"

using namespace alkconv;

extern "C" {
PG_FUNCTION_INFO_V1(alkconv_test_await);
PG_FUNCTION_INFO_V1(alkconv_test_await_forever);
PG_FUNCTION_INFO_V1(alkconv_test_workers);

// alkconv_test_await(kind text) int: a thread's work that throws `kind`, or succeeds ("value"), or takes 300 ms and
// cannot be interrupted ("deaf").
Datum alkconv_test_await(PG_FUNCTION_ARGS) {
	const char *kind = text_to_cstring(PG_GETARG_TEXT_PP(0));
	auto *result = static_cast<int *>(palloc0(sizeof(int)));
	if (strcmp(kind, "deaf") == 0)
		pg::await(CurrentMemoryContext, nullptr, [] { test::WorkDeaf(); });
	else if (strcmp(kind, "value") == 0)
		pg::await(CurrentMemoryContext, nullptr, [result] { *result = 42; });
	else
		pg::await(CurrentMemoryContext, nullptr, [kind] { test::Throw(kind, core::Code::connection_lost); });
	PG_RETURN_INT32(*result);
}

// alkconv_test_await_forever(marker text): work that ends only when it is interrupted, and 200 ms later. It makes the
// file `marker` (unless empty) as its last act, which tells from outside that the thread was waited for.
Datum alkconv_test_await_forever(PG_FUNCTION_ARGS) {
	const char *marker = text_to_cstring(PG_GETARG_TEXT_PP(0));
	auto *worker = pg::own<test::Worker>(CurrentMemoryContext, marker);
	MemoryContext task_context = AllocSetContextCreate(CurrentMemoryContext, "alkconv test task", ALLOCSET_SMALL_SIZES);
	auto work = [worker] { worker->Work(); };
	auto interrupt = [worker] { worker->interrupt(); };
	pg::finish_task(pg::own<mysql::Task>(task_context, work, interrupt));
	PG_RETURN_VOID();
}

// alkconv_test_workers() text: what became of the workers since the last call.
Datum alkconv_test_workers(PG_FUNCTION_ARGS) {
	(void) fcinfo;
	const test::WorkerCounts counts = test::Worker::take_counts();
	PG_RETURN_TEXT_P(cstring_to_text(psprintf("started %d, interrupted %s, ended %d, destroyed %d", counts.started,
											  counts.interrupted > 0 ? "yes" : "no", counts.ended, counts.destroyed)));
}
}
