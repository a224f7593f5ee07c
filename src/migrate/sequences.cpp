// Regime: Postgres (may longjmp, never throws)
//
// Next values.
#include "migrate/sequences.hpp"

#include "pg/spi.hpp"

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

// AUTO_INCREMENT of the source table when it counts this column, else 0.
uint64 source_counter(const Planning *planning, const core::TablePlan *table, int16 attnum) {
	const core::SourceTable &source = planning->source->schema->tables[table->source];
	for (size_t i = 0; i < table->columns.size(); ++i)
		if (table->columns[i].attnum == attnum && source.columns[table->columns[i].source].auto_increment)
			return source.auto_increment;
	return 0;
}

} // namespace

void advance_sequences(const Planning *planning, const core::TablePlan *table) {
	const core::TargetTable *target = target_of(planning, table);
	for (size_t i = 0; i < target->columns.size(); ++i) {
		const core::TargetColumn &column = target->columns[i];
		if (column.sequence_oid == InvalidOid)
			continue;
		pg::sql_run(psprintf("SELECT GREATEST(pg_catalog.max(%s)::pg_catalog.numeric + 1, %llu) FROM %s",
							 quote_identifier(column.name.c_str()),
							 static_cast<unsigned long long>(source_counter(planning, table, column.attnum)),
							 pg::from_item(target->oid)));
		const char *least = pg::sql_text(0, 0);
		if (strcmp(least, "0") == 0)
			continue; // no rows and no counter
		// Never back: numbers of rows that the run replaces have been handed out, and may be known elsewhere.
		const char *sequence = pg::qualified_name(column.sequence_oid);
		pg::sql_run(
			psprintf("SELECT last_value + CASE WHEN is_called THEN 1 ELSE 0 END < %s FROM %s", least, sequence));
		if (pg::sql_bool(0, 0))
			pg::sql_run(psprintf("ALTER SEQUENCE %s RESTART WITH %s", sequence, least));
	}
}

} // namespace alkconv::migrate
