// Regime: Postgres (may longjmp, never throws)
//
// One question a connection.
#include "verify/sessions.hpp"

#include "core/digest_session.hpp"
#include "pg/await.hpp"
#include "pg/owned.hpp"

#include "pg/regime_pg.hpp"

namespace alkconv::verify {

namespace {

void require_session(MemoryContext context, mysql::Connection *connection) {
	const bool mariadb = connection->mariadb();
	const uint32 version = connection->version_number();
	const auto *question =
		pg::own_from<core::SessionQuestion>(context, [=] { return core::MakeSessionQuestion(mariadb, version); });
	const mysql::TextResult *answer = pg::query(context, connection, question->sql.c_str(),
												{"the session", question->columns, core::AnswerRows::one});
	const auto *wrong =
		pg::own_from<std::string>(context, [=] { return core::DescribeWrongSession(*answer, mariadb, version); });
	if (!wrong->empty())
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
						errmsg("verification failed: a session of the source is not as it must be"),
						errdetail("%s.", wrong->c_str()),
						errhint("Nothing was changed. Something between alkconv and the source (a proxy that shares "
								"sessions) may have changed the session: connect to the server itself. Otherwise "
								"please report this as a defect of alkconv.")));
}

} // namespace

void require_sessions(MemoryContext context, mysql::Snapshot *snapshot) {
	for (size_t i = 0; i < snapshot->size(); ++i)
		require_session(context, &snapshot->connection(i));
}

} // namespace alkconv::verify
