// Regime: C++ (may throw, never calls Postgres)
//
// What the clocks of a zone show. The rules come from the target's server (pg/time_zone.cpp) once a run, so that threads which must not call it
// can turn instants into wall times and back. Seconds are counted since 2000-01-01 00:00:00, of UTC for instants, of the zone for wall times.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace alkconv::core {

// What becomes of a wall time that never was (clocks were set forward) or was twice (they were set back).
enum class ClockChange : uint8_t {
	refuse,
	first,	// it is read by the clock before the change: of two instants the first
	second, // by the clock after the change: of two instants the second
};

struct ZoneChange {
	int64_t at;		// the first instant of the new offset
	int32_t before; // seconds east of Greenwich
	int32_t after;
};

class Zone {
public:
	// The Gregorian calendar, and with it every rule that is still in force, repeats after 400 years: changes are known until kKnownUntil, and what is
	// later is as so many times 400 years before.
	static constexpr int64_t kCycle = int64_t{146097} * 86400;
	static constexpr int64_t kKnownUntil = int64_t{182622} * 86400; // 2500-01-01

	// One offset for all times.
	Zone(std::string name, int32_t offset);
	// `changes` ascend. Raises Error(unsupported) when two are so close that a wall time could be three instants.
	Zone(std::string name, int32_t first_offset, std::vector<ZoneChange> changes);

	const std::string &name() const noexcept { return name_; }
	bool is_utc() const noexcept { return fixed_ && first_offset_ == 0; }
	// A fixed offset, such as +05:00; a name may have had one offset at all times, too.
	bool is_fixed() const noexcept { return fixed_; }
	int32_t first_offset() const noexcept { return first_offset_; }
	const std::vector<ZoneChange> &changes() const noexcept { return changes_; }

	// Seconds east of Greenwich at an instant; `twice`: its wall time is that of another instant, too.
	int32_t OffsetAt(int64_t instant, bool &twice) const noexcept;
	// The offset by which a wall time is read; `doubtful`: it never was, or was twice, and `choice` decides (refuse: the offset means nothing).
	int32_t OffsetOf(int64_t wall, ClockChange choice, bool &doubtful) const noexcept;

private:
	std::string name_;
	bool fixed_;
	int32_t first_offset_;
	std::vector<ZoneChange> changes_;
	// Where to begin looking: for each span of 2^kSpanBits seconds from the first change on, the number of changes that are behind at its start.
	static constexpr int kSpanBits = 23; // 97 days
	int64_t spans_from_ = 0;
	std::vector<uint32_t> spans_;

	size_t StartAt(int64_t seconds) const noexcept;
};

using ZonePointer = std::shared_ptr<const Zone>;

ZonePointer MakeZone(std::string name, int32_t offset);
ZonePointer MakeZone(std::string name, int32_t first_offset, const ZoneChange *changes, size_t count);

// How a zone is spelled: an offset from -13:59 to +14:00, the words UTC and GMT, or a name of the time zone database. Whether a name exists only the
// server knows; abbreviations that have no such form (EEST+2, POSIX rules) are refused here.
enum class ZoneSpelling : uint8_t { invalid, offset, name };
ZoneSpelling ReadZone(std::string_view text, int32_t &offset) noexcept;

// The argument of the transform wall_time: ZONE, or ZONE and how to choose, with a comma between.
struct WallTimeArgument {
	std::string zone;
	ClockChange choice = ClockChange::refuse;
};
// False for what is none.
bool ParseWallTime(std::string_view text, WallTimeArgument &argument);

// What the source says of its own clock.
struct SourceClock {
	std::string global;			// @@global.time_zone
	std::string system;			// @@system_time_zone: an abbreviation, mostly
	bool system_is_utc = false; // the clock of SYSTEM has been that of UTC for decades
};
// The zone that this names for certain, as ReadZone takes it; empty: none.
std::string ZoneOf(const SourceClock &clock);
// "+05:00", "SYSTEM (EEST)": for messages.
std::string DescribeClock(const SourceClock &clock);

// What wall times mean where no rule says it.
struct WallTimes {
	ZonePointer zone; // null: nobody says
	std::string said; // who says so; without a zone: what the source says of its clock
};

} // namespace alkconv::core
