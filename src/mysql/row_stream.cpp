// Regime: C++ (may throw, never calls Postgres)
//
// Prepared statement, binary protocol, unbuffered: no client-side result, no server-side cursor (which is 2 to 4 times
// slower).
#include "mysql/row_stream.hpp"

#include "mysql/handle.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace alkconv::mysql {

namespace {

using core::Cell;
using core::CellKind;
using core::MySqlKind;
using core::SourceType;

// How a column is bound, and the kind of cell it gives.
enum class Shape : uint8_t { int64, uint64, float32, float64, temporal, bytes };

Shape ShapeOf(const SourceType &type) noexcept {
	switch (type.kind) {
	case MySqlKind::tinyint:
	case MySqlKind::smallint:
	case MySqlKind::mediumint:
	case MySqlKind::int_:
	case MySqlKind::bigint: return type.is_unsigned ? Shape::uint64 : Shape::int64;
	case MySqlKind::year: return Shape::int64;
	case MySqlKind::float_: return Shape::float32;
	case MySqlKind::double_: return Shape::float64;
	case MySqlKind::date:
	case MySqlKind::datetime:
	case MySqlKind::timestamp:
	case MySqlKind::time: return Shape::temporal;
	default: return Shape::bytes;
	}
}

// What the server announced, in the same terms. FLOAT and DOUBLE must arrive as such: anything else was rounded on the
// way.
Shape ShapeOf(const MYSQL_FIELD &field) noexcept {
	switch (field.type) {
	case MYSQL_TYPE_TINY:
	case MYSQL_TYPE_SHORT:
	case MYSQL_TYPE_INT24:
	case MYSQL_TYPE_LONG:
	case MYSQL_TYPE_LONGLONG: return (field.flags & UNSIGNED_FLAG) != 0 ? Shape::uint64 : Shape::int64;
	case MYSQL_TYPE_YEAR: return Shape::int64;
	case MYSQL_TYPE_FLOAT: return Shape::float32;
	case MYSQL_TYPE_DOUBLE: return Shape::float64;
	case MYSQL_TYPE_DATE:
	case MYSQL_TYPE_NEWDATE:
	case MYSQL_TYPE_DATETIME:
	case MYSQL_TYPE_TIMESTAMP:
	case MYSQL_TYPE_TIME: return Shape::temporal;
	default: return Shape::bytes;
	}
}

enum_field_types BufferType(Shape shape, const MYSQL_FIELD &field) noexcept {
	switch (shape) {
	case Shape::int64:
	case Shape::uint64: return MYSQL_TYPE_LONGLONG;
	case Shape::float32: return MYSQL_TYPE_FLOAT;
	case Shape::float64: return MYSQL_TYPE_DOUBLE;
	case Shape::temporal: return field.type == MYSQL_TYPE_NEWDATE ? MYSQL_TYPE_DATE : field.type;
	case Shape::bytes: break;
	}
	return MYSQL_TYPE_BLOB; // bytes as they are: no conversion, no terminator
}

constexpr const char *kAbout = "the rows of a table";

struct Column {
	Shape shape;
	union {
		long long i64;
		float f32;
		double f64;
		MYSQL_TIME time;
	} fixed;
	unsigned long length; // of bytes: the whole value, also when the buffer was too small
	Flag null;
	Flag error;	  // the value did not fit its buffer
	char *buffer; // of bytes
};

// Values up to this size are copied from the bind buffer; longer ones are fetched straight into the arena, exactly
// once.
constexpr size_t kInlineBytes = 4096;

Cell TemporalCell(const MYSQL_TIME &time) noexcept {
	Cell cell;
	cell.kind = CellKind::temporal;
	cell.temporal = {};
	cell.temporal.year = static_cast<uint16_t>(time.year);
	cell.temporal.month = static_cast<uint8_t>(time.month);
	// Both libraries have already added the days of a TIME to its hours.
	cell.temporal.day = static_cast<uint8_t>(time.time_type == MYSQL_TIMESTAMP_TIME ? 0 : time.day);
	cell.temporal.hour = static_cast<uint16_t>(time.hour);
	cell.temporal.minute = static_cast<uint8_t>(time.minute);
	cell.temporal.second = static_cast<uint8_t>(time.second);
	cell.temporal.microsecond = static_cast<uint32_t>(time.second_part);
	cell.temporal.negative = time.neg != 0;
	return cell;
}

struct StatementDeleter {
	// Reads the rest of an unfinished result off the wire first.
	void operator()(MYSQL_STMT *statement) const noexcept { mysql_stmt_close(statement); }
};

struct MetadataDeleter {
	void operator()(MYSQL_RES *result) const noexcept { mysql_free_result(result); }
};

char *Reserve(core::RowBatch &batch, size_t size) {
	char *room = batch.arena.AllocateBytes(size);
	if (room == nullptr)
		throw std::bad_alloc();
	return room;
}

} // namespace

