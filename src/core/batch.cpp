// Regime: C++ (may throw, never calls Postgres)
//
// The loop that all data goes through. Rows are taken in blocks that stay in the first-level cache, and each block column by column,
// so that the branch predictor sees one conversion at a time.
#include "core/batch.hpp"

#include "core/compression.hpp"
#include "core/excerpt.hpp"
#include "core/fault.hpp"
#include "core/mend.hpp"
#include "core/render.hpp"
#include "core/secret.hpp"

#include <algorithm>
#include <new>

namespace alkconv::core {

namespace {

constexpr size_t kBlockRows = 64;
constexpr uint64_t kNever = UINT64_MAX; // of compression
constexpr size_t kKeyBytes = 200; // of each key column in messages: a key should be complete where that is bearable

// Converts `rows` cells of one column, `stride` apart. Returns how many went well; `code` says why not all did.
size_t ConvertRun(const ConverterColumn &column, const ConversionContext &context, uint32_t kinds, const Cell *cells,
				  Value *values, size_t stride, size_t rows, Arena &arena, Code &code) noexcept {
	const ConvertFunction convert = column.conversion.convert;
	const bool by_rules = !column.conversion.mends.empty() || column.conversion.empty_to_null;
	for (size_t row = 0; row < rows; ++row, cells += stride, values += stride) {
		if (cells->kind == CellKind::null) {
			values->kind = ValueKind::null;
			code = column.not_null ? Code::null_for_not_null : Code::ok;
		} else if (!CellFits(kinds, *cells))
			code = Code::internal;
		else if (by_rules) {
			code = ConvertCell(column.conversion, context, context.touched, *cells, arena, *values);
			if (code == Code::ok && values->kind == ValueKind::null && column.not_null)
				code = Code::null_for_not_null;
		} else
			code = convert(context, *cells, arena, *values);
		if (code != Code::ok)
			return row;
	}
	return rows;
}

void CompressRun(uint64_t above, Value *values, size_t stride, size_t rows, Arena &arena) noexcept {
	for (size_t row = 0; row < rows; ++row, values += stride)
		if (values->kind == ValueKind::varlena && values->bytes.size > above)
			CompressLz4(*values, arena);
}

size_t CountersOf(const std::vector<ConverterColumn> &columns) {
	size_t count = 0;
	for (const ConverterColumn &column : columns)
		count += core::CountersOf(column.conversion);
	return count;
}

} // namespace

std::string StoredTypeOf(const TargetType &target, const ColumnPolicy &policy) {
	return policy.expression.empty() ? "" : target.text;
}

RowConverter::RowConverter(std::string table, std::vector<ConverterColumn> columns, std::vector<size_t> key)
	: table_(std::move(table)), columns_(std::move(columns)), key_(std::move(key)), touched_(CountersOf(columns_)),
	  json_(std::make_unique<JsonValidator>()), jsonb_(std::make_unique<JsonbBuilder>()), contexts_(columns_.size()),
	  kinds_(columns_.size()), compress_above_(columns_.size(), kNever) {
	uint64_t *counters = touched_.data();
	for (size_t i = 0; i < columns_.size(); ++i) {
		contexts_[i] = {&columns_[i].source,
						&columns_[i].target,
						counters,
						json_.get(),
						jsonb_.get(),
						columns_[i].conversion.zone.get(),
						columns_[i].conversion.clock_change};
		counters += core::CountersOf(columns_[i].conversion);
		kinds_[i] = CellKindsOf(columns_[i].source);
	}
}

RowConverter::BlockFault RowConverter::ConvertBlock(RowBatch &batch, size_t start) noexcept {
	BlockFault fault{0, 0, Code::ok};
	// A later column stops before the row in which an earlier one failed: in the end the fault is that of the first bad row, and in it of
	// the first bad column.
	size_t rows = std::min(kBlockRows, batch.rows - start);
	for (size_t column = 0; column < batch.columns; ++column) {
		const size_t offset = start * batch.columns + column;
		Code code = Code::ok;
		const size_t done = ConvertRun(columns_[column], contexts_[column], kinds_[column], batch.cells.data() + offset,
									   batch.values.data() + offset, batch.columns, rows, batch.arena, code);
		if (compress_above_[column] != kNever)
			CompressRun(compress_above_[column], batch.values.data() + offset, batch.columns, done, batch.arena);
		if (done < rows) {
			rows = done;
			fault = {start + done, column, code};
		}
	}
	return fault;
}

void RowConverter::TakeOut(RowBatch &batch, const BlockFault &fault) {
	batch.rejected.push_back(Reject(Fault(fault.code, batch, fault.row, fault.column), batch, fault.row, fault.column));
	const auto first = batch.cells.begin() + static_cast<std::ptrdiff_t>(fault.row * batch.columns);
	batch.cells.erase(first, first + static_cast<std::ptrdiff_t>(batch.columns));
	--batch.rows;
	batch.values.resize(batch.rows * batch.columns);
}

void RowConverter::Convert(RowBatch &batch) noexcept {
	try {
		batch.values.resize(batch.rows * batch.columns);
		for (size_t start = 0; start < batch.rows;) {
			if (rejects_rows_)
				touched_before_ = touched_;
			const BlockFault fault = ConvertBlock(batch, start);
			if (fault.code == Code::ok)
				start += kBlockRows;
			else if (rejects_rows_ && IsOfValue(fault.code)) {
				// the block is converted again without that row, whose values no rule has touched then
				std::copy(touched_before_.begin(), touched_before_.end(), touched_.begin());
				TakeOut(batch, fault);
			} else {
				batch.fault = Fault(fault.code, batch, fault.row, fault.column);
				batch.rows = fault.row;
				return;
			}
		}
	} catch (const std::bad_alloc &) {
		// The strings below are short enough to need no memory.
		batch.fault = Error(Code::out_of_memory, "out of memory");
		batch.rows = 0;
		batch.rejected.clear();
	}
}

namespace {

std::optional<std::string> BytesOf(const SourceType &source, const Cell &cell) {
	if (cell.kind == CellKind::null)
		return std::nullopt;
	return cell.kind == CellKind::bytes ? std::string(cell.text()) : CanonicalText(source, cell);
}

std::string ShownUpTo(const ConverterColumn &column, const Cell &cell, size_t limit) {
	const std::optional<std::string> bytes = column.secret.empty() ? std::nullopt : BytesOf(column.source, cell);
	return bytes ? MaskedValue(column.secret, *bytes) : ExcerptUpTo(column.source, cell, limit);
}

} // namespace

std::string RowConverter::Shown(const RowBatch &batch, size_t row, size_t column) const {
	return ShownUpTo(columns_[column], batch.cell(row, column), kExcerptBytes);
}

RejectedRow RowConverter::Reject(Error fault, const RowBatch &batch, size_t row, size_t column) const {
	RejectedRow rejected{
		{}, columns_[column].source_name, BytesOf(columns_[column].source, batch.cell(row, column)), std::move(fault)};
	if (rejected.value && !columns_[column].secret.empty())
		rejected.value = MaskedValue(columns_[column].secret, *rejected.value);
	for (const size_t position : key_)
		rejected.key.push_back(CanonicalText(columns_[position].source, batch.cell(row, position)));
	return rejected;
}

std::string RowConverter::KeyText(const RowBatch &batch, size_t row) const {
	if (key_.empty())
		return {};
	std::string names, values;
	for (const size_t column : key_) {
		names.append(names.empty() ? "(" : ", ").append(columns_[column].source_name);
		values.append(values.empty() ? "(" : ", ")
			.append(ShownUpTo(columns_[column], batch.cell(row, column), kKeyBytes));
	}
	return names + ")=" + values + ")";
}

Error RowConverter::Fault(Code code, const RowBatch &batch, size_t row, size_t column,
						  const std::string &message) const {
	const ConverterColumn &c = columns_[column];
	const Cell &cell = batch.cell(row, column);
	const bool null = cell.kind == CellKind::null;
	const std::string excerpt = ShownUpTo(c, cell, kExcerptBytes);
	const std::string shown = null ? excerpt : "\"" + excerpt + "\"";
	const std::string key = KeyText(batch, row);

	const std::string reason = message.empty() ? shown + " " + FaultPredicate(code, c.source, c.target) : message;
	const std::string place = key.empty() ? "The table has no key that would name the row" : "The row is " + key;
	return Error(code, "column \"" + c.source_name + "\" of table \"" + table_ + "\": " + reason)
		.Detail(place + ". The source column \"" + c.source_name + "\" has type " + c.source.text +
				", the target column \"" + c.target_name + "\" has type " + c.StoredType() + ". The value is " + shown +
				".")
		.Hint(HintForCell(code, c.source, c.target, cell))
		.At(table_, c.source_name);
}

} // namespace alkconv::core
