// Regime: Postgres (may longjmp, never throws)
//
// A handler around a callback. With a subtransaction, as PL/pgSQL's blocks with EXCEPTION have it (exec_stmt_block, pl_exec.c, 17). Beside the boundary the
// only place with a handler, so it does not include the poison header; the frame holds plain data only.
#include "pg/guarded.hpp"

#include "pg/secret_error.hpp"

extern "C" {
#include "access/xact.h"
#include "utils/elog.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
}

namespace alkconv::pg {

namespace {

bool is_about_data(int sqlstate) {
	const int category = ERRCODE_TO_CATEGORY(sqlstate);
	return category == ERRCODE_DATA_EXCEPTION || category == ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION ||
		   sqlstate == ERRCODE_RAISE_EXCEPTION;
}

bool is_about_sql(int sqlstate) {
	const int category = ERRCODE_TO_CATEGORY(sqlstate);
	return is_about_data(sqlstate) || category == ERRCODE_TO_CATEGORY(ERRCODE_SYNTAX_ERROR) ||
		   category == ERRCODE_PROGRAM_LIMIT_EXCEEDED || category == ERRCODE_FEATURE_NOT_SUPPORTED;
}

bool is_about_limits(int sqlstate) { return ERRCODE_TO_CATEGORY(sqlstate) == ERRCODE_PROGRAM_LIMIT_EXCEEDED; }

ErrorData *run_in_subtransaction(void (*work)(void *argument), void *argument, bool (*is_answer)(int sqlstate)) {
	const MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	ErrorData *volatile error = nullptr;

	BeginInternalSubTransaction(nullptr);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		work(argument);
		ReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
	}
	PG_END_TRY();
	// the subtransaction is gone by now in any case: whoever catches the error rolls back one of their own
	if (error != nullptr && !is_answer(error->sqlerrcode))
		ReThrowError(error);
	return error;
}

} // namespace

ErrorData *run_guarded(void (*work)(void *argument), void *argument) {
	return run_in_subtransaction(work, argument, is_about_data);
}

ErrorData *run_guarded_sql(void (*work)(void *argument), void *argument) {
	return run_in_subtransaction(work, argument, is_about_sql);
}

ErrorData *run_up_to_limits(void (*work)(void *argument), void *argument) {
	return run_in_subtransaction(work, argument, is_about_limits);
}

void run_amending(void (*work)(void *argument), void (*amend)(ErrorData *error, void *argument), void *argument) {
	const MemoryContext context = CurrentMemoryContext;
	PG_TRY();
	{
		work(argument);
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		ErrorData *error = CopyErrorData();
		FlushErrorState();
		amend(error, argument);
		ReThrowError(error);
	}
	PG_END_TRY();
}

namespace {

struct WithheldWork {
	const SecretScope *scope;
	void (*work)(void *argument);
	void *argument;
};

void do_withheld_work(void *argument) {
	const auto *withheld = static_cast<const WithheldWork *>(argument);
	withheld->work(withheld->argument);
}

void withhold_words(ErrorData *error, void *argument) {
	withhold_values(error, static_cast<const WithheldWork *>(argument)->scope);
}

} // namespace

void run_withholding(const SecretScope *scope, void (*work)(void *argument), void *argument) {
	WithheldWork withheld = {scope, work, argument};
	run_amending(do_withheld_work, withhold_words, &withheld);
}

} // namespace alkconv::pg
