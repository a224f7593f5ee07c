// Regime: C++ (may throw, never calls Postgres)
//
// The source is asked by CONVERT_TZ, which is what its sessions go by.
#include "core/preflight_zones.hpp"

#include "core/digest_mysql.hpp"

#include <algorithm>
#include <utility>

namespace alkconv::core {

namespace {

// Seconds since 2000 of the times in which CONVERT_TZ of every version converts: 1970-01-02 to 2037-12-30.
constexpr int64_t kFrom = -946598400, kUntil = 1199145600;

struct ZoneProbe {
	int64_t instant;
	int32_t offset;
};

std::vector<ZoneProbe> ProbesOf(const Zone &zone) {
	bool twice;
	std::vector<ZoneProbe> probes = {{0, zone.OffsetAt(0, twice)}};
	for (const ZoneChange &change : zone.changes())
		if (change.at > kFrom && change.at < kUntil) {
			probes.push_back({change.at - 1, change.before});
			probes.push_back({change.at, change.after});
		}
	return probes;
}

Finding MakeFinding(std::string remedy) {
	Finding finding;
	finding.severity = Severity::warning;
	finding.check = "zone_tables";
	finding.remedy = std::move(remedy);
	return finding;
}

} // namespace

std::vector<ZonePointer> NamedZones(const Plan &plan) {
	std::vector<ZonePointer> zones;
	for (const TablePlan &table : plan.tables)
		for (const ColumnPlan &column : table.columns) {
			const ZonePointer &zone = column.policy.zone;
			if (zone != nullptr && !zone->is_fixed() &&
				std::none_of(zones.begin(), zones.end(),
							 [&](const ZonePointer &z) { return z->name() == zone->name(); }))
				zones.push_back(zone);
		}
	std::sort(zones.begin(), zones.end(),
			  [](const ZonePointer &a, const ZonePointer &b) { return a->name() < b->name(); });
	return zones;
}

std::string ZoneTablesQuery(const Zone &zone) {
	std::string list;
	for (const ZoneProbe &probe : ProbesOf(zone)) {
		const std::string instant =
			"(TIMESTAMP'2000-01-01 00:00:00'+INTERVAL " + std::to_string(probe.instant) + " SECOND)";
		list += (list.empty() ? "" : ",") + ("CONCAT(" + instant) + ",' UTC ',TIMESTAMPDIFF(SECOND," + instant +
				",CONVERT_TZ(" + instant + ",'+00:00','" + zone.name() + "')))";
	}
	return "SELECT " + list;
}

size_t ColumnsOfZoneTables(const Zone &zone) { return ProbesOf(zone).size(); }

std::optional<Finding> FindingOfZoneTables(const Zone &zone, const std::vector<std::optional<std::string>> &row) {
	const std::vector<ZoneProbe> probes = ProbesOf(zone);
	if (row.size() != probes.size())
		throw Error(Code::source_error, "the source's answer about a time zone has an unexpected form");
	for (size_t i = 0; i < probes.size(); ++i) {
		if (!row[i])
			return MakeFinding(
				"The source does not know time zone " + zone.name() +
				": it has no time zone tables, or others. The run goes by the target's rules, and needs "
				"none of the source's. But no session of the source can have had this zone by that name: "
				"see that it is the one by which the values were written. The tables are made by "
				"mysql_tzinfo_to_sql; an offset such as +02:00 needs none.");
		const size_t blank = row[i]->rfind(' ');
		if (blank == std::string::npos)
			throw Error(Code::source_error, "the source's answer about a time zone has an unexpected form");
		if (row[i]->substr(blank + 1) == std::to_string(probes[i].offset))
			continue;
		Finding finding =
			MakeFinding("The source's tables say of time zone " + zone.name() +
						" something else than the target's, by which the run goes: values that were written at such "
						"times move. Bring both to the same version of the time zone database: mysql_tzinfo_to_sql for "
						"the source, the operating system's or the server's package for Postgres.");
		finding.sampled = true;
		finding.sample_value = row[i]->substr(0, blank) + ": " + row[i]->substr(blank + 1) +
							   " seconds in the source, " + std::to_string(probes[i].offset) + " in the target";
		return finding;
	}
	return std::nullopt;
}

} // namespace alkconv::core
