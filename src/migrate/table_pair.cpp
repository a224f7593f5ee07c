// Regime: Postgres (may longjmp, never throws)
//
// From the plan to a pair.
#include "migrate/table_pair.hpp"

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

verify::TablePair pair_of(const Planning *planning, const core::TablePlan *table) {
	verify::TablePair pair = {};
	pair.connection = planning->source->connection();
	pair.source_database = planning->source->schema->database.c_str();
	pair.mariadb = planning->source->schema->mariadb;
	pair.plan = table;
	pair.target = target_of(planning, table);
	return pair;
}

} // namespace alkconv::migrate
