// Regime: Postgres (may longjmp, never throws)
//
// The option first, then the source.
#include "fdw/wall_times.hpp"

#include "fdw/options.hpp"
#include "mysql/clock.hpp"
#include "pg/await.hpp"
#include "pg/owned.hpp"
#include "pg/time_zone.hpp"

extern "C" {
#include "foreign/foreign.h"
#include "utils/builtins.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::fdw {

namespace {

constexpr char kSource[] = "source";

bool is_source(const char *option) { return strcmp(option, kSource) == 0; }

// The zone that the clock names, if the server knows it. Only UTC is taken for granted where nobody asked for the source's zone.
void take_zone_of_source(const core::SourceClock *clock, core::WallTimes *wall_times) {
	auto *zone = pg::own_from<std::string>(CurrentMemoryContext, [clock] { return core::ZoneOf(*clock); });
	int32 offset;
	if (core::ReadZone(*zone, offset) == core::ZoneSpelling::offset && offset == 0)
		pg::load_zone("UTC", &wall_times->zone);
}

[[noreturn]] void raise_no_zone(Oid server, const char *clock) {
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the source does not say for certain which time zone it is in: %s", clock),
			 errdetail("Abbreviations stand for several zones."),
			 errhint("ALTER SERVER %s OPTIONS (SET time_zone '...') with a name such as Europe/Sofia, or an offset.",
					 quote_identifier(GetForeignServer(server)->servername))));
	pg_unreachable();
}

} // namespace

core::WallTimes *read_wall_times(MemoryContext context, MemoryContext work, Oid server, mysql::Connection *connection) {
	auto *wall_times = pg::own<core::WallTimes>(context);
	const char *option = get_server_option(server, "time_zone");
	if (option != nullptr && !is_source(option)) {
		pg::load_zone(option, &wall_times->zone);
		pg::edge([&] { wall_times->said = "server option time_zone"; });
		return wall_times;
	}
	auto *clock = pg::own<core::SourceClock>(work);
	pg::await(work, connection, [clock, connection] { *clock = mysql::ReadClock(*connection); });
	pg::edge([&] { wall_times->said = core::DescribeClock(*clock); });
	if (option == nullptr) {
		take_zone_of_source(clock, wall_times);
	} else {
		const auto *zone = pg::own_from<std::string>(work, [clock] { return core::ZoneOf(*clock); });
		if (zone->empty())
			raise_no_zone(server, wall_times->said.c_str());
		pg::load_zone(zone->c_str(), &wall_times->zone);
	}
	if (wall_times->zone != nullptr)
		pg::edge([&] { wall_times->said = "the source's time_zone"; });
	return wall_times;
}

void check_time_zone_option(const char *value) {
	if (is_source(value))
		return;
	auto *zone = pg::own<core::ZonePointer>(CurrentMemoryContext);
	pg::load_zone(value, zone);
}

} // namespace alkconv::fdw
