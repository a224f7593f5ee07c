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
					 const core::SourceTable *source) {
	for (size_t i = 0; i < target->columns.size(); ++i) {
		const core::TargetColumn &column = target->columns[i];
		if (column.sequence_oid == InvalidOid)
			continue;
		bool counts_in_source = false;
		for (size_t j = 0; j < plan->columns.size(); ++j)
			if (plan->columns[j].attnum == column.attnum)
				counts_in_source = source->columns[plan->columns[j].source].auto_increment;
		pg::sql_run(psprintf("SELECT s.last_value + CASE WHEN s.is_called THEN 1 ELSE 0 END, m.highest FROM %s s,"
							 " (SELECT pg_catalog.max(%s) AS highest FROM %s) m",
							 pg::qualified_name(column.sequence_oid), quote_identifier(column.name.c_str()),
							 pg::from_item(target->oid)));
		const int64 next = pg::sql_int(0, 0);
		const char *highest = pg::sql_text(0, 1);
		const auto counter = counts_in_source ? static_cast<int64>(source->auto_increment) : 0;
		const bool ok = (highest == nullptr || next > strtoll(highest, nullptr, 10)) && next >= counter;
		add_check(list, target->name.c_str(), psprintf("sequence of %s", column.name.c_str()),
				  counter > 0 ? psprintf("next value " INT64_FORMAT, counter) : nullptr,
				  psprintf("next value " INT64_FORMAT, next), ok ? Verdict::ok : Verdict::mismatch,
				  highest != nullptr ? psprintf("highest value %s", highest) : nullptr);
	}
}

} // namespace alkconv::verify