struct RowStream::State {
	Connection::Handle &handle;
	std::unique_ptr<MYSQL_STMT, StatementDeleter> statement;
	std::vector<Column> columns;
	std::unique_ptr<char[]> buffers;
	uint64_t bytes = 0;
	bool ended = false;

	State(Connection::Handle &connection_handle, const std::string &sql, const std::vector<SourceType> &types);

	core::Error Fault() const {
		const unsigned number = mysql_stmt_errno(statement.get());
		// A broken link is not always noted in the statement.
		return number != 0 ? handle.Fault(number, mysql_stmt_error(statement.get())) : handle.Fault();
	}
	void CheckShape(const MYSQL_FIELD *fields, unsigned count, const std::vector<SourceType> &types) const;
	void Bind(const MYSQL_FIELD *fields);
	Cell Take(size_t index, core::RowBatch &batch);
	Cell TakeBytes(size_t index, core::RowBatch &batch);
};

RowStream::State::State(Connection::Handle &connection_handle, const std::string &sql,
						const std::vector<SourceType> &types)
	: handle(connection_handle), statement(mysql_stmt_init(&handle.mysql)) {
	if (!statement)
		throw handle.Fault();
	if (mysql_stmt_prepare(statement.get(), sql.data(), static_cast<unsigned long>(sql.size())) != 0 ||
		mysql_stmt_execute(statement.get()) != 0)
		throw Fault();
	const std::unique_ptr<MYSQL_RES, MetadataDeleter> metadata(mysql_stmt_result_metadata(statement.get()));
	if (!metadata)
		throw core::UnexpectedAnswer(kAbout, "it is no result at all");
	const unsigned count = mysql_num_fields(metadata.get());
	// What was executed may answer otherwise than what was prepared: an OK would look like the end of the rows.
	if (const unsigned executed = mysql_field_count(&handle.mysql); executed != count)
		throw core::UnexpectedAnswer(kAbout, "it has " + std::to_string(executed) + " columns, announced were " +
												 std::to_string(count));
	const int unknown = PrepareFields(*statement, count);
	const MYSQL_FIELD *fields = mysql_fetch_fields(metadata.get());
	if (unknown >= 0)
		throw core::Error(core::Code::unsupported, "column type " +
													   std::to_string(static_cast<int>(fields[unknown].type)) +
													   " is unknown to this MySQL client library")
			.At(std::string(fields[unknown].org_table), std::string(fields[unknown].name))
			.Hint("Exclude the column, or build alkconv with a newer client library.");
	CheckShape(fields, count, types);
	for (const SourceType &type : types) {
		Column column = {};
		column.shape = ShapeOf(type);
		columns.push_back(column);
	}
	if (!columns.empty())
		Bind(fields);
}

void RowStream::State::CheckShape(const MYSQL_FIELD *fields, unsigned count,
								  const std::vector<SourceType> &types) const {
	// Without columns SelectStatement reads a constant, so that rows can be counted.
	if (types.empty() && count == 1)
		return;
	if (types.size() != count)
		throw core::UnexpectedAnswer(kAbout, "it has " + std::to_string(count) + " columns instead of " +
												 std::to_string(types.size()));
	for (unsigned i = 0; i < count; ++i)
		if (ShapeOf(types[i]) != ShapeOf(fields[i]))
			throw core::Error(core::Code::source_error, std::string("column \"") + fields[i].name +
															"\" does not arrive as the type it was declared with (" +
															types[i].text + ")")
				.At(std::string(fields[i].org_table), std::string(fields[i].name))
				.Detail(DescribeServer(handle.options))
				.Hint("The source's table was changed after its catalog was read, or the foreign table is out of date; "
					  "try again.");
}

