// Regime: C++ (may throw, never calls Postgres)
//
// A batch of rows on its way from a reader to the writer, and the interface by which the writer takes batches. Cells and values
// are row-major; both point into the batch's arena, which is reset when the batch is handed back.
#pragma once

#include "core/arena.hpp"
#include "core/conversion.hpp"
#include "core/json.hpp"
#include "core/jsonb.hpp"
#include "core/value.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace alkconv::core {

// A row that was kept out because one of its values does not convert.
struct RejectedRow {
	std::vector<std::string> key; // CanonicalText of the columns that identify the row
	std::string column;			  // of the source
	std::optional<std::string>
		value; // as the source sent it; numbers and temporals as their canonical text; nothing for NULL
	Error fault;
};

struct RowBatch {
	size_t columns = 0;
	size_t rows = 0;
	std::vector<Cell> cells;		   // rows * columns
	std::vector<Value> values;		   // rows * columns, filled by RowConverter
	Arena arena;					   // bytes of both
	std::optional<Error> fault;		   // the row after the last one did not convert: raise this after using `rows`
	std::vector<RejectedRow> rejected; // in their order; the rows above are the others

	const Cell &cell(size_t row, size_t column) const noexcept { return cells[row * columns + column]; }
	const Value &value(size_t row, size_t column) const noexcept { return values[row * columns + column]; }
	void Clear() noexcept {
		rows = 0;
		cells.clear();
		values.clear();
		arena.Reset();
		fault.reset();
		rejected.clear();
	}
};

// One column of a RowConverter.
struct ConverterColumn {
	std::string source_name; // as in the source
	std::string target_name;
	SourceType source;
	TargetType target;
	Conversion conversion;
	bool not_null = false; // target refuses NULL
	std::string secret;	   // salt of the hash that messages show in place of a value; empty: they show it
	std::string stored; // where an expression takes `target`, which is text then: the target column's type; else empty

	const std::string &StoredType() const noexcept { return stored.empty() ? target.text : stored; }
};

// The stored type of a column whose policy has an expression, else empty.
std::string StoredTypeOf(const TargetType &target, const ColumnPolicy &policy);

// Converts whole batches: the plan of one table, compiled. Used by one reader thread at a time; counters are read when it ended.
class RowConverter {
public:
	// `key`: positions of the columns that identify a row in messages (primary key or a unique key; may be empty).
	RowConverter(std::string table, std::vector<ConverterColumn> columns, std::vector<size_t> key);
	RowConverter(RowConverter &&) = default; // a copy's contexts would point into the original
	RowConverter &operator=(RowConverter &&) = default;

	// Fills batch.values from batch.cells. At the first value that does not convert: batch.rows is cut to the rows before it
	// and batch.fault names table, column, key, types, excerpt and remedy.
	void Convert(RowBatch &batch) noexcept;

	// From now on such a row goes to batch.rejected instead, and the others are converted. Precondition: there is a key.
	void RejectRows() noexcept { rejects_rows_ = true; }
	// The row with a value that does not convert; `fault` says why.
	RejectedRow Reject(Error fault, const RowBatch &batch, size_t row, size_t column) const;

	// "(id)=(42)" of a row, for messages of the writer (NOT NULL, CHECK, input functions); empty without a key.
	std::string KeyText(const RowBatch &batch, size_t row) const;
	// A value as messages show it: an excerpt, of a secret column a hash.
	std::string Shown(const RowBatch &batch, size_t row, size_t column) const;
	// The error for a value the target itself refused (`message` is its reason), named as Convert would name it.
	Error Fault(Code code, const RowBatch &batch, size_t row, size_t column, const std::string &message = "") const;

	// From now on values of a column whose payload has more than `bytes` bytes are compressed by lz4, as the server would do with them.
	void CompressAbove(size_t column, uint64_t bytes) noexcept { compress_above_[column] = bytes; }

	const std::vector<ConverterColumn> &columns() const noexcept { return columns_; }
	const std::string &table() const noexcept { return table_; }
	// How many values a rule changed. Rules are numbered by column, and in each in the order in which they are applied: those that are
	// conversions or come before it (CountersOf), then empty_to_null.
	size_t rules() const noexcept { return touched_.size(); }
	uint64_t touched(size_t rule) const noexcept { return touched_[rule]; }

private:
	// The first row of a block that does not convert, and its first such column.
	struct BlockFault {
		size_t row;
		size_t column;
		Code code; // ok: the block is converted
	};
	BlockFault ConvertBlock(RowBatch &batch, size_t start) noexcept;
	void TakeOut(RowBatch &batch, const BlockFault &fault);

	std::string table_;
	std::vector<ConverterColumn> columns_;
	std::vector<size_t> key_;
	std::vector<uint64_t> touched_;
	std::vector<uint64_t> touched_before_; // the block that is being converted
	bool rejects_rows_ = false;
	std::unique_ptr<JsonValidator> json_;
	std::unique_ptr<JsonbBuilder> jsonb_;
	std::vector<ConversionContext> contexts_;
	std::vector<uint32_t> kinds_; // of cells that each column may have (CellKindsOf)
	std::vector<uint64_t> compress_above_;
};

enum class Poll : uint8_t {
	batch,	// a batch was handed out
	empty,	// nothing yet: wait for wait_fd() to become readable
	end,	// the source said that there are no more rows
	failed, // error() says why; never an end of data
};

// Where the writer gets its rows: the MySQL reader, or a fake one in tests.
class BatchSource {
public:
	virtual ~BatchSource() = default;
	// Hands out the next batch; it stays valid until given back by recycle().
	virtual Poll try_next(RowBatch **batch) noexcept = 0;
	virtual void recycle(RowBatch *batch) noexcept = 0;
	// A descriptor that becomes readable when try_next may have something new; acknowledge() empties it.
	virtual int wait_fd() const noexcept = 0;
	virtual void acknowledge() noexcept = 0;
	// After Poll::failed.
	virtual const Error &error() const noexcept = 0;
	// Of the cells fetched so far: their length, or 8 for numbers and temporals. May be ahead of what was handed out.
	virtual uint64_t bytes() const noexcept = 0;
	// After Poll::end: how many values a rule changed, numbered as in RowConverter.
	virtual uint64_t touched(size_t rule) const noexcept = 0;
};

} // namespace alkconv::core
