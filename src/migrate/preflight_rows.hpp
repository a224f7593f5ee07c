// Regime: Postgres (may longjmp, never throws)
//
// Rows of the source as the target would get them, one after another: for what only the target's server can judge before the run.
#pragma once

#include "core/preflight_rows.hpp"
#include "migrate/planning.hpp"
#include "pg/datum.hpp"

namespace alkconv::migrate {

// Reads a query of the source.
struct RowReading {
	MemoryContext context; // lives as long as the reading
	mysql::Connection *connection;
	const std::string *sql;
	core::RowConverter *converter;
	pg::DatumColumn *columns; // of the first so many columns of the query
	int count;
};

// One row; valid until the visit ends.
struct ConvertedRow {
	const Datum *values;
	const bool *nulls;
	const core::RowConverter *converter;
	const core::RowBatch *batch;
	size_t row;
};

// Visits every row whose values convert, in a memory context that is emptied after each. Rows whose values do not convert, and those at which an
// input function or the visit raises an ERROR about data, are passed over: other checks are about them. Other errors are raised. Returns false
// if the reading ended at a value that does not convert, because no key tells the rows apart.
bool read_rows(const RowReading *reading, void (*visit)(void *state, const ConvertedRow *row), void *state);

// The columns of a table's plan at these positions, prepared for read_rows; their rules' expressions run as their authors.
pg::DatumColumn *datum_columns_of(MemoryContext context, const core::TablePlan *plan,
								  const std::vector<size_t> *positions);

// Reads the columns of a plan; rows that do not convert are passed over, if a key tells the rows apart.
core::RowConverter *converter_of(MemoryContext context, const core::TablePlan *plan);

// The source table, quoted.
const std::string *quoted_source(MemoryContext context, const Planning *planning, const core::TablePlan *table);

} // namespace alkconv::migrate
