// Regime: Postgres (may longjmp, never throws)
//
// What the boundary must refuse to compile. `run` compiles this file once per case, with the case's macro defined; each
// must fail with a message that matches the pattern of its line "//! macro: pattern". With no macro it must compile.
#include "pg/await.hpp"
#include "pg/datum.hpp"
#include "pg/owned.hpp"
#include "pg/report.hpp"

#include <mutex>
#include <string>

#include "pg/regime_pg.hpp"

using namespace alkconv;

namespace {

struct ThrowingDestructor {
	~ThrowingDestructor() noexcept(false) {}
};

struct alignas(64) Overaligned {
	char bytes[64];
};

[[maybe_unused]] int everything_that_is_allowed(MemoryContext context, const core::Error &error) {
	auto *text = pg::own<std::string>(context, "text");
	const char *pointer = "captured by value, but plain";
	const size_t length = pg::edge([&, pointer] {
		std::string local = *text + pointer;
		pg::pg_call([&] { CHECK_FOR_INTERRUPTS(); });
		return local.size();
	});
	if (!pg::attempt([&] { *text = "other"; }))
		pg::report(error);
	pg::await(context, nullptr, [text] { text->clear(); });
	return static_cast<int>(length);
}

[[maybe_unused]] void refused(MemoryContext context) {
	std::string *text = pg::own<std::string>(context, "text");
	(void) text;

// the poison header: nothing that throws, catches or holds a jump buffer, and no guard objects
//! case_throw: poisoned .?throw
#ifdef case_throw
	throw 1;
#endif
//! case_try: poisoned .?try
#ifdef case_try
	try {
		pg::edge([] {});
	} catch (...) {
	}
#endif
//! case_catch: poisoned .?catch
#ifdef case_catch
	int catch = 0;
#endif
//! case_pg_try: poisoned .?PG_TRY
#ifdef case_pg_try
	PG_TRY();
#endif
//! case_pg_catch: poisoned .?PG_CATCH
#ifdef case_pg_catch
	PG_CATCH();
#endif
//! case_pg_finally: poisoned .?PG_FINALLY
#ifdef case_pg_finally
	PG_FINALLY();
#endif
//! case_sigsetjmp: poisoned .?sigsetjmp
#ifdef case_sigsetjmp
	sigjmp_buf buffer;
	sigsetjmp(buffer, 0);
#endif
//! case_setjmp: poisoned .?setjmp
#ifdef case_setjmp
	jmp_buf buffer;
	setjmp(buffer);
#endif
//! case_longjmp: poisoned .?longjmp
#ifdef case_longjmp
	longjmp(*PG_exception_stack, 1);
#endif
//! case_siglongjmp: poisoned .?siglongjmp
#ifdef case_siglongjmp
	siglongjmp(*PG_exception_stack, 1);
#endif
//! case_unique_ptr: poisoned .?unique_ptr
#ifdef case_unique_ptr
	std::unique_ptr<int> pointer;
#endif
//! case_make_shared: poisoned .?make_shared
#ifdef case_make_shared
	auto pointer = std::make_shared<int>(1);
#endif
//! case_lock_guard: poisoned .?lock_guard
#ifdef case_lock_guard
	std::mutex mutex;
	std::lock_guard<std::mutex> lock(mutex);
#endif

// edge, attempt and pg_call: plain captures, plain results
//! case_edge_capture: capture by reference only
#ifdef case_edge_capture
	pg::edge([copy = *text] { (void) copy.size(); });
#endif
//! case_edge_result: the result would be skipped by a jump
#ifdef case_edge_result
	(void) pg::edge([&] { return *text; });
#endif
//! case_attempt_capture: capture by reference only
#ifdef case_attempt_capture
	pg::attempt([copy = *text] { (void) copy.size(); });
#endif
//! case_pg_call_capture: capture by reference only
#ifdef case_pg_call_capture
	pg::pg_call([copy = *text] { (void) copy.size(); });
#endif
//! case_pg_call_result: plain results only
#ifdef case_pg_call_result
	(void) pg::pg_call([&] { return *text; });
#endif

// own: destructors that cannot throw, alignment that palloc gives
//! case_own_destructor: must not fail
#ifdef case_own_destructor
	pg::own<ThrowingDestructor>(context);
#endif
//! case_own_from_capture: capture by reference only
#ifdef case_own_from_capture
	pg::own_from<std::string>(context, [copy = *text] { return copy; });
#endif
//! case_own_alignment: aligns to MAXALIGN only
#ifdef case_own_alignment
	pg::own<Overaligned>(context);
#endif

// await: no copies of objects in the thread's work (references are found by `run`: no trait of a closure shows them)
//! case_await_copy: capture plain data and pointers by value
#ifdef case_await_copy
	pg::await(context, nullptr, [copy = *text] { (void) copy.size(); });
#endif
//! case_await_interrupt: capture plain data and pointers by value
#ifdef case_await_interrupt
	pg::await_interruptible(
		context, [] {}, [copy = *text] { (void) copy.size(); });
#endif
}

} // namespace

// C++-regime headers that would meet Postgres' macros after the poison line cannot be included any more.
//! case_late_include: poisoned
#ifdef case_late_include
#include <future>
#endif
