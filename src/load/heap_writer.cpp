// Regime: Postgres (may longjmp, never throws)
//
// The hot loop of the loader. Per batch: fill slots, apply defaults and constraints, flush, reset the batch context, so that nothing
// grows with the number of rows.
#include "load/heap_writer.hpp"

#include "load/load.hpp"
#include "pg/expression_effect.hpp"
#include "pg/guarded.hpp"
#include "pg/index_entry.hpp"
#include "pg/report.hpp"
#include "pg/secret_error.hpp"

extern "C" {
#include "access/tableam.h"
#include "access/xact.h"
#include "executor/executor.h"
#include "executor/nodeModifyTable.h"
#include "optimizer/optimizer.h"
#include "rewrite/rewriteHandler.h"
#include "utils/snapmgr.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::load {

namespace {
constexpr int kSlots = 1000; // as MAX_BUFFERED_TUPLES of COPY: more gains nothing

struct DefaultColumn {
	int index; // attnum - 1
	ExprState *expression;
};
} // namespace

class HeapWriter {
public:
	Relation heap;
	Relation target;
	const core::TablePlan *plan;
	const Rejecting *rejecting;
	bool secrets; // a column's values are not to be shown
	int columns;  // of the source's SELECT list
	int *index;	  // SELECT list position -> attnum - 1
	pg::DatumColumn *datum;
	pg::ExpressionEffects *effects; // null: no column has an expression
	int defaults;
	DefaultColumn *default_columns;
	bool generated;	  // has stored generated columns
	bool constrained; // has CHECK constraints, or NOT NULL columns that defaults fill
	EState *estate;
	ResultRelInfo *result_relation;
	TupleTableSlot **slots;
	size_t *slot_rows; // of each slot: the row's number in the batch
	int used;
	BulkInsertState bulk;
	CommandId command;
	int options;
	MemoryContext batch_context;
	pg::ConversionPosition position;
	uint64 written;
};

namespace {

// Target columns that the source does not feed get their default, as COPY gives it.
void prepare_defaults(HeapWriter *writer, MemoryContext context, const bool *fed) {
	const TupleDesc descriptor = RelationGetDescr(writer->target);
	writer->default_columns = static_cast<DefaultColumn *>(
		MemoryContextAllocZero(context, sizeof(DefaultColumn) * static_cast<Size>(descriptor->natts)));
	for (int i = 0; i < descriptor->natts; ++i) {
		const Form_pg_attribute attribute = TupleDescAttr(descriptor, i);
		if (fed[i] || attribute->attisdropped || attribute->attgenerated != '\0')
			continue;
		auto *expression = reinterpret_cast<Expr *>(build_column_default(writer->target, i + 1));
		if (expression == nullptr)
			continue;
		expression = expression_planner(expression);
		writer->default_columns[writer->defaults++] = {i, ExecInitExpr(expression, nullptr)};
	}
}

void fill_slot(HeapWriter *writer, TupleTableSlot *slot, const core::RowBatch *batch, size_t row) {
	ExecClearTuple(slot);
	const int natts = slot->tts_tupleDescriptor->natts;
	memset(slot->tts_isnull, true, static_cast<size_t>(natts));
	memset(slot->tts_values, 0, sizeof(Datum) * static_cast<size_t>(natts));
	writer->position.row = row;
	for (int i = 0; i < writer->columns; ++i) {
		const core::Value &value = batch->value(row, static_cast<size_t>(i));
		writer->position.column = i;
		const int target = writer->index[i];
		slot->tts_isnull[target] = pg::make_datum(&writer->datum[i], value, &slot->tts_values[target]);
		pg::note_effect(writer->effects, static_cast<size_t>(i), batch->cell(row, static_cast<size_t>(i)),
						slot->tts_values[target], slot->tts_isnull[target]);
	}
	writer->position.column = -1;
	ExecStoreVirtualTuple(slot);
}

void finish_row(HeapWriter *writer, TupleTableSlot *slot) {
	for (int i = 0; i < writer->defaults; ++i) {
		const DefaultColumn &column = writer->default_columns[i];
		slot->tts_values[column.index] =
			ExecEvalExpr(column.expression, GetPerTupleExprContext(writer->estate), &slot->tts_isnull[column.index]);
	}
	if (writer->generated)
		ExecComputeStoredGenerated(writer->result_relation, writer->estate, slot, CMD_INSERT);
	if (writer->constrained)
		ExecConstraints(writer->result_relation, slot, writer->estate);
}

// For as many rows as there may be until the next flush.
void make_slots(HeapWriter *writer, size_t rows) {
	const MemoryContext caller = MemoryContextSwitchTo(writer->estate->es_query_cxt);
	for (size_t i = 0; i < Min(rows, static_cast<size_t>(kSlots)); ++i)
		if (writer->slots[i] == nullptr)
			writer->slots[i] = table_slot_create(writer->heap, nullptr);
	MemoryContextSwitchTo(caller);
}

struct RowsToFill {
	HeapWriter *writer;
	const core::RowBatch *batch;
	size_t next, end;
};

// Until the end or until the slots are full.
void fill_rows(void *argument) {
	auto *rows = static_cast<RowsToFill *>(argument);
	HeapWriter *writer = rows->writer;
	for (; rows->next < rows->end && writer->used < kSlots; ++rows->next) {
		TupleTableSlot *slot = writer->slots[writer->used];
		fill_slot(writer, slot, rows->batch, rows->next);
		finish_row(writer, slot);
		pg::finish_row(writer->effects);
		writer->slot_rows[writer->used] = rows->next;
		++writer->used;
	}
}

// Values that are not to be shown are in no error.
void fill_rows_guarded(void *argument) {
	auto *rows = static_cast<RowsToFill *>(argument);
	const pg::SecretScope scope = {rows->writer->plan->target_name.c_str(), &rows->writer->position};
	rows->writer->secrets ? pg::run_withholding(&scope, fill_rows, argument) : fill_rows(argument);
}

// What an ERROR has left half made is not used again.
void renew_result_relation(HeapWriter *writer) {
	const MemoryContext caller = MemoryContextSwitchTo(writer->estate->es_query_cxt);
	writer->result_relation = makeNode(ResultRelInfo);
	InitResultRelInfo(writer->result_relation, writer->target, 0, nullptr, 0);
	MemoryContextSwitchTo(caller);
}

// What expressions changed in the rows before those that are filled once more.
uint64 *copy_of_effects(const HeapWriter *writer) {
	if (writer->effects == nullptr)
		return nullptr;
	const Size size = sizeof(uint64) * static_cast<Size>(writer->columns);
	auto *copy = static_cast<uint64 *>(palloc(size));
	memcpy(copy, pg::changed_values(writer->effects), size);
	return copy;
}

void take_back_effects(const HeapWriter *writer, const uint64 *former) {
	if (writer->effects != nullptr)
		memcpy(pg::changed_values(writer->effects), former, sizeof(uint64) * static_cast<Size>(writer->columns));
}

// The same, except that rows which the server refuses are kept out. What defaults of the rows before such a row have written is undone with it, so
// these rows are filled once more. They stand in their slots, whose memory is no subtransaction's.
void fill_good_rows(RowsToFill *rows) {
	HeapWriter *writer = rows->writer;
	const size_t end = rows->end;
	while (rows->next < end && writer->used < kSlots) {
		const size_t first = rows->next;
		const int used = writer->used;
		const uint64 *effects = copy_of_effects(writer);
		const ErrorData *error = pg::run_guarded(fill_rows_guarded, rows);
		if (error == nullptr)
			continue;
		const size_t refused = rows->next;
		log_refusal(writer->rejecting->log, writer->plan, writer->rejecting->number, &writer->position, error);
		renew_result_relation(writer);
		take_back_effects(writer, effects);
		writer->used = used;
		rows->next = first;
		rows->end = refused;
		fill_rows_guarded(rows);
		rows->next = refused + 1;
		rows->end = end;
	}
}

// Rows are stored together. One that does not fit into a page is the one of which the most cannot be moved out of it; any other error is none of
// a row.
void store_error_context(void *argument) {
	auto *writer = static_cast<HeapWriter *>(argument);
	if (geterrcode() != ERRCODE_PROGRAM_LIMIT_EXCEEDED) {
		writer->position.batch = nullptr;
		return;
	}
	Size most = 0;
	for (int i = 0; i < writer->used; ++i) {
		const TupleTableSlot *slot = writer->slots[i];
		const Size bytes = pg::least_row_bytes(slot->tts_tupleDescriptor, slot->tts_values, slot->tts_isnull);
		if (bytes <= most)
			continue;
		most = bytes;
		writer->position.row = writer->slot_rows[i];
	}
	err_generic_string(PG_DIAG_TABLE_NAME, writer->plan->target_name.c_str());
	pg::add_hint(long_row_hint());
}

void flush(HeapWriter *writer) {
	if (writer->used == 0)
		return;
	ErrorContextCallback context;
	context.callback = store_error_context;
	context.arg = writer;
	context.previous = error_context_stack;
	error_context_stack = &context;
	table_multi_insert(writer->heap, writer->slots, writer->used, writer->command, writer->options, writer->bulk);
	error_context_stack = context.previous;
	for (int i = 0; i < writer->used; ++i)
		ExecClearTuple(writer->slots[i]);
	writer->written += static_cast<uint64>(writer->used);
	writer->used = 0;
	ResetPerTupleExprContext(writer->estate);
	MemoryContextReset(writer->batch_context);
}

} // namespace

HeapWriter *open_heap_writer(MemoryContext context, Relation heap, Relation target, const core::TablePlan *plan,
							 const core::RowConverter *converter, const Rejecting *rejecting) {
	const MemoryContext caller = MemoryContextSwitchTo(context);
	auto *writer = static_cast<HeapWriter *>(palloc0(sizeof(HeapWriter)));
	const TupleDesc descriptor = RelationGetDescr(target);
	const int columns = static_cast<int>(plan->columns.size());

	writer->heap = heap;
	writer->target = target;
	writer->plan = plan;
	writer->rejecting = rejecting;
	writer->secrets = core::HasSecrets(*plan);
	writer->columns = columns;
	writer->index = static_cast<int *>(palloc0(sizeof(int) * static_cast<Size>(Max(columns, 1))));
	auto *types = static_cast<Oid *>(palloc0(sizeof(Oid) * static_cast<Size>(Max(columns, 1))));
	auto *typmods = static_cast<int32 *>(palloc0(sizeof(int32) * static_cast<Size>(Max(columns, 1))));
	auto *fed = static_cast<bool *>(palloc0(sizeof(bool) * static_cast<Size>(Max(descriptor->natts, 1))));
	for (int i = 0; i < columns; ++i) {
		const int index = plan->columns[static_cast<size_t>(i)].attnum - 1;
		writer->index[i] = index;
		types[i] = TupleDescAttr(descriptor, index)->atttypid;
		typmods[i] = TupleDescAttr(descriptor, index)->atttypmod;
		fed[index] = true;
		writer->constrained = writer->constrained || !plan->columns[static_cast<size_t>(i)].policy.expression.empty();
	}
	writer->datum = pg::prepare_datum_columns(context, columns, types, typmods);
	pg::prepare_expressions(context, writer->datum, columns, plan, nullptr);
	writer->effects = pg::prepare_expression_effects(context, plan, writer->datum);
	prepare_defaults(writer, context, fed);

	const TupleConstr *constraints = descriptor->constr;
	writer->generated = constraints != nullptr && constraints->has_generated_stored;
	// NOT NULL of fed columns is the converter's business; ExecConstraints is needed where something else decides: a default, an expression
	writer->constrained = constraints != nullptr && (constraints->num_check > 0 || writer->defaults > 0 ||
													 writer->generated || writer->constrained);

	writer->estate = CreateExecutorState();
	writer->result_relation = makeNode(ResultRelInfo);
	InitResultRelInfo(writer->result_relation, target, 0, nullptr, 0);

	writer->slots = static_cast<TupleTableSlot **>(palloc0(sizeof(TupleTableSlot *) * kSlots));
	writer->slot_rows = static_cast<size_t *>(palloc0(sizeof(size_t) * kSlots));
	writer->bulk = GetBulkInsertState();
	writer->command = GetCurrentCommandId(true);
	// The heap is new in this transaction and locked exclusively: rows may be frozen at once and no free space is worth looking for.
	writer->options = TABLE_INSERT_FROZEN | TABLE_INSERT_SKIP_FSM;
	writer->batch_context = AllocSetContextCreate(context, "alkconv batch", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(caller);
	pg::push_conversion_position(&writer->position, converter);
	return writer;
}

void write_batch(HeapWriter *writer, const core::RowBatch *batch) {
	const MemoryContext caller = MemoryContextSwitchTo(writer->batch_context);
	writer->position.batch = batch;
	RowsToFill rows = {writer, batch, 0, batch->rows};
	while (rows.next < batch->rows) {
		make_slots(writer, batch->rows - rows.next);
		writer->rejecting == nullptr ? fill_rows_guarded(&rows) : fill_good_rows(&rows);
		flush(writer); // datums may point into the batch, too: its rows are stored before the caller gives it back
	}
	writer->position.batch = nullptr;
	MemoryContextSwitchTo(caller);
}

void take_changed(const HeapWriter *writer, uint64 *changed) {
	if (writer->effects != nullptr)
		memcpy(changed, pg::changed_values(writer->effects), sizeof(uint64) * static_cast<Size>(writer->columns));
}

uint64 close_heap_writer(HeapWriter *writer) {
	pg::pop_conversion_position(&writer->position);
	for (int i = 0; i < kSlots && writer->slots[i] != nullptr; ++i)
		ExecDropSingleTupleTableSlot(writer->slots[i]);
	FreeBulkInsertState(writer->bulk);
	table_finish_bulk_insert(writer->heap, writer->options);
	FreeExecutorState(writer->estate);
	MemoryContextDelete(writer->batch_context);
	return writer->written;
}

} // namespace alkconv::load
