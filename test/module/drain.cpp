// Regime: Postgres (may longjmp, never throws)
//
// A source drained as the loader does it: batches, waits, faults, cancel while the source is silent, and the position
// that errors of input functions name.
#include "fake_source.hpp"

#include "core/conversion.hpp"
#include "pg/await.hpp"
#include "pg/datum.hpp"
#include "pg/owned.hpp"
#include "pg/report.hpp"

extern "C" {
#include "catalog/pg_type.h"
}

#include "pg/regime_pg.hpp"

using namespace alkconv;

namespace {

constexpr int kColumns = 4;
constexpr Oid kTypes[kColumns] = {INT8OID, TIMESTAMPOID, JSONBOID, TEXTOID};
constexpr int32 kTypmods[kColumns] = {-1, -1, -1, -1};

core::RowConverter MakeConverter(const core::TargetType *targets) {
	static constexpr const char *kSources[kColumns][3] = {{"id", "bigint", ""},
														  {"createdDate", "datetime(6)", ""},
														  {"doc", "json", ""},
														  {"name", "varchar(30)", "utf8mb4"}};
	static constexpr const char *kTargets[kColumns] = {"id", "created_date", "doc", "name"};
	std::vector<core::ConverterColumn> columns(kColumns);
	for (size_t i = 0; i < kColumns; ++i) {
		columns[i].source_name = kSources[i][0];
		columns[i].target_name = kTargets[i];
		columns[i].source = core::ParseSourceType(kSources[i][1], kSources[i][2], "");
		columns[i].target = targets[i];
		columns[i].conversion = core::ChooseConversion(columns[i].source, columns[i].target, {});
		columns[i].not_null = i == 0;
	}
	return core::RowConverter("generated", std::move(columns), {0});
}

uint64_t rows_or_never(FunctionCallInfo fcinfo, int argument) {
	return PG_ARGISNULL(argument) ? test::FakeScript::kNever : static_cast<uint64_t>(PG_GETARG_INT64(argument));
}

struct Totals {
	uint64_t rows, batches, waits, nulls;
	int64 sum_of_ids;
};

void take_batch(pg::DatumColumn *columns, pg::ConversionPosition *position, const core::RowBatch *batch,
				Totals *totals) {
	position->batch = batch;
	for (position->row = 0; position->row < batch->rows; ++position->row) {
		for (position->column = 0; position->column < kColumns; ++position->column) {
			Datum datum;
			const core::Value &value = batch->value(position->row, static_cast<size_t>(position->column));
			if (pg::make_datum(&columns[position->column], value, &datum))
				++totals->nulls;
			else if (position->column == 0)
				totals->sum_of_ids += DatumGetInt64(datum);
		}
	}
	position->batch = nullptr;
	totals->rows += batch->rows;
	++totals->batches;
}

void drain(core::BatchSource *source, pg::DatumColumn *columns, pg::ConversionPosition *position, Totals *totals) {
	MemoryContext batch_context =
		AllocSetContextCreate(CurrentMemoryContext, "alkconv test batch", ALLOCSET_DEFAULT_SIZES);
	for (;;) {
		core::RowBatch *batch = nullptr;
		MemoryContext before;
		switch (source->try_next(&batch)) {
		case core::Poll::batch:
			before = MemoryContextSwitchTo(batch_context);
			take_batch(columns, position, batch, totals);
			MemoryContextSwitchTo(before);
			MemoryContextReset(batch_context);
			if (batch->fault.has_value())
				pg::report(*batch->fault);
			source->recycle(batch);
			break;
		case core::Poll::empty:
			++totals->waits;
			pg::wait_readable(source->wait_fd());
			source->acknowledge();
			break;
		case core::Poll::end: return;
		case core::Poll::failed: pg::report(source->error());
		}
	}
}

} // namespace

extern "C" {
PG_FUNCTION_INFO_V1(alkconv_test_drain);

// alkconv_test_drain(rows, batch_rows, fail_after, stall_after, pause, odd_row, odd_column, odd_text) text: what came
// out of the fake source with this script. NULLs: never.
Datum alkconv_test_drain(PG_FUNCTION_ARGS) {
	auto *targets = pg::own<std::vector<core::TargetType>>(CurrentMemoryContext, static_cast<size_t>(kColumns));
	for (int i = 0; i < kColumns; ++i)
		pg::describe_type(kTypes[i], kTypmods[i], &(*targets)[static_cast<size_t>(i)]);
	auto *converter =
		pg::own_from<core::RowConverter>(CurrentMemoryContext, [&] { return MakeConverter(targets->data()); });

	auto *script = pg::own<test::FakeScript>(CurrentMemoryContext);
	script->rows = static_cast<uint64_t>(PG_GETARG_INT64(0));
	script->batch_rows = static_cast<uint64_t>(PG_GETARG_INT64(1));
	script->fail_after = rows_or_never(fcinfo, 2);
	script->stall_after = rows_or_never(fcinfo, 3);
	script->pause = static_cast<uint32_t>(PG_GETARG_INT32(4));
	script->odd_row = rows_or_never(fcinfo, 5);
	script->odd_column = static_cast<size_t>(PG_GETARG_INT32(6));
	if (!PG_ARGISNULL(7)) {
		const char *odd = text_to_cstring(PG_GETARG_TEXT_PP(7));
		pg::edge([&] { script->odd_text = odd; });
	}
	auto *source = pg::own<test::FakeSource>(CurrentMemoryContext, *converter, *script);

	pg::ConversionPosition position;
	Totals totals = {};
	pg::DatumColumn *columns = pg::prepare_datum_columns(CurrentMemoryContext, kColumns, kTypes, kTypmods);
	pg::push_conversion_position(&position, converter);
	drain(source, columns, &position, &totals);
	pg::pop_conversion_position(&position);
	PG_RETURN_TEXT_P(cstring_to_text(psprintf(
		"rows %llu, batches %llu, waited %s, nulls %llu, sum of ids %lld", static_cast<unsigned long long>(totals.rows),
		static_cast<unsigned long long>(totals.batches), totals.waits > 0 ? "yes" : "no",
		static_cast<unsigned long long>(totals.nulls), static_cast<long long>(totals.sum_of_ids))));
}
}
