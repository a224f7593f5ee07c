// Regime: Postgres (may longjmp, never throws)
//
// The two doors between the regimes. edge() lets Postgres-regime code run C++ that may throw: whatever is thrown becomes an
// ereport, raised only after the last handler has closed, with nothing but plain data on the stack. pg_call() lets the few places of
// src/pg that must keep a C++ object alive run Postgres code that may ereport: the error is copied and thrown as PgError.
// Beside guarded.cpp nothing else in the extension contains a handler or a setjmp. Techniques: MADlib's call edge, cppgres' fidelity, pg_duckdb's
// mechanics (docs/architecture.md).
#pragma once

#include "core/status.hpp"
#include "pg/postgres.hpp"

#include <cstring>
#include <exception>
#include <new>
#include <setjmp.h>
#include <string_view>
#include <type_traits>
#include <utility>

namespace alkconv::pg {

// A Postgres error on its way through C++ frames. The ErrorData lives in the memory context that was current at pg_call; it is
// nullptr when there was no memory for a copy. May be caught only to be rethrown: the transaction is in error. Not a
// std::exception, so that C++ code that handles its own exceptions does not swallow it by accident.
class PgError final {
public:
	explicit PgError(ErrorData *data) noexcept : data_(data) {}
	ErrorData *release() noexcept { return std::exchange(data_, nullptr); }

private:
	ErrorData *data_;
};

// What edge() carries out of its handlers: plain data only.
struct Failure {
	core::Code code;
	ErrorData *postgres;
	char message[1024];
	char detail[2048];
	char hint[1024];
	char table[NAMEDATALEN * 4];
	char column[NAMEDATALEN * 4];
};
static_assert(std::is_trivially_destructible_v<Failure>);

// Raises the failure with SQLSTATE, message, detail, hint, table and column. Does not return.
[[noreturn]] void raise(const Failure &failure);

namespace detail {

// Copies UTF-8 text, cut between characters.
void copy_text(char *to, size_t capacity, std::string_view from) noexcept;
void describe(Failure &failure, const core::Error &error) noexcept;
void describe(Failure &failure, core::Code code, std::string_view message) noexcept;

struct SavedStacks {
	sigjmp_buf *exception_stack = PG_exception_stack;
	ErrorContextCallback *context_stack = error_context_stack;
	~SavedStacks() {
		PG_exception_stack = exception_stack;
		error_context_stack = context_stack;
	}
};

template <class F>
bool run_catching(F &function, Failure &failure) noexcept {
	// An exception that leaves Postgres frames behind would leave their jump buffers on the stack as well.
	SavedStacks saved;
	try {
		function();
		return true;
	} catch (PgError &error) {
		failure.postgres = error.release();
		if (failure.postgres == nullptr)
			describe(failure, core::Code::out_of_memory, "out of memory");
	} catch (const core::Error &error) {
		describe(failure, error);
	} catch (const std::bad_alloc &) {
		describe(failure, core::Code::out_of_memory, "out of memory");
	} catch (const std::exception &error) {
		describe(failure, core::Code::internal, error.what());
	} catch (...) {
		describe(failure, core::Code::internal, "unknown C++ exception");
	}
	return false;
}

[[noreturn]] void throw_captured(MemoryContext context);

} // namespace detail

// Runs C++ code that may throw. The result must be trivially destructible; captures are by reference or plain.
template <class F>
auto edge(F function) -> decltype(function()) {
	using Result = decltype(function());
	static_assert(std::is_trivially_destructible_v<F>, "capture by reference only: this frame may be jumped over");
	Failure failure;
	failure.postgres = nullptr;
	if constexpr (std::is_void_v<Result>) {
		if (detail::run_catching(function, failure))
			return;
	} else {
		static_assert(std::is_trivially_destructible_v<Result>, "the result would be skipped by a jump: own<> it");
		Result result{};
		auto assign = [&] { result = function(); };
		if (detail::run_catching(assign, failure))
			return result;
	}
	raise(failure);
}

// Runs C++ code that may throw where a failure must not become an ERROR: in error-context callbacks, whose own error would hide the
// one they describe. False when it threw. Not for code that contains a pg_call.
template <class F>
bool attempt(F function) noexcept {
	static_assert(std::is_trivially_destructible_v<F>, "capture by reference only");
	try {
		function();
		return true;
	} catch (...) {
		return false;
	}
}

// Runs Postgres code that may ereport, from C++ code that must see its destructors run. Only inside src/pg, once per batch at most.
template <class F>
auto pg_call(F function) -> decltype(function()) {
	using Result = decltype(function());
	static_assert(std::is_trivially_destructible_v<F>, "capture by reference only");
	static_assert(std::is_void_v<Result> || std::is_trivially_copyable_v<Result>, "plain results only");
	const MemoryContext context = CurrentMemoryContext;
	{
		detail::SavedStacks saved;
		sigjmp_buf buffer;
		// savemask 0: saving the signal mask costs a system call (150 ns instead of 5), and Postgres' own handlers do not need it here
		if (sigsetjmp(buffer, 0) == 0) {
			PG_exception_stack = &buffer;
			return function();
		}
	}
	detail::throw_captured(context);
}

} // namespace alkconv::pg
