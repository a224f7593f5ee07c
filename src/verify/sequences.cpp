// Regime: Postgres (may longjmp, never throws)
//
// One look per owned sequence.
#include "verify/sequences.hpp"

#include "pg/spi.hpp"

extern "C" {
#include "utils/lsyscache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::verify {

void check_sequences(CheckList *list, const core::TargetTable *target, const core::TablePlan *plan,
					 const core::SourceTable *source, bool made) {
	for (size_t i = 0; i < target->columns.size(); ++i) {
		const core::TargetColumn &column = target->columns[i];
		if (column.sequence_oid == InvalidOid)
			continue;
		bool counts_in_source = false;
		for (size_t j = 0; j < plan->columns.size(); ++j)
			if (plan->columns[j].attnum == column.attnum)
				counts_in_source = source->columns[plan->columns[j].source].auto_increment;
		const uint64 counter = counts_in_source ? source->auto_increment : 0;
		const char *sequence = pg::qualified_name(column.sequence_oid);
		// one that is used up gives no value twice
		pg::sql_run_as_owner(
			target->oid,
			psprintf("SELECT n.next, m.highest, n.used_up, n.used_up OR (n.next > "
					 "COALESCE(m.highest, n.next - 1) AND n.next >= " UINT64_FORMAT " AND (%s OR n.next ="
					 " GREATEST(m.highest + 1, " UINT64_FORMAT ", n.start))) FROM"
					 " (SELECT s.last_value::pg_catalog.numeric + CASE WHEN s.is_called THEN 1 ELSE 0 END AS "
					 "next, s.is_called AND s.last_value = q.seqmax AS used_up, q.seqstart AS start FROM %s s,"
					 " pg_catalog.pg_sequence q WHERE q.seqrelid = %s::pg_catalog.regclass) n,"
					 " (SELECT pg_catalog.max(%s)::pg_catalog.numeric AS highest FROM %s) m",
					 counter, made ? "false" : "true", counter, sequence, quote_literal_cstr(sequence),
					 quote_identifier(column.name.c_str()), pg::from_item(target->oid)));
		const char *highest = pg::sql_text(0, 1);
		add_check(list, target->name.c_str(), psprintf("sequence of %s", column.name.c_str()),
				  counter > 0 ? psprintf("next value " UINT64_FORMAT, counter) : nullptr,
				  pg::sql_bool(0, 2) ? "used up" : psprintf("next value %s", pg::sql_text(0, 0)),
				  pg::sql_bool(0, 3) ? Verdict::ok : Verdict::mismatch,
				  highest != nullptr ? psprintf("highest value %s", highest) : nullptr);
	}
}

} // namespace alkconv::verify
