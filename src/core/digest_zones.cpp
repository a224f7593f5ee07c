// Regime: C++ (may throw, never calls Postgres)
//
// Spans of a zone's changes as lists for INTERVAL(), which finds a number's place in a list by bisection.
#include "core/digest_zones.hpp"

#include "core/digest_mysql.hpp"
#include "core/digest_postgres.hpp"

#include <algorithm>

namespace alkconv::core::digest {

namespace {

constexpr int64_t kEpoch = 946684800;			 // of 2000-01-01, as TIMESTAMPDIFF counts from 1970
constexpr int64_t kTimestampsUntil = 4298000000; // beyond the last TIMESTAMP of any source, 2106-02-07

constexpr const char *kSeconds = "TIMESTAMPDIFF(SECOND,TIMESTAMP'1970-01-01 00:00:00',";

// Ascending spans of seconds since 1970, and what is to be added within each.
struct Spans {
	std::string bounds, summands;

	void Add(int64_t from, int64_t to, int64_t summand) {
		bounds += "," + std::to_string(from) + "," + std::to_string(to);
		summands += "," + std::to_string(summand) + ",0";
	}
	// The place of `seconds`, from 1: even within a span.
	std::string Place(const std::string &seconds) const {
		return "INTERVAL(" + seconds + ",-99999999999" + bounds + ")";
	}
	std::string Summand(const std::string &seconds) const {
		return bounds.empty() ? "" : "+CAST(ELT(" + Place(seconds) + ",0" + summands + ") AS SIGNED)";
	}
};

std::string Signed(int64_t number) { return (number < 0 ? "-" : "+") + std::to_string(number < 0 ? -number : number); }

// Seconds east of Greenwich of a zone that is an offset: +hh:mm or -hh:mm, or a name for none. Read once more, not as
// the conversion has read it.
int64_t OffsetOf(const Zone &zone) {
	const std::string &name = zone.name();
	if (name[0] != '+' && name[0] != '-')
		return 0;
	const auto digit = [&name](size_t i) { return int64_t{name[i]} - '0'; };
	const int64_t seconds = (digit(1) * 10 + digit(2)) * 3600 + (digit(4) * 10 + digit(5)) * 60;
	return name[0] == '-' ? -seconds : seconds;
}

// Of a DATETIME, which may be later than the changes are known: what is as so many times 400 years before.
std::string KnownSeconds(const std::string &x) {
	const std::string seconds = kSeconds + x + ")", until = std::to_string(Zone::kKnownUntil + kEpoch),
					  cycle = std::to_string(Zone::kCycle);
	return "IF(" + seconds + "<" + until + "," + seconds + "," + seconds + "-((" + seconds + "-" + until + ") DIV " +
		   cycle + "+1)*" + cycle + ")";
}

std::string InZone(const Zone &zone, const std::string &c) {
	return "pg_catalog.timezone(" + postgres::Literal(zone.name()) + "::pg_catalog.text," + c + ")";
}

} // namespace

namespace mysql {

// The instants of a doubled hour show the same wall time, which Postgres reads as the later of the two.
std::string InstantForZone(const std::string &x, const Zone &zone) {
	if (zone.is_fixed())
		return InstantEpoch(x, Signed(OffsetOf(zone)));
	Spans doubled;
	for (const ZoneChange &change : zone.changes()) {
		const int64_t at = change.at + kEpoch, length = int64_t{change.before} - change.after;
		if (length > 0 && at > 0 && at < kTimestampsUntil)
			doubled.Add(at - length, at, length);
	}
	return InstantEpoch(x, doubled.Summand("FLOOR(UNIX_TIMESTAMP(" + x + "))"));
}

// A wall time that never was is stored as an instant that shows another one.
std::string WallTimeForZone(const std::string &x, const Zone &zone, ClockChange choice) {
	if (zone.is_fixed())
		return DateTimeEpoch(x, Signed(-OffsetOf(zone)));
	Spans missing;
	for (const ZoneChange &change : zone.changes()) {
		const int64_t from = change.at + change.before + kEpoch, length = int64_t{change.after} - change.before;
		if (length > 0 && choice != ClockChange::refuse)
			missing.Add(from, from + length, choice == ClockChange::first ? length : -length);
	}
	return DateTimeEpoch(x, missing.Summand(KnownSeconds(x)));
}

std::string IsDoubtful(const std::string &x, const Zone &zone) {
	Spans doubtful;
	for (const ZoneChange &change : zone.changes())
		doubtful.Add(change.at + std::min(change.before, change.after) + kEpoch,
					 change.at + std::max(change.before, change.after) + kEpoch, 0);
	return zone.changes().empty() ? "" : "MOD(" + doubtful.Place(KnownSeconds(x)) + ",2)=0";
}

} // namespace mysql

namespace postgres {

std::string WallTimeInZone(const std::string &c, const Zone &zone) {
	if (zone.is_fixed())
		return TimestampEpoch(c);
	const std::string instant = InZone(zone, c);
	return "CASE WHEN " + InZone(zone, instant) + "=" + c + " THEN " + TimestampEpoch(instant) + " END";
}

std::string InstantInZone(const std::string &c, const Zone &zone, ClockChange choice) {
	if (zone.is_fixed())
		return TimestampEpoch(c);
	static const std::string day = "'24:00:00'::pg_catalog.interval";
	const std::string wall = InZone(zone, c);
	const std::string before = "(" + InZone(zone, c + "-" + day) + "+" + day + ")"; // by the clock of a day ago
	const std::string is_second =
		"(" + before + ">" + wall + " AND " + InZone(zone, c + "-(" + before + "-" + wall + ")") + "=" + wall + ")";
	const std::string is_first = InZone(zone, wall) + "<>" + c;
	const std::string wrong = choice == ClockChange::first	  ? is_second
							  : choice == ClockChange::second ? is_first
															  : is_first + " OR " + is_second;
	return "CASE WHEN NOT pg_catalog.isfinite(" + c + ") THEN " + TimestampEpoch(c) + " WHEN " + wrong +
		   " THEN NULL ELSE " + TimestampEpoch(wall) + " END";
}

} // namespace postgres

} // namespace alkconv::core::digest
