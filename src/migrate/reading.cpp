// Regime: Postgres (may longjmp, never throws)
//
// From the plan to the statements that the readers run.
#include "migrate/reading.hpp"

#include "core/rejects.hpp"
#include "migrate/copy_targets.hpp"
#include "mysql/key_ranges.hpp"
#include "pg/await.hpp"
#include "pg/toast.hpp"

#include <algorithm>

extern "C" {
#include "access/table.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

// By size among the large ones; the source's estimates do not move the others.
bool loads_before(const Planning *planning, size_t a, size_t b) {
	const uint64 size_a = estimated_bytes(planning, a), size_b = estimated_bytes(planning, b);
	return size_a >= kLargeTable && size_a > size_b;
}

// The tables in their order, and what the readers compress: rows for COPY are written out as text.
std::vector<mysql::TableScan> *make_scans(MemoryContext context, const Planning *planning, const load::LoadPath *paths,
										  const size_t *order) {
	const core::Plan *plan = planning->plan;
	auto *scans = pg::own<std::vector<mysql::TableScan>>(context, plan->tables.size());
	for (size_t i = 0; i < plan->tables.size(); ++i) {
		mysql::TableScan *scan = &(*scans)[i];
		scan->plan = &plan->tables[order[i]];
		scan->rejects_rows = rejects_rows(planning, scan->plan);
		if (paths[order[i]] != load::LoadPath::heap)
			continue;
		Relation target = table_open(scan->plan->target_oid, NoLock);
		pg::choose_compression(target, scan->plan, &scan->compress_above);
		table_close(target, NoLock);
	}
	return scans;
}

// Several for each reader, so that they end at about the same time, but not so small that pauses between them count.
uint64 range_bytes(uint64 table_bytes, size_t readers) {
	constexpr size_t kRangesForEach = 8;
	constexpr uint64 kSmallest = uint64{8} * 1024 * 1024;
	const uint64 largest = Max(mysql::ParallelReader::RangeBytes(readers), kSmallest);
	return Min(Max(table_bytes / (kRangesForEach * readers), kSmallest), largest);
}

// Milliseconds beyond which the way to the source counts for more than its work.
constexpr double kFar = 1;
// Bytes of a row, by the source's statistics, beside which comparing a key with a range's ends costs nothing.
constexpr uint64 kWideRow = 2048;

// Large tables, unless a second reader would only cost: of a near source with narrow rows, one reader keeps the writer busy, and the source compares
// each key with the ends of its range.
bool worth_cutting(const core::SourceTable *table, const Source *source, double round_trip) {
	return table->data_bytes >= kLargeTable && (source->readers_asked || round_trip >= kFar ||
												table->data_bytes / Max(table->row_estimate, uint64{1}) >= kWideRow);
}

// Asks the source where to cut its large tables, if several connections share them.
void write_statements(MemoryContext context, const Planning *planning, std::vector<mysql::TableScan> *scans) {
	const Source *source = planning->source;
	pg::await(context, source->connection(), [=] {
		mysql::Connection &connection = *source->connection();
		const core::SourceSchema &schema = *source->schema;
		const size_t readers = source->snapshot->size() - 1;
		const bool large = std::any_of(schema.tables.begin(), schema.tables.end(),
									   [](const core::SourceTable &table) { return table.data_bytes >= kLargeTable; });
		const double round_trip = readers > 1 && large && !source->readers_asked ? connection.RoundTrip() : 0;
		for (mysql::TableScan &scan : *scans) {
			const core::SourceTable &table = schema.tables[scan.plan->source];
			const bool cut = readers > 1 && worth_cutting(&table, source, round_trip);
			scan.statements = mysql::ScanStatements(connection, schema.database, table, *scan.plan,
													cut ? range_bytes(table.data_bytes, readers) : 0);
		}
	});
}

} // namespace

bool rejects_rows(const Planning *planning, const core::TablePlan *table) {
	return planning->request->on_bad_value == core::OnBadValue::reject &&
		   pg::edge([table] { return core::NamesRows(*table); });
}

uint64 estimated_bytes(const Planning *planning, size_t table) {
	return planning->source->schema->tables[planning->plan->tables[table].source].data_bytes;
}

size_t *load_order(const Planning *planning, const load::LoadPath *paths) {
	const core::Plan *plan = planning->plan;
	size_t copied;
	const size_t *copy = copy_order(plan, paths, &copied);
	auto *order = static_cast<size_t *>(palloc(sizeof(size_t) * (plan->tables.size() + 1)));
	size_t count = 0;
	for (size_t i = 0; i < plan->tables.size(); ++i) {
		if (paths[i] != load::LoadPath::heap)
			continue;
		size_t place = count++;
		for (; place > 0 && loads_before(planning, i, order[place - 1]); --place)
			order[place] = order[place - 1];
		order[place] = i;
	}
	memcpy(order + count, copy, sizeof(size_t) * copied);
	return order;
}

mysql::ParallelReader *start_reading(MemoryContext context, const Planning *planning, const load::LoadPath *paths,
									 const size_t *order) {
	mysql::Snapshot *snapshot = planning->source->snapshot;
	auto *scans = make_scans(context, planning, paths, order);
	write_statements(context, planning, scans);
	const auto use =
		planning->source->readers_asked ? mysql::ParallelReader::Use::all : mysql::ParallelReader::Use::as_needed;
	return pg::own_from<mysql::ParallelReader>(context, [=] {
		std::vector<mysql::Connection *> connections;
		for (size_t i = snapshot->size() > 1 ? 1 : 0; i < snapshot->size(); ++i)
			connections.push_back(&snapshot->connection(i));
		return mysql::ParallelReader(std::move(connections), std::move(*scans), use);
	});
}

} // namespace alkconv::migrate
