// Regime: Postgres (may longjmp, never throws)
//
// CREATE TABLE statements from the plan.
#include "migrate/create.hpp"

#include "pg/spi.hpp"

extern "C" {
#include "access/xact.h"
#include "lib/stringinfo.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

char *create_statement(const char *schema, const core::TablePlan *table) {
	StringInfoData sql;
	initStringInfo(&sql);
	appendStringInfo(&sql, "CREATE TABLE %s (", quote_qualified_identifier(schema, table->target_name.c_str()));
	for (size_t i = 0; i < table->columns.size(); ++i) {
		const core::ColumnPlan &column = table->columns[i];
		appendStringInfo(&sql, "%s%s %s%s", i == 0 ? "" : ", ", quote_identifier(column.target_name.c_str()),
						 column.target_type.text.c_str(), column.not_null ? " NOT NULL" : "");
	}
	if (!table->primary_key.empty()) {
		appendStringInfoString(&sql, ", PRIMARY KEY (");
		for (size_t i = 0; i < table->primary_key.size(); ++i)
			appendStringInfo(&sql, "%s%s", i == 0 ? "" : ", ",
							 quote_identifier(table->columns[table->primary_key[i]].target_name.c_str()));
		appendStringInfoChar(&sql, ')');
	}
	appendStringInfoChar(&sql, ')');
	return sql.data;
}

} // namespace

void create_tables(const Planning *planning) {
	for (size_t i = 0; i < planning->plan->tables.size(); ++i) {
		const core::TablePlan &table = planning->plan->tables[i];
		if (table.create)
			pg::sql_run(create_statement(planning->target_schema, &table));
	}
	CommandCounterIncrement();
}

} // namespace alkconv::migrate
