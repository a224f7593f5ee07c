// Regime: Postgres (may longjmp, never throws)
//
// Streams and who may have the wire.
#include "fdw/stream.hpp"

#include "pg/await.hpp"
#include "pg/report.hpp"

#include "pg/regime_pg.hpp"

namespace alkconv::fdw {

namespace {

void user_gone(void *argument) { abandon_stream(static_cast<StreamUser *>(argument)); }

// Reset callback of the stream's context: nobody may point to it any more.
void stream_closed(void *argument) {
	auto *stream = static_cast<Stream *>(argument);
	if (stream->user != nullptr)
		stream->user->stream = nullptr;
	if (stream->session->stream == stream)
		stream->session->stream = nullptr;
}

// Ends an abandoned stream with KILL QUERY, so that the snapshot stays.
void break_off(Stream *stream) {
	Session *session = stream->session;
	auto *alive = static_cast<bool *>(MemoryContextAllocZero(stream->context, sizeof(bool)));
	mysql::Reader *reader = stream->reader;
	mysql::Connection *connection = session->connection;
	session->doubtful = true;
	pg::await(stream->context, connection,
			  [reader, connection, alive] { *alive = reader->Cancel() && connection->Ping(); });
	session->doubtful = false;
	const bool usable = *alive;
	MemoryContextDelete(stream->context);
	if (!usable)
		raise_snapshot_lost(session);
}

} // namespace

void init_stream_user(StreamUser *user, MemoryContext context, void (*make_way)(StreamUser *)) {
	user->stream = nullptr;
	user->make_way = make_way;
	user->gone.func = user_gone;
	user->gone.arg = user;
	MemoryContextRegisterResetCallback(context, &user->gone);
}

void start_stream(Session *session, StreamUser *user, const char *sql, const char *table,
				  const std::vector<core::ConverterColumn> *columns, const std::vector<size_t> *key) {
	Assert(session->stream == nullptr && user->stream == nullptr);
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "alkconv stream", ALLOCSET_SMALL_SIZES);
	auto *stream = static_cast<Stream *>(MemoryContextAllocZero(context, sizeof(Stream)));
	stream->session = session;
	stream->context = context;
	stream->converter = pg::own<core::RowConverter>(context, table, *columns, *key);
	stream->reader = pg::own<mysql::Reader>(context, *session->connection, sql, *stream->converter);
	// from here on nothing fails
	stream->closed.func = stream_closed;
	stream->closed.arg = stream;
	MemoryContextRegisterResetCallback(context, &stream->closed);
	MemoryContextSetParent(context, session->context);
	stream->user = user;
	user->stream = stream;
	session->stream = stream;
}

bool stream_has_row(Stream *stream) {
	for (;;) {
		if (stream->batch != nullptr) {
			if (stream->row < stream->batch->rows)
				return true;
			if (stream->batch->fault.has_value())
				pg::report(*stream->batch->fault);
			stream->reader->recycle(stream->batch);
			stream->batch = nullptr;
		}
		switch (stream->reader->try_next(&stream->batch)) {
		case core::Poll::batch: stream->row = 0; break;
		case core::Poll::empty:
			stream->batch = nullptr;
			pg::wait_readable(stream->reader->wait_fd());
			stream->reader->acknowledge();
			break;
		case core::Poll::end: MemoryContextDelete(stream->context); return false;
		case core::Poll::failed: pg::report(stream->reader->error());
		}
	}
}

void abandon_stream(StreamUser *user) {
	if (user->stream == nullptr)
		return;
	user->stream->user = nullptr;
	user->stream = nullptr;
}

void free_wire(Session *session) {
	Stream *stream = session->stream;
	if (stream == nullptr)
		return;
	if (stream->user == nullptr)
		break_off(stream);
	else
		stream->user->make_way(stream->user);
	Assert(session->stream == nullptr);
}

} // namespace alkconv::fdw
