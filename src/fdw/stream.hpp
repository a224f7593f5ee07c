// Regime: Postgres (may longjmp, never throws)
//
// One unbuffered SELECT on a session's connection. Only one can be on the wire at a time; when another needs the wire,
// the running one's user takes the rest of its rows aside, or, when its user is gone, it is broken off. A stream
// belongs to its session and not to the executor: an executor that disappears in an error must not take the snapshot
// with it.
#pragma once

#include "core/batch.hpp"
#include "fdw/session.hpp"
#include "mysql/reader.hpp"
#include "pg/postgres.hpp"

#include <vector>

namespace alkconv::fdw {

// Who reads a stream. Lives in the executor's memory.
struct StreamUser {
	Stream *stream; // null: none, or the session has taken it away
	// Called when another SELECT needs the wire: reads the stream to its end, keeping the rows.
	void (*make_way)(StreamUser *user);
	MemoryContextCallback gone;
};

struct Stream {
	Session *session;
	MemoryContext context; // of this struct, the converter and the reader; a child of the session's
	StreamUser *user;	   // null: abandoned
	core::RowConverter *converter;
	mysql::Reader *reader;
	core::RowBatch *batch; // or null
	size_t row;			   // the current one of `batch`
	MemoryContextCallback closed;
};

// Registers a user whose memory is `context`, which is the current executor's: when it goes, its stream is abandoned.
void init_stream_user(StreamUser *user, MemoryContext context, void (*make_way)(StreamUser *));

// Starts a SELECT; the wire must be free.
void start_stream(Session *session, StreamUser *user, const char *sql, const char *table,
				  const std::vector<core::ConverterColumn> *columns, const std::vector<size_t> *key);

// Makes `stream->batch` and `stream->row` the next row that has not been stepped over (++stream->row). False at the end
// of data; the stream is gone then. Raises the source's errors and the conversion's.
bool stream_has_row(Stream *stream);

// The user needs no more rows. The wire is freed when somebody needs it, or by the end of the transaction.
void abandon_stream(StreamUser *user);

// Makes the session's wire free: see the top of this file. Raises 08006 when that costs the snapshot.
void free_wire(Session *session);

} // namespace alkconv::fdw
