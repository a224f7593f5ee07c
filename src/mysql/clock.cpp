// Regime: C++ (may throw, never calls Postgres)
//
// The two variables, and what SYSTEM has been in winters and summers: "GMT" may be London in January.
#include "mysql/clock.hpp"

#include "core/status.hpp"

namespace alkconv::mysql {

namespace {

// CONVERT_TZ knows SYSTEM and offsets without any time zone tables.
std::string SystemIsUtc() {
	std::string all;
	for (int year = 1980; year <= 2035; year += 5)
		for (const char *day : {"-01-15 12:00:00", "-07-15 12:00:00"}) {
			const std::string instant = "TIMESTAMP'" + std::to_string(year) + day + "'";
			all += (all.empty() ? "" : " AND ") + ("CONVERT_TZ(" + instant) + ",'+00:00','SYSTEM')=" + instant;
		}
	return "CAST(IFNULL(" + all + ",0) AS CHAR)";
}

} // namespace

core::SourceClock ReadClock(Connection &connection) {
	const TextResult answer = connection.Query("SELECT @@global.time_zone, @@system_time_zone, " + SystemIsUtc(),
											   {"its time zone", 3, AnswerRows::one});
	core::SourceClock clock;
	clock.global = answer.Text(0, 0);
	clock.system = answer.Get(0, 1).value_or("");
	clock.system_is_utc = answer.Get(0, 2) == "1";
	return clock;
}

} // namespace alkconv::mysql
