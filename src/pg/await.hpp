// Regime: Postgres (may longjmp, never throws)
//
// Waiting for the source without going deaf: blocking client calls run in a thread while the backend sleeps on its latch and the
// thread's eventfd, so cancel, statement_timeout and termination work while MySQL is silent.
#pragma once

#include "mysql/connection.hpp"
#include "mysql/task.hpp"
#include "pg/owned.hpp"

namespace alkconv::pg {

// Sleeps until `fd` is readable. Interrupts are served while waiting (so it may ereport).
void wait_readable(int fd);

// Waits for the task and joins it; raises what its work threw.
void finish_task(mysql::Task *task);

// Runs `work` in a thread and waits for it. Everything `work` captures must be plain data or pointers to objects that live in
// `context` or longer - never locals: on cancel this frame is gone before the thread is joined. When the wait is broken off,
// `interrupt` is called (from this thread, while `work` runs) and must make `work` end soon: the abort waits for it, uncancellably.
template <class Work, class Interrupt>
void await_interruptible(MemoryContext context, Work work, Interrupt interrupt) {
	static_assert(std::is_trivially_copyable_v<Work>, "capture plain data and pointers by value");
	static_assert(std::is_trivially_copyable_v<Interrupt>, "capture plain data and pointers by value");
	MemoryContext task_context = AllocSetContextCreate(context, "alkconv task", ALLOCSET_SMALL_SIZES);
	// the two become std::functions inside own, within its guard
	finish_task(own<mysql::Task>(task_context, work, interrupt));
	MemoryContextDelete(task_context);
}

// As above; `connection` (may be null) is interrupted. `context` owns the connection or descends from the context that does: the
// task is then joined before the connection dies, whatever the order in which an abort deletes contexts.
template <class Work>
void await(MemoryContext context, mysql::Connection *connection, Work work) {
	await_interruptible(context, work, [connection] {
		if (connection != nullptr)
			connection->interrupt();
	});
}

// Connects to the source in a thread. The connection is owned by `context`, where `options` lives too, or longer.
mysql::Connection *connect(MemoryContext context, const mysql::ConnectOptions *options);

// Runs a query on a connection in a thread; the result, which has the shape, is owned by `context`, for which the rule of await() holds.
const mysql::TextResult *query(MemoryContext context, mysql::Connection *connection, const char *sql,
							   mysql::AnswerShape shape);

// A field of an answer as a number; raises what TextResult::Number raises.
uint64 number_of(const mysql::TextResult *answer, size_t row, size_t column);

} // namespace alkconv::pg
