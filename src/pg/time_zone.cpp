// Regime: Postgres (may longjmp, never throws)
//
// A walk along the changes of a zone, which the server's own AT TIME ZONE must confirm.
#include "pg/time_zone.hpp"

#include "pg/boundary.hpp"

extern "C" {
#include "pgtime.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::pg {

namespace {

constexpr int64 kEpoch = (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY;
constexpr pg_time_t kFrom = -INT64CONST(62135596800); // 0001-01-01

struct Changes {
	core::ZoneChange *list;
	size_t count, room;
};

[[noreturn]] void raise_bad_zone(const char *name, const char *detail) {
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("time zone \"%s\" cannot be used", name),
					errdetail("%s", detail),
					errhint("Write UTC, an offset such as +05:00, or the name of a zone such as Europe/Sofia "
							"(pg_timezone_names).")));
	pg_unreachable();
}

void add_change(Changes *changes, int64 at, int32 before, int32 after) {
	if (changes->count == changes->room) {
		changes->room *= 2;
		changes->list =
			static_cast<core::ZoneChange *>(repalloc(changes->list, sizeof(core::ZoneChange) * changes->room));
	}
	changes->list[changes->count++] = {at, before, after};
}

int32 offset_at(pg_time_t instant, const pg_tz *zone) {
	return static_cast<int32>(pg_localtime(&instant, zone)->tm_gmtoff);
}

Changes walk(const pg_tz *zone) {
	Changes changes = {};
	changes.room = 64;
	changes.list = static_cast<core::ZoneChange *>(palloc(sizeof(core::ZoneChange) * changes.room));
	pg_time_t at = kFrom;
	for (;;) {
		pg_time_t boundary;
		long before, after;
		int before_dst, after_dst;
		if (pg_next_dst_boundary(&at, &before, &before_dst, &boundary, &after, &after_dst, zone) != 1 ||
			boundary - kEpoch >= core::Zone::kKnownUntil)
			return changes;
		if (before != after) // else only the name of the time has changed
			add_change(&changes, boundary - kEpoch, static_cast<int32>(before), static_cast<int32>(after));
		at = boundary;
	}
}

// SQL looks a name up among abbreviations first.
bool agrees(text *name, int64 seconds, int32 offset) {
	const Timestamp wall = DatumGetTimestamp(
		DirectFunctionCall2(timestamptz_zone, PointerGetDatum(name), TimestampTzGetDatum(seconds * USECS_PER_SEC)));
	return wall == (seconds + offset) * USECS_PER_SEC;
}

void require_same_in_sql(const char *name, int32 first_offset, const Changes *changes) {
	text *zone = cstring_to_text(name);
	bool same = agrees(zone, kFrom - kEpoch, first_offset);
	for (size_t i = 0; same && i < changes->count; ++i) {
		const core::ZoneChange *change = &changes->list[i];
		same = agrees(zone, change->at - 1, change->before) && agrees(zone, change->at, change->after);
	}
	if (!same)
		raise_bad_zone(name, "SQL takes it for an abbreviation of one fixed offset.");
}

} // namespace

void load_zone(const char *name, core::ZonePointer *zone) {
	int32 offset;
	switch (core::ReadZone(name, offset)) {
	case core::ZoneSpelling::invalid: raise_bad_zone(name, "It is not spelled like a time zone.");
	case core::ZoneSpelling::offset: edge([&] { *zone = core::MakeZone(name, offset); }); return;
	case core::ZoneSpelling::name: break;
	}
	pg_tz *found = pg_tzset(name);
	if (found == nullptr)
		raise_bad_zone(name, "This server does not know it.");
	if (!pg_tz_acceptable(found))
		raise_bad_zone(name, "It counts leap seconds, which timestamps do not.");
	const Changes changes = walk(found);
	const int32 first_offset = offset_at(kFrom, found);
	require_same_in_sql(name, first_offset, &changes);
	edge([&] { *zone = core::MakeZone(name, first_offset, changes.list, changes.count); });
}

} // namespace alkconv::pg
