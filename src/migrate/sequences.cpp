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

// ALTER SEQUENCE, not setval: a rollback must restore it. After it nextval is as transactional. A sequence whose next value would be beyond its
// end is left used up: the rows are right, and the application hears of it when it wants another.
void advance(const core::TargetTable *target, const core::TargetColumn *column, const char *least) {
	const char *sequence = pg::qualified_name(column->sequence_oid);
	// never back: numbers of rows that the run replaces have been handed out, and may be known elsewhere
	pg::sql_run(psprintf("SELECT s.last_value::pg_catalog.numeric + CASE WHEN s.is_called THEN 1 ELSE 0 END < "
						 "LEAST(%s, q.seqmax::pg_catalog.numeric + 1), %s > q.seqmax, q.seqmax FROM %s s,"
						 " pg_catalog.pg_sequence q WHERE q.seqrelid = %s::pg_catalog.regclass",
						 least, least, sequence, quote_literal_cstr(sequence)));
	if (!pg::sql_bool(0, 0))
		return;
	const bool beyond_end = pg::sql_bool(0, 1);
	const char *last = pg::sql_text(0, 2);
	pg::sql_run(psprintf("ALTER SEQUENCE %s RESTART WITH %s", sequence, beyond_end ? last : least));
	if (!beyond_end)
		return;
	pg::sql_run(psprintf("SELECT pg_catalog.nextval(%s::pg_catalog.regclass)", quote_literal_cstr(sequence)));
	ereport(
		WARNING,
		(errcode(ERRCODE_SEQUENCE_GENERATOR_LIMIT_EXCEEDED),
		 errmsg("the sequence of column \"%s\" of table \"%s\" is used up", column->name.c_str(), target->name.c_str()),
		 errdetail("The next value would be %s, and it ends with %s.", least, last),
		 errhint("Before the application inserts rows, give the column a wider type and the sequence another "
				 "end: ALTER TABLE ... ALTER COLUMN ... TYPE bigint, ALTER SEQUENCE ... NO MAXVALUE.")));
}

} // namespace

void advance_sequences(const Planning *planning, const core::TablePlan *table) {
	const core::TargetTable *target = target_of(planning, table);
	for (size_t i = 0; i < target->columns.size(); ++i) {
		const core::TargetColumn &column = target->columns[i];
		if (column.sequence_oid == InvalidOid)
			continue;
		pg::sql_run_as_owner(target->oid,
							 psprintf("SELECT GREATEST(pg_catalog.max(%s)::pg_catalog.numeric + 1, %llu) FROM %s",
									  quote_identifier(column.name.c_str()),
									  static_cast<unsigned long long>(source_counter(planning, table, column.attnum)),
									  pg::from_item(target->oid)));
		const char *least = pg::sql_text(0, 0);
		if (strcmp(least, "0") == 0)
			continue; // no rows and no counter
		advance(target, &column, least);
	}
}

} // namespace alkconv::migrate
