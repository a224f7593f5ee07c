// Regime: C++ (may throw, never calls Postgres)
//
// One predicate for each kind of fact.
#include "mysql/fact_sql.hpp"

namespace alkconv::mysql {

using core::FactKind;

std::string FactPredicate(FactKind kind, const core::SourceType &type, const std::string &name) {
	switch (kind) {
	case FactKind::boolean: return name + " IN (0, 1)";
	case FactKind::bigint: return name + " <= 9223372036854775807";
	case FactKind::time_of_day: return name + " BETWEEN TIME'00:00:00' AND TIME'24:00:00'";
	case FactKind::uuid: break;
	}
	if (type.kind == core::MySqlKind::char_)
		// in the one spelling that Postgres gives back; the collation decides whether case counts
		return "CONVERT(" + name +
			   " USING utf8mb4) COLLATE utf8mb4_bin REGEXP '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'";
	// any 16 bytes could be one: a version of 1 to 8 and the variant of RFC 9562 in the right places, or nil, or max
	return "HEX(" + name + ") REGEXP '^([0-9A-F]{12}[1-8][0-9A-F]{3}[89AB][0-9A-F]{15}|0{32}|F{32})$'";
}

} // namespace alkconv::mysql
