// Regime: Postgres (may longjmp, never throws)
//
// The latch loops behind await.hpp.
#include "pg/await.hpp"

extern "C" {
#include "storage/latch.h"
#include "utils/wait_event.h"
}

#include <memory>
#include <optional>

namespace alkconv::pg {
namespace {
// A connection that a task fills in: the slot is owned before the thread starts, so the thread never touches a dead frame.
using ConnectionSlot = std::optional<mysql::Connection>;
} // namespace
} // namespace alkconv::pg

#include "pg/regime_pg.hpp"

namespace alkconv::pg {

void wait_readable(int fd) {
	CHECK_FOR_INTERRUPTS();
	const int events =
		WaitLatchOrSocket(MyLatch, WL_LATCH_SET | WL_SOCKET_READABLE | WL_EXIT_ON_PM_DEATH, fd, -1, PG_WAIT_EXTENSION);
	if ((events & WL_LATCH_SET) != 0) {
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
	}
}

void finish_task(mysql::Task *task) {
	while (!task->done())
		wait_readable(task->wait_fd());
	edge([&] { task->Finish(); });
}

mysql::Connection *connect(MemoryContext context, const mysql::ConnectOptions *options) {
	auto *interrupter = own<mysql::Interrupter>(context);
	auto *slot = own<ConnectionSlot>(context);
	await_interruptible(
		context, [slot, options, interrupter] { slot->emplace(*options, interrupter); },
		[interrupter] { interrupter->interrupt(); });
	return &**slot;
}

const mysql::TextResult *query(MemoryContext context, mysql::Connection *connection, const char *sql,
							   mysql::AnswerShape shape) {
	mysql::TextResult *result = own<mysql::TextResult>(context);
	const char *text = MemoryContextStrdup(context, sql);
	await(context, connection, [result, connection, text, shape] { *result = connection->Query(text, shape); });
	return result;
}

uint64 number_of(const mysql::TextResult *answer, size_t row, size_t column) {
	return edge([=] { return answer->Number(row, column); });
}

} // namespace alkconv::pg
