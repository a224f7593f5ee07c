// Regime: Postgres (may longjmp, never throws)
//
// The value of the expression beside the value that core makes of the same cell without it.
#include "pg/expression_effect.hpp"

#include "core/plain_conversion.hpp"
#include "pg/owned.hpp"

extern "C" {
#include "utils/datum.h"
#include "utils/lsyscache.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::pg {

namespace {

struct Effect {
	core::PlainConversion *plain; // null: the column has no expression
	DatumColumn column;			  // of the same type, without the expression and a domain's constraints
	FmgrInfo output;
	int16 length;
	bool by_value;
	bool changes; // a value of the row at hand
};

Effect make_effect(MemoryContext context, const core::ColumnPlan *plan, const DatumColumn *column) {
	Effect effect = {};
	effect.plain = own_from<core::PlainConversion>(context, [plan] { return core::PlainConversion(*plan); });
	effect.column = *column;
	effect.column.expression = nullptr;
	effect.column.domain = false;
	Oid function;
	bool varlena;
	getTypeOutputInfo(column->type, &function, &varlena);
	fmgr_info_cxt(function, &effect.output, context);
	get_typlenbyval(column->type, &effect.length, &effect.by_value);
	return effect;
}

bool is_written_as(Effect *effect, Datum datum, const core::Value &value) {
	char *text = OutputFunctionCall(&effect->output, datum);
	const bool same = std::string_view(text) == value.text();
	pfree(text);
	return same;
}

bool changes(Effect *effect, const core::Cell &cell, Datum datum, bool null) {
	core::Value value;
	if (!effect->plain->Convert(cell, value))
		return true;
	const bool was_null = value.kind == core::ValueKind::null;
	if (was_null || null)
		return was_null != null;
	if (value.kind == core::ValueKind::input)
		return !is_written_as(effect, datum, value);
	Datum plain;
	(void) make_datum(&effect->column, value, &plain);
	return !datum_image_eq(datum, plain, effect->by_value, effect->length);
}

} // namespace

struct ExpressionEffects {
	size_t columns;
	Effect *effects;
	uint64 *changed;
};

ExpressionEffects *prepare_expression_effects(MemoryContext context, const core::TablePlan *plan,
											  const DatumColumn *columns) {
	const size_t count = plan->columns.size();
	ExpressionEffects *effects = nullptr;
	for (size_t i = 0; i < count; ++i) {
		if (columns[i].expression == nullptr)
			continue;
		if (effects == nullptr) {
			effects = static_cast<ExpressionEffects *>(MemoryContextAllocZero(context, sizeof(ExpressionEffects)));
			effects->columns = count;
			effects->effects = static_cast<Effect *>(MemoryContextAllocZero(context, sizeof(Effect) * count));
			effects->changed = static_cast<uint64 *>(MemoryContextAllocZero(context, sizeof(uint64) * count));
		}
		effects->effects[i] = make_effect(context, &plan->columns[i], &columns[i]);
	}
	return effects;
}

void note_effect(ExpressionEffects *effects, size_t column, const core::Cell &cell, Datum datum, bool null) {
	if (effects != nullptr && effects->effects[column].plain != nullptr)
		effects->effects[column].changes = changes(&effects->effects[column], cell, datum, null);
}

void finish_row(ExpressionEffects *effects) {
	for (size_t i = 0; effects != nullptr && i < effects->columns; ++i)
		effects->changed[i] += effects->effects[i].changes ? 1 : 0;
}

uint64 *changed_values(ExpressionEffects *effects) { return effects->changed; }

} // namespace alkconv::pg
