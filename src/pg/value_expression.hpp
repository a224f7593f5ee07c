// Regime: Postgres (may longjmp, never throws)
//
// SQL expressions of rules: one expression over `value`, the source's value as text, that gives what is stored. It may
// use what ALTER COLUMN ... TYPE ... USING may: no subqueries, aggregates or sets; and nothing volatile, because it is
// computed a second time to prove what was stored.
//
// An expression is the code of the role that wrote it: it is planned and computed as that role, in a restricted operation. What makes a
// column's value of its result belongs to the column and runs as whoever stores or compares it. Neither runs a function of the other's.
#pragma once

#include "pg/postgres.hpp"

namespace alkconv::pg {

struct ValueExpression;

// Raises an ERROR for text that is not one SQL expression; nothing in it is looked up or run.
void check_expression_syntax(const char *text);
// Raises an ERROR for text that is no such expression. Constant parts of it are computed, as `author`.
void check_value_expression(const char *text, Oid author);

// Prepares the expression of `author`, in `context`, for a target of this type. Raises an ERROR also when a target of the server's own types
// takes its result by an explicit cast only.
ValueExpression *prepare_value_expression(MemoryContext context, const char *text, Oid type, int32 typmod, Oid author);

// `value` has `size` bytes; a null pointer is NULL. Returns true for NULL. The result is of the target's type without its domains, whose
// constraints are still to be examined; or a cstring for its input function, where gives_text(). Allocates in the current memory context.
bool evaluate_value_expression(ValueExpression *expression, const char *value, size_t size, Datum *result);

bool gives_text(const ValueExpression *expression);

} // namespace alkconv::pg
