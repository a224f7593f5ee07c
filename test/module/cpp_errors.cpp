// Regime: Postgres (may longjmp, never throws)
//
// From C++ to Postgres: what becomes of every exception that leaves C++ through pg::edge.
#include "probe.hpp"

#include "core/fault.hpp"
#include "pg/owned.hpp"
#include "pg/report.hpp"

#include "pg/regime_pg.hpp"

using namespace alkconv;

namespace {

// An error-context callback whose own C++ fails must not hide the error it describes.
void failing_description(void *) {
	char text[64] = "";
	if (!pg::attempt([&] { test::Throw("error", core::Code::out_of_memory); }))
		strlcpy(text, "description lost", sizeof text);
	errcontext("%s", text);
}

} // namespace

extern "C" {
PG_FUNCTION_INFO_V1(alkconv_test_code_name);
PG_FUNCTION_INFO_V1(alkconv_test_throw);
PG_FUNCTION_INFO_V1(alkconv_test_edge_result);
PG_FUNCTION_INFO_V1(alkconv_test_report);
PG_FUNCTION_INFO_V1(alkconv_test_failing_description);

// alkconv_test_code_name(code int) text: NULL beyond the last code.
Datum alkconv_test_code_name(PG_FUNCTION_ARGS) {
	const char *name = core::CodeName(static_cast<core::Code>(PG_GETARG_INT32(0)));
	if (name == nullptr)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(name));
}

// alkconv_test_throw(kind text, code int): throws it through edge, out of a frame with a live object.
Datum alkconv_test_throw(PG_FUNCTION_ARGS) {
	const char *kind = text_to_cstring(PG_GETARG_TEXT_PP(0));
	const auto code = static_cast<core::Code>(PG_GETARG_INT32(1));
	pg::edge([&] {
		test::Probe probe('t');
		test::Throw(kind, code);
	});
	PG_RETURN_VOID();
}

// alkconv_test_edge_result() text: results come back, of an edge in an edge too, and the objects are gone.
Datum alkconv_test_edge_result(PG_FUNCTION_ARGS) {
	(void) fcinfo;
	const int64 number = pg::edge([&] {
		test::Probe probe('r');
		return int64{40};
	});
	const char *word = pg::edge([&] {
		test::Probe probe('s');
		return pg::edge([&]() -> const char * { return "inner"; });
	});
	PG_RETURN_TEXT_P(cstring_to_text(psprintf("%lld %s", static_cast<long long>(number + 2), word)));
}

// alkconv_test_report(): raises an error that is stored in a memory context.
Datum alkconv_test_report(PG_FUNCTION_ARGS) {
	(void) fcinfo;
	auto *error = pg::own<core::Error>(CurrentMemoryContext, core::Code::zero_date, "stored message");
	pg::edge([&] { error->Detail("stored detail").Hint("stored hint"); });
	pg::report(*error);
}

// alkconv_test_failing_description(): an error whose context callback fails.
Datum alkconv_test_failing_description(PG_FUNCTION_ARGS) {
	(void) fcinfo;
	ErrorContextCallback callback;
	callback.callback = failing_description;
	callback.arg = nullptr;
	callback.previous = error_context_stack;
	error_context_stack = &callback;
	ereport(ERROR, (errcode(ERRCODE_DIVISION_BY_ZERO), errmsg("the error itself")));
}
}
