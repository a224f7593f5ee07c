// Regime: Postgres (may longjmp, never throws)
//
// SQL expressions of rules: one expression over `value`, the source's value as text, that gives what is stored. It may
// use what ALTER COLUMN ... TYPE ... USING may: no subqueries, aggregates or sets; and nothing volatile, because it is
// computed a second time to prove what was stored.
#pragma once

#include "pg/postgres.hpp"

namespace alkconv::pg {

struct ValueExpression;

// Raises an ERROR for text that is no such expression. Precondition: search_path is pinned.
void check_value_expression(const char *text);

// Prepares the expression, in `context`, for a target of this type. It runs with the privileges of `caller`. Raises an
// ERROR also when the target takes its result by an explicit cast only.
ValueExpression *prepare_value_expression(MemoryContext context, const char *text, Oid type, int32 typmod, Oid caller);

// `value` has `size` bytes; a null pointer is NULL. Returns true for NULL. Allocates in the current memory context.
bool evaluate_value_expression(ValueExpression *expression, const char *value, size_t size, Datum *result);

} // namespace alkconv::pg
