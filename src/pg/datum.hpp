// Regime: Postgres (may longjmp, never throws)
//
// Values to Datums: representation only, every decision has been made in core. One DatumColumn per column is prepared before the
// first row (type, typmod, input function), so that nothing is looked up per value.
#pragma once

#include "core/plan.hpp"
#include "pg/postgres.hpp"
#include "pg/value_expression.hpp"

extern "C" {
#include "access/transam.h"
}

namespace alkconv::pg {

// How the values of one column become Datums of its type.
struct DatumColumn {
	Oid type;
	int32 typmod;
	Oid io_parameter;
	FmgrInfo input;	   // of the type
	bool domain;	   // a domain's constraints look at NULLs, too
	void *constraints; // of the domain, found by domain_check at the first value
	MemoryContext context;
	ValueExpression *expression; // of a rule, or null: what makes the Datum of the value, which is text
};

// Prepares the columns in `context`. `types` and `typmods` have one entry per column.
DatumColumn *prepare_datum_columns(MemoryContext context, int columns, const Oid *types, const int32 *typmods);

// Gives the columns of the plan the expressions of their rules, which run with the privileges of their authors. `positions` are theirs in the plan;
// null: they are its columns. Precondition: search_path is pinned, here and in make_datum.
void prepare_expressions(MemoryContext context, DatumColumn *columns, int count, const core::TablePlan *plan,
						 const size_t *positions);

// Where the conversion stands, for the error context: "column c of table t, key (id)=(7)". Push and pop around batches.
struct ConversionPosition {
	const core::RowConverter *converter;
	const core::RowBatch *batch;
	size_t row;
	int column; // -1: the whole row
	ErrorContextCallback callback;
};
void push_conversion_position(ConversionPosition *position, const core::RowConverter *converter);
void pop_conversion_position(ConversionPosition *position);
// Adds table, column, key and value to the error being raised (input functions, CHECK constraints and the like): what the callback does,
// for callers that decide in a callback of their own whether the position is that of the error.
void describe_conversion_position(const ConversionPosition *position);
// 'table "t", key (id)=(7)'; allocated in the current memory context. Precondition: it has a batch.
const char *place_of_row(const ConversionPosition *position);

// Gives a value its Datum; returns true for NULL. Allocates in the current memory context; by-reference Datums may also point into
// the batch, whose room for headers it writes, so they are valid as long as both. May raise whatever the type's input function raises.
bool make_datum(DatumColumn *column, const core::Value &value, Datum *datum);
// Does the Datum of the value point into the batch?
bool lies_in_batch(const core::Value &value);

// A type that was made with the cluster and is owned by its first superuser, arrays of such included: nobody else can
// define casts of it.
inline bool is_built_in(Oid type) { return type < FirstNormalObjectId; }

// A Postgres type as core sees it; a domain as the type below it.
void describe_type(Oid type, int32 typmod, core::TargetType *target);

} // namespace alkconv::pg
