// Regime: Postgres (may longjmp, never throws)
//
// The cold halves of the boundary: capturing a Postgres error, describing a C++ one, and raising either. This file and
// boundary.hpp are the only ones that may hold handlers, so it does not include the poison header.
#include "pg/boundary.hpp"

#include "core/excerpt.hpp"
#include "pg/report.hpp"

namespace alkconv::pg {

namespace detail {

// Of the texts in it that come from the source nobody knows what they hold.
void copy_text(char *to, size_t capacity, std::string_view from) noexcept { core::CopyPrintable(to, capacity, from); }

void describe(Failure &failure, const core::Error &error) noexcept {
	failure.code = error.code();
	copy_text(failure.message, sizeof failure.message, error.message());
	copy_text(failure.detail, sizeof failure.detail, error.detail());
	copy_text(failure.hint, sizeof failure.hint, error.hint());
	copy_text(failure.table, sizeof failure.table, error.table());
	copy_text(failure.column, sizeof failure.column, error.column());
}

void describe(Failure &failure, core::Code code, std::string_view message) noexcept {
	failure.code = code;
	copy_text(failure.message, sizeof failure.message, message);
	failure.detail[0] = failure.hint[0] = failure.table[0] = failure.column[0] = '\0';
}

void throw_captured(MemoryContext context) {
	ErrorData *volatile data = nullptr;
	CurrentMemoryContext = context;
	{
		// CopyErrorData allocates: out of memory there must not jump into a dead frame.
		SavedStacks saved;
		sigjmp_buf buffer;
		if (sigsetjmp(buffer, 0) == 0) {
			PG_exception_stack = &buffer;
			data = CopyErrorData();
		}
	}
	FlushErrorState();
	CurrentMemoryContext = context;
	throw PgError(data);
}

} // namespace detail

void raise(const Failure &failure) {
	if (failure.postgres != nullptr)
		ReThrowError(failure.postgres);
	// "terminated by administrator" and "canceled" win over the secondary error that breaking off the work has caused
	CHECK_FOR_INTERRUPTS();
	ereport(ERROR, (errcode(sqlstate(failure.code)), errmsg_internal("%s", failure.message),
					failure.detail[0] != '\0' ? errdetail_internal("%s", failure.detail) : 0,
					failure.hint[0] != '\0' ? errhint("%s", failure.hint) : 0,
					failure.table[0] != '\0' ? err_generic_string(PG_DIAG_TABLE_NAME, failure.table) : 0,
					failure.column[0] != '\0' ? err_generic_string(PG_DIAG_COLUMN_NAME, failure.column) : 0));
	pg_unreachable();
}

} // namespace alkconv::pg
