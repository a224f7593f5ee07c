// Regime: Postgres (may longjmp, never throws)
//
// The life of one table's load, top to bottom.
#include "load/load.hpp"

#include "load/copy_writer.hpp"
#include "load/heap_writer.hpp"
#include "pg/await.hpp"
#include "pg/owner.hpp"
#include "pg/report.hpp"
#include "pg/stopwatch.hpp"

extern "C" {
#include "access/table.h"
#include "access/xact.h"
#include "commands/cluster.h"
#include "commands/progress.h"
#include "pgstat.h"
#include "storage/bufmgr.h"
#include "utils/backend_progress.h"
#include "utils/rel.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::load {

namespace {

// For the names and keys in messages; the source converts with its own.
core::RowConverter *own_row_converter(MemoryContext context, const core::TablePlan *plan) {
	// the temporary lives and dies inside the edge, where nothing can jump over it
	return pg::own_from<core::RowConverter>(context, [plan] { return core::MakeRowConverter(*plan); });
}

void start_progress(Oid target, uint64 bytes_total) {
	const int index[] = {PROGRESS_COPY_COMMAND, PROGRESS_COPY_TYPE, PROGRESS_COPY_BYTES_TOTAL};
	const int64 value[] = {PROGRESS_COPY_COMMAND_FROM, PROGRESS_COPY_TYPE_CALLBACK, static_cast<int64>(bytes_total)};
	pgstat_progress_start_command(PROGRESS_COMMAND_COPY, target);
	pgstat_progress_update_multi_param(3, index, value);
}

void update_progress(uint64 rows, uint64 bytes) {
	const int index[] = {PROGRESS_COPY_BYTES_PROCESSED, PROGRESS_COPY_TUPLES_PROCESSED};
	const int64 value[] = {static_cast<int64>(bytes), static_cast<int64>(rows)};
	pgstat_progress_update_multi_param(2, index, value);
}

// Moves every batch from the source to the writer. A failed source or an unconvertible row is an ERROR.
void pump(core::BatchSource *source, HeapWriter *writer, const core::TablePlan *plan, const Rejecting *rejecting) {
	uint64 rows = 0;
	for (;;) {
		core::RowBatch *batch = nullptr;
		switch (source->try_next(&batch)) {
		case core::Poll::batch:
			CHECK_FOR_INTERRUPTS();
			log_rejects(rejecting, plan, batch);
			write_batch(writer, batch);
			if (batch->fault.has_value())
				pg::report(*batch->fault);
			rows += batch->rows;
			source->recycle(batch);
			update_progress(rows, source->bytes());
			break;
		case core::Poll::empty:
			pg::wait_readable(source->wait_fd());
			source->acknowledge();
			break;
		case core::Poll::end: return;
		case core::Poll::failed: pg::report(source->error());
		}
	}
}

// A table that this very subtransaction has made, and that has neither rows nor indexes, needs no second heap: nobody else can see it, and an
// ERROR takes it away. Each heap that is not made is one lock less that is held until the end of the transaction, with TOAST three.
bool is_new(Relation target) {
	return target->rd_createSubid == GetCurrentSubTransactionId() && !target->rd_rel->relhasindex &&
		   RelationGetNumberOfBlocks(target) == 0;
}

LoadedTable loaded_table(MemoryContext context, const core::BatchSource *source, const core::TablePlan *plan, Oid heap,
						 uint64 rows, uint64 *changed, double seconds) {
	const size_t rules = core::CountedRules(*plan);
	LoadedTable loaded;
	loaded.plan = plan;
	loaded.heap = heap;
	loaded.rows = rows;
	loaded.bytes = source->bytes();
	loaded.touched = static_cast<uint64 *>(MemoryContextAlloc(context, sizeof(uint64) * Max(rules, size_t{1})));
	for (size_t i = 0; i < rules; ++i)
		loaded.touched[i] = source->touched(i);
	loaded.changed = changed;
	loaded.seconds = seconds;
	return loaded;
}

uint64 *no_changes(MemoryContext context, const core::TablePlan *plan) {
	return static_cast<uint64 *>(
		MemoryContextAllocZero(context, sizeof(uint64) * Max(plan->columns.size(), size_t{1})));
}

} // namespace

LoadedTable load_table(MemoryContext context, core::BatchSource *source, const core::TablePlan *plan,
					   uint64 bytes_total, const Rejecting *rejecting) {
	const instr_time start = pg::start_stopwatch();
	MemoryContext table_context = AllocSetContextCreate(context, "alkconv load", ALLOCSET_DEFAULT_SIZES);
	const auto *converter = own_row_converter(table_context, plan);

	pg::OwnerSwitch owner;
	pg::become_owner(&owner, plan->target_oid);
	Relation target = table_open(plan->target_oid, NoLock);
	const Oid heap_oid = is_new(target)
							 ? plan->target_oid
							 : make_new_heap(plan->target_oid, target->rd_rel->reltablespace, target->rd_rel->relam,
											 target->rd_rel->relpersistence, AccessExclusiveLock);
	Relation heap = table_open(heap_oid, NoLock);

	start_progress(plan->target_oid, bytes_total);
	HeapWriter *writer = open_heap_writer(table_context, heap, target, plan, converter, rejecting);
	pump(source, writer, plan, rejecting);
	uint64 *changed = no_changes(context, plan);
	take_changed(writer, changed);
	const uint64 rows = close_heap_writer(writer);
	pgstat_progress_end_command();
	table_close(heap, NoLock);
	table_close(target, NoLock);
	pg::resume_user(&owner);
	MemoryContextDelete(table_context);
	return loaded_table(context, source, plan, heap_oid, rows, changed, pg::seconds_since(&start));
}

LoadedTable load_table_by_copy(MemoryContext context, core::BatchSource *source, const core::TablePlan *plan,
							   const char *search_path, const Rejecting *rejecting) {
	const instr_time start = pg::start_stopwatch();
	MemoryContext table_context = AllocSetContextCreate(context, "alkconv load", ALLOCSET_DEFAULT_SIZES);
	const auto *converter = own_row_converter(table_context, plan);

	pg::OwnerSwitch owner;
	pg::become_owner_for_triggers(&owner, plan->target_oid, search_path);
	Relation target = table_open(plan->target_oid, NoLock);
	uint64 *changed = no_changes(context, plan);
	const uint64 rows = copy_rows(table_context, target, plan, converter, source, rejecting, changed);
	table_close(target, NoLock);
	pg::resume_user(&owner);
	MemoryContextDelete(table_context);
	return loaded_table(context, source, plan, InvalidOid, rows, changed, pg::seconds_since(&start));
}

} // namespace alkconv::load
