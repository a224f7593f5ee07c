// Regime: C++ (may throw, never calls Postgres)
//
// Only pairs of types whose renderings keep different values apart: a uuid has several spellings, and so has a number
// in a text.
#include "core/source_unique.hpp"

#include <algorithm>

namespace alkconv::core {

namespace {

bool IsInteger(PgKind kind) noexcept { return kind == PgKind::int2 || kind == PgKind::int4 || kind == PgKind::int8; }

bool IsText(PgKind kind) noexcept { return kind == PgKind::text || kind == PgKind::varchar; }

bool KeepsApart(MySqlKind source, PgKind target) noexcept {
	switch (source) {
	case MySqlKind::tinyint:
	case MySqlKind::smallint:
	case MySqlKind::mediumint:
	case MySqlKind::int_:
	case MySqlKind::bigint: return IsInteger(target) || target == PgKind::numeric;
	case MySqlKind::decimal: return target == PgKind::numeric;
	case MySqlKind::date: return target == PgKind::date;
	case MySqlKind::datetime: return target == PgKind::timestamp;
	case MySqlKind::timestamp: return target == PgKind::timestamptz;
	case MySqlKind::char_:
	case MySqlKind::varchar:
	case MySqlKind::text: return IsText(target);
	case MySqlKind::binary:
	case MySqlKind::varbinary:
	case MySqlKind::blob: return target == PgKind::bytea;
	case MySqlKind::enum_: return target == PgKind::enum_ || IsText(target);
	case MySqlKind::uuid: return target == PgKind::uuid;
	default: return false;
	}
}

// The column of the target with these values, as they are; null: there is none.
const ColumnPlan *HolderOf(const TablePlan &plan, size_t source_column) {
	const auto column = std::find_if(plan.columns.begin(), plan.columns.end(),
									 [=](const ColumnPlan &c) { return c.source == source_column; });
	if (column == plan.columns.end() || !column->source_sql.empty() || column->policy.empty_to_null ||
		!column->policy.transforms.empty() || !column->policy.expression.empty())
		return nullptr;
	return KeepsApart(column->source_type.kind, column->target_type.kind) ? &*column : nullptr;
}

} // namespace

bool IsUniqueInSource(const SourceTable &source, const TablePlan &plan, const std::vector<int16_t> &attnums) {
	return std::any_of(source.keys.begin(), source.keys.end(), [&](const SourceKey &key) {
		return key.unique && !key.without_overlaps && !key.parts.empty() &&
			   std::all_of(key.parts.begin(), key.parts.end(), [&](const SourceKey::Part &part) {
				   const ColumnPlan *column = part.column ? HolderOf(plan, *part.column) : nullptr;
				   return column != nullptr &&
						  std::find(attnums.begin(), attnums.end(), column->attnum) != attnums.end();
			   });
	});
}

} // namespace alkconv::core
