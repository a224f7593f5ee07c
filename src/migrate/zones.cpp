// Regime: Postgres (may longjmp, never throws)
//
// From names to zones.
#include "migrate/zones.hpp"

#include "fdw/wall_times.hpp"
#include "pg/owned.hpp"
#include "pg/time_zone.hpp"

#include <algorithm>

namespace alkconv::migrate {
using Names = std::vector<std::string>;
using Zones = std::vector<core::ZonePointer>;
} // namespace alkconv::migrate

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

// C++: a column that holds wall times or instants.
bool HasTimes(const core::SourceSchema &schema) noexcept {
	return std::any_of(schema.tables.begin(), schema.tables.end(), [](const core::SourceTable &table) {
		return std::any_of(table.columns.begin(), table.columns.end(), [](const core::SourceColumn &column) {
			return column.type.kind == core::MySqlKind::timestamp || column.type.kind == core::MySqlKind::datetime;
		});
	});
}

} // namespace

void read_zones(MemoryContext context, const Source *source, core::RuleSet *rules) {
	const auto *names = pg::own_from<Names>(context, [rules] { return rules->ZoneNames(); });
	auto *zones = pg::own_from<Zones>(context, [names] { return Zones(names->size()); });
	for (size_t i = 0; i < names->size(); ++i)
		pg::load_zone((*names)[i].c_str(), &(*zones)[i]);
	const core::WallTimes *wall_times =
		HasTimes(*source->schema) ? fdw::read_wall_times(context, context, source->server, source->connection())
								  : pg::own<core::WallTimes>(context);
	pg::edge([&] { rules->SetZones(*zones, *wall_times); });
}

} // namespace alkconv::migrate
