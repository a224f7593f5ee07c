// Regime: Postgres (may longjmp, never throws)
//
// Counts the values that expressions of rules change: those that the target would not take, or would hold otherwise, without the expression.
// Where a type's input function reads the source's text, a value is unchanged when the type writes it as that text.
#pragma once

#include "core/plan.hpp"
#include "pg/datum.hpp"

namespace alkconv::pg {

// Of all columns of a plan that have an expression.
struct ExpressionEffects;

// Prepares them in `context`; null where no column has an expression. `columns` are those of the plan.
ExpressionEffects *prepare_expression_effects(MemoryContext context, const core::TablePlan *plan,
											  const DatumColumn *columns);
// Looks at what the expression of a column gave for a cell. It counts when the row is finished.
void note_effect(ExpressionEffects *effects, size_t column, const core::Cell &cell, Datum datum, bool null);
void finish_row(ExpressionEffects *effects);
// How many values were changed, a number for each column of the plan; assigning them takes rows back.
uint64 *changed_values(ExpressionEffects *effects);

} // namespace alkconv::pg
