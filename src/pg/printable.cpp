// Regime: Postgres (may longjmp, never throws)
//
// An error-context callback: the server calls it for every message, after those of inner levels, and what it sets anew replaces what was set.
#include "pg/printable.hpp"

#include "core/excerpt.hpp"

#include "pg/regime_pg.hpp"

namespace alkconv::pg {

namespace {

// Null where the text can be printed as it is.
char *printable_copy(const char *text) {
	if (text == nullptr || core::IsPrintable(text))
		return nullptr;
	const Size room = 4 * strlen(text) + 1; // \xNN
	char *copy = static_cast<char *>(palloc(room));
	core::CopyPrintable(copy, room, text);
	return copy;
}

// Of a deadlock and of dependent objects the server makes lists with line feeds.
bool has_lines_of_the_server(int sqlstate) {
	return sqlstate == ERRCODE_T_R_DEADLOCK_DETECTED || sqlstate == ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST;
}

void make_printable(void *) {
	if (has_lines_of_the_server(geterrcode()))
		return;
	// elog.c shows a callback the SQLSTATE only; a copy shows the rest, and must not lie in ErrorContext
	const MemoryContext caller = MemoryContextSwitchTo(CurTransactionContext);
	ErrorData *error = CopyErrorData();
	const char *message = printable_copy(error->message);
	const char *detail = printable_copy(error->detail);
	const char *hint = printable_copy(error->hint);
	MemoryContextSwitchTo(caller);
	if (message != nullptr)
		errmsg_internal("%s", message);
	if (detail != nullptr)
		errdetail_internal("%s", detail);
	if (hint != nullptr)
		errhint("%s", hint);
	FreeErrorData(error);
}

} // namespace

void begin_printable(MemoryContext context) {
	auto *callback = static_cast<ErrorContextCallback *>(MemoryContextAlloc(context, sizeof(ErrorContextCallback)));
	callback->callback = make_printable;
	callback->arg = nullptr;
	callback->previous = error_context_stack;
	error_context_stack = callback;
}

void end_printable() {
	Assert(error_context_stack->callback == make_printable);
	error_context_stack = error_context_stack->previous;
}

} // namespace alkconv::pg