void RowStream::State::Bind(const MYSQL_FIELD *fields) {
	size_t room = 0;
	for (const Column &column : columns)
		room += column.shape == Shape::bytes ? kInlineBytes : 0;
	buffers.reset(new char[room]); // not make_unique: it would zero bytes that are overwritten anyway
	std::vector<MYSQL_BIND> binds(columns.size());
	std::memset(binds.data(), 0, binds.size() * sizeof(MYSQL_BIND));
	char *next = buffers.get();
	for (size_t i = 0; i < columns.size(); ++i) {
		Column &column = columns[i];
		MYSQL_BIND &bind = binds[i];
		bind.buffer_type = BufferType(column.shape, fields[i]);
		bind.is_unsigned = column.shape == Shape::uint64 ? 1 : 0;
		bind.is_null = &column.null;
		bind.error = &column.error;
		bind.length = &column.length;
		bind.buffer = &column.fixed;
		bind.buffer_length = sizeof(column.fixed);
		if (column.shape == Shape::bytes) {
			bind.buffer = column.buffer = next;
			bind.buffer_length = kInlineBytes;
			next += kInlineBytes;
		}
	}
	if (mysql_stmt_bind_result(statement.get(), binds.data()) != 0)
		throw Fault();
}

Cell RowStream::State::TakeBytes(size_t index, core::RowBatch &batch) {
	Column &column = columns[index];
	Cell cell;
	cell.kind = CellKind::bytes;
	cell.in_arena = true;
	cell.bytes.size = column.length;
	char *copy = Reserve(batch, column.length);
	cell.bytes.data = copy;
	bytes += column.length;
	if (column.length <= kInlineBytes) {
		std::memcpy(copy, column.buffer, column.length);
		return cell;
	}
	MYSQL_BIND bind;
	std::memset(&bind, 0, sizeof(bind));
	unsigned long length = 0;
	Flag error = 0;
	bind.buffer_type = MYSQL_TYPE_BLOB;
	bind.buffer = copy;
	bind.buffer_length = column.length;
	bind.length = &length;
	bind.error = &error;
	if (mysql_stmt_fetch_column(statement.get(), &bind, static_cast<unsigned>(index), 0) != 0)
		throw Fault();
	if (error != 0 || length != column.length)
		throw core::Error(core::Code::internal, "a long value did not arrive whole")
			.Detail(DescribeServer(handle.options));
	return cell;
}

Cell RowStream::State::Take(size_t index, core::RowBatch &batch) {
	const Column &column = columns[index];
	Cell cell;
	cell.bytes = {nullptr, 0};
	if (column.null != 0) {
		cell.kind = CellKind::null;
		return cell;
	}
	if (column.shape == Shape::bytes)
		return TakeBytes(index, batch);
	if (column.error != 0)
		throw core::Error(core::Code::source_error,
						  "a value does not fit the type of column " + std::to_string(index + 1) + " of the result")
			.Detail(DescribeServer(handle.options))
			.Hint("The source's table was changed after its catalog was read; try again.");
	bytes += sizeof(column.fixed.i64);
	switch (column.shape) {
	case Shape::int64:
		cell.kind = CellKind::int64;
		cell.i64 = column.fixed.i64;
		break;
	case Shape::uint64:
		cell.kind = CellKind::uint64;
		cell.u64 = static_cast<uint64_t>(column.fixed.i64);
		break;
	case Shape::float32:
		cell.kind = CellKind::float32;
		cell.f32 = column.fixed.f32;
		break;
	case Shape::float64:
		cell.kind = CellKind::float64;
		cell.f64 = column.fixed.f64;
		break;
	default: return TemporalCell(column.fixed.time);
	}
	return cell;
}

RowStream::RowStream(Connection &connection, const std::string &sql, const std::vector<SourceType> &types)
	: state_(std::make_unique<State>(connection.handle(), sql, types)) {}

RowStream::~RowStream() = default;

bool RowStream::Fetch(core::RowBatch &batch) {
	State &state = *state_;
	if (state.ended)
		return false;
	const int status = mysql_stmt_fetch(state.statement.get());
	if (status == MYSQL_NO_DATA) {
		state.ended = true;
		return false;
	}
	if (status != 0 && status != MYSQL_DATA_TRUNCATED) {
		state.ended = true;
		throw state.Fault();
	}
	const size_t count = state.columns.size();
	batch.columns = count;
	const size_t start = batch.cells.size();
	batch.cells.resize(start + count);
	for (size_t i = 0; i < count; ++i)
		batch.cells[start + i] = state.Take(i, batch);
	++batch.rows;
	return true;
}

bool RowStream::ended() const noexcept { return state_->ended; }
uint64_t RowStream::bytes() const noexcept { return state_->bytes; }

} // namespace alkconv::mysql
