// Regime: Postgres (may longjmp, never throws)
//
// The loop around a reader, with a subtransaction for each batch, and one more for each row that is passed over.
#include "migrate/preflight_rows.hpp"

#include "mysql/reader.hpp"
#include "mysql/sql.hpp"
#include "pg/await.hpp"
#include "pg/guarded.hpp"
#include "pg/owned.hpp"
#include "pg/report.hpp"

extern "C" {
#include "utils/lsyscache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

struct BatchVisit {
	const RowReading *reading;
	MemoryContext row_context;
	Datum *values;
	bool *nulls;
	const core::RowBatch *batch;
	size_t next;
	void (*visit)(void *state, const ConvertedRow *row);
	void *state;
};

void visit_rows(void *argument) {
	auto *batch = static_cast<BatchVisit *>(argument);
	const MemoryContext caller = MemoryContextSwitchTo(batch->row_context);
	for (; batch->next < batch->batch->rows; ++batch->next) {
		for (int i = 0; i < batch->reading->count; ++i)
			batch->nulls[i] =
				pg::make_datum(&batch->reading->columns[i], batch->batch->value(batch->next, static_cast<size_t>(i)),
							   &batch->values[i]);
		const ConvertedRow row = {batch->values, batch->nulls, batch->reading->converter, batch->batch, batch->next};
		batch->visit(batch->state, &row);
		MemoryContextReset(batch->row_context);
	}
	MemoryContextSwitchTo(caller);
}

void visit_batch(BatchVisit *batch) {
	batch->next = 0;
	while (batch->next < batch->batch->rows)
		if (pg::run_guarded(visit_rows, batch) != nullptr)
			++batch->next;
	MemoryContextReset(batch->row_context);
}

} // namespace

bool read_rows(const RowReading *reading, void (*visit)(void *state, const ConvertedRow *row), void *state) {
	MemoryContext context = AllocSetContextCreate(reading->context, "alkconv preflight rows", ALLOCSET_DEFAULT_SIZES);
	const MemoryContext caller = MemoryContextSwitchTo(context);
	BatchVisit batch = {};
	batch.reading = reading;
	batch.row_context = AllocSetContextCreate(context, "alkconv preflight row", ALLOCSET_DEFAULT_SIZES);
	batch.values = static_cast<Datum *>(palloc0(sizeof(Datum) * static_cast<Size>(Max(reading->count, 1))));
	batch.nulls = static_cast<bool *>(palloc0(sizeof(bool) * static_cast<Size>(Max(reading->count, 1))));
	batch.visit = visit;
	batch.state = state;
	auto *reader = pg::own<mysql::Reader>(context, *reading->connection, *reading->sql, *reading->converter);
	core::Poll poll;
	core::RowBatch *read = nullptr;
	bool complete = true;
	while ((poll = reader->try_next(&read)) != core::Poll::end) {
		if (poll == core::Poll::failed)
			pg::report(reader->error());
		if (poll == core::Poll::empty) {
			pg::wait_readable(reader->wait_fd());
			reader->acknowledge();
			continue;
		}
		CHECK_FOR_INTERRUPTS();
		batch.batch = read;
		visit_batch(&batch);
		const bool faulty = read->fault.has_value(); // only without a key by which it could be passed over
		reader->recycle(read);
		if (faulty) {
			complete = false;
			reader->Cancel();
			break;
		}
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	return complete;
}

pg::DatumColumn *datum_columns_of(MemoryContext context, const core::TablePlan *plan,
								  const std::vector<size_t> *positions) {
	const int count = static_cast<int>(positions->size());
	auto *types = static_cast<Oid *>(palloc(sizeof(Oid) * static_cast<Size>(Max(count, 1))));
	auto *typmods = static_cast<int32 *>(palloc(sizeof(int32) * static_cast<Size>(Max(count, 1))));
	for (int i = 0; i < count; ++i) {
		Oid collation;
		get_atttypetypmodcoll(plan->target_oid, plan->columns[(*positions)[static_cast<size_t>(i)]].attnum, &types[i],
							  &typmods[i], &collation);
	}
	pg::DatumColumn *columns = pg::prepare_datum_columns(context, count, types, typmods);
	pg::prepare_expressions(context, columns, count, plan, positions->data());
	return columns;
}

core::RowConverter *converter_of(MemoryContext context, const core::TablePlan *plan) {
	return pg::own_from<core::RowConverter>(context, [plan] {
		core::RowConverter made = core::MakeRowConverter(*plan);
		if (!plan->key.empty())
			made.RejectRows();
		return made;
	});
}

const std::string *quoted_source(MemoryContext context, const Planning *planning, const core::TablePlan *table) {
	return pg::own_from<std::string>(
		context, [=] { return mysql::QualifiedTable(planning->source->schema->database, table->source_name); });
}

} // namespace alkconv::migrate
