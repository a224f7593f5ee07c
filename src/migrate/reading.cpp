// Regime: Postgres (may longjmp, never throws)
//
// From the plan to the statements that the readers run.
#include "migrate/reading.hpp"

#include "migrate/copy_targets.hpp"
#include "mysql/key_ranges.hpp"
#include "mysql/sql.hpp"
#include "pg/await.hpp"

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

// By size among the large ones; the source's estimates do not move the others.
bool loads_before(const Planning *planning, size_t a, size_t b) {
	const uint64 size_a = estimated_bytes(planning, a), size_b = estimated_bytes(planning, b);
	return size_a >= kLargeTable && size_a > size_b;
}

std::vector<std::string> SourceColumns(const core::TablePlan &plan) {
	std::vector<std::string> names;
	for (const core::ColumnPlan &column : plan.columns)
		names.push_back(column.source_name);
	return names;
}

} // namespace

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

mysql::ParallelReader *start_reading(MemoryContext context, const Planning *planning, const size_t *order) {
	mysql::Snapshot *snapshot = planning->source->snapshot;
	const core::Plan *plan = planning->plan;
	const core::SourceSchema *schema = planning->source->schema;
	const bool several = snapshot->size() > 2;
	auto *scans = pg::own<std::vector<mysql::TableScan>>(context);
	pg::await(context, planning->source->connection(), [=] {
		for (size_t i = 0; i < plan->tables.size(); ++i) {
			const core::TablePlan &table = plan->tables[order[i]];
			const core::SourceTable &source = schema->tables[table.source];
			mysql::KeyRanges ranges;
			if (several && source.data_bytes >= kLargeTable)
				ranges = mysql::CutTable(snapshot->connection(), schema->database, source,
										 mysql::ParallelReader::kRangeBytes);
			scans->push_back(
				{&table, mysql::RangeStatements(schema->database, source.name, SourceColumns(table), ranges)});
		}
	});
	return pg::own_from<mysql::ParallelReader>(context, [=] {
		std::vector<mysql::Connection *> connections;
		for (size_t i = snapshot->size() > 1 ? 1 : 0; i < snapshot->size(); ++i)
			connections.push_back(&snapshot->connection(i));
		return mysql::ParallelReader(std::move(connections), std::move(*scans));
	});
}

} // namespace alkconv::migrate
