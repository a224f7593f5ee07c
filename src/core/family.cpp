// Regime: C++ (may throw, never calls Postgres)
//
// The families of MySQL types.
#include "core/conversion_table.hpp"

namespace alkconv::core {

Family FamilyOf(MySqlKind kind) noexcept {
	switch (kind) {
	case MySqlKind::tinyint:
	case MySqlKind::smallint:
	case MySqlKind::mediumint:
	case MySqlKind::int_:
	case MySqlKind::bigint: return Family::integer;
	case MySqlKind::decimal: return Family::decimal;
	case MySqlKind::float_: return Family::float_;
	case MySqlKind::double_: return Family::double_;
	case MySqlKind::bit: return Family::bit;
	case MySqlKind::year: return Family::year;
	case MySqlKind::date: return Family::date;
	case MySqlKind::datetime: return Family::datetime;
	case MySqlKind::timestamp: return Family::timestamp;
	case MySqlKind::time: return Family::time;
	case MySqlKind::char_:
	case MySqlKind::varchar:
	case MySqlKind::text: return Family::text;
	case MySqlKind::binary:
	case MySqlKind::varbinary:
	case MySqlKind::blob: return Family::binary;
	case MySqlKind::enum_: return Family::enum_;
	case MySqlKind::set: return Family::set;
	case MySqlKind::json: return Family::json;
	case MySqlKind::uuid: return Family::uuid;
	case MySqlKind::inet4:
	case MySqlKind::inet6: return Family::inet;
	case MySqlKind::geometry: return Family::shape;
	case MySqlKind::vector: return Family::opaque;
	case MySqlKind::unknown: break;
	}
	return Family::unknown;
}

} // namespace alkconv::core
