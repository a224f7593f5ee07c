// Regime: Postgres (may longjmp, never throws)
//
// From Postgres to C++ and back: an error raised below live C++ objects reaches the client whole, and the objects are
// destroyed.
#include "probe.hpp"

#include "pg/boundary.hpp"

#include "pg/regime_pg.hpp"

using namespace alkconv;

namespace {

void sample_context(void *) { errcontext("sample context"); }

// An error with every field that can be set.
void sample_error() {
	ErrorContextCallback callback;
	callback.callback = sample_context;
	callback.arg = nullptr;
	callback.previous = error_context_stack;
	error_context_stack = &callback;
	ereport(ERROR, (errcode(ERRCODE_CHECK_VIOLATION), errmsg("sample message"), errdetail("sample detail"),
					errhint("sample hint"), err_generic_string(PG_DIAG_SCHEMA_NAME, "sample schema"),
					err_generic_string(PG_DIAG_TABLE_NAME, "sample table"),
					err_generic_string(PG_DIAG_COLUMN_NAME, "sample column"),
					err_generic_string(PG_DIAG_DATATYPE_NAME, "sample type"),
					err_generic_string(PG_DIAG_CONSTRAINT_NAME, "sample constraint")));
}

// `depth` doors in each direction, a live object between each pair.
void nested_error(int depth, bool of_cpp) {
	pg::edge([&] {
		test::Probe probe(static_cast<char>('a' + depth % 26));
		pg::pg_call([&] {
			if (depth > 1)
				nested_error(depth - 1, of_cpp);
			else if (of_cpp)
				pg::edge([&] { test::Throw("error", core::Code::unknown_label); });
			else
				sample_error();
		});
	});
}

int32 parse_int(const char *text) { return DatumGetInt32(DirectFunctionCall1(int4in, CStringGetDatum(text))); }

} // namespace

extern "C" {
PG_FUNCTION_INFO_V1(alkconv_test_sample_error);
PG_FUNCTION_INFO_V1(alkconv_test_nested_error);
PG_FUNCTION_INFO_V1(alkconv_test_parse);
PG_FUNCTION_INFO_V1(alkconv_test_stacks);

// alkconv_test_sample_error(): raises the sample error without any door, for comparison.
Datum alkconv_test_sample_error(PG_FUNCTION_ARGS) {
	(void) fcinfo;
	sample_error();
	PG_RETURN_VOID();
}

// alkconv_test_nested_error(depth int, of_cpp bool): the sample error, or a core::Error, from below `depth` pairs of
// doors.
Datum alkconv_test_nested_error(PG_FUNCTION_ARGS) {
	nested_error(PG_GETARG_INT32(0), PG_GETARG_BOOL(1));
	PG_RETURN_VOID();
}

// alkconv_test_parse(text) int: the server's integer parser below a live object.
Datum alkconv_test_parse(PG_FUNCTION_ARGS) {
	const char *characters = text_to_cstring(PG_GETARG_TEXT_PP(0));
	const int32 result = pg::edge([&] {
		test::Probe probe('p');
		return pg::pg_call([&] { return parse_int(characters); });
	});
	PG_RETURN_INT32(result);
}

// alkconv_test_stacks() text: what the doors leave behind of the server's three global stacks, after success and
// failure. The failure is of a function without side effects, so it may be dropped here without a subtransaction.
Datum alkconv_test_stacks(PG_FUNCTION_ARGS) {
	(void) fcinfo;
	const sigjmp_buf *exception_stack = PG_exception_stack;
	const ErrorContextCallback *context_stack = error_context_stack;
	const MemoryContext context = CurrentMemoryContext;
	const auto as_before = [&] {
		return PG_exception_stack == exception_stack && error_context_stack == context_stack &&
			   CurrentMemoryContext == context;
	};
	auto guarded_failure = [&] { pg::pg_call([&] { sample_error(); }); };
	auto guarded_success = [&] { pg::pg_call([&] { parse_int("7"); }); };
	auto leave_frames = [&] {
		// an exception leaves the frame whose address the stacks hold
		sigjmp_buf buffer;
		ErrorContextCallback callback;
		callback.callback = sample_context;
		callback.arg = nullptr;
		callback.previous = error_context_stack;
		error_context_stack = &callback;
		PG_exception_stack = &buffer;
		test::Throw("int", core::Code::ok);
	};
	pg::Failure failure;
	failure.postgres = nullptr;
	const bool failed = !pg::detail::run_catching(guarded_failure, failure) && failure.postgres != nullptr;
	const bool restored_after_error = as_before();
	const bool succeeded = pg::detail::run_catching(guarded_success, failure);
	const bool restored_after_success = as_before();
	const bool threw = !pg::detail::run_catching(leave_frames, failure);
	const bool restored_after_throw = as_before();
	PG_RETURN_TEXT_P(
		cstring_to_text(psprintf("error %d %d, success %d %d, exception %d %d", failed, restored_after_error, succeeded,
								 restored_after_success, threw, restored_after_throw)));
}
}
