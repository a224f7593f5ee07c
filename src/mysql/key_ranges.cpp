// Regime: C++ (may throw, never calls Postgres)
//
// Cutting a table into ranges of a unique key.
//
// The key is divided into segments, at first a single one. In each round the segments that hold too many rows by the
// optimizer's estimate are divided further: their smallest and largest keys are read; between these two, guesses are
// made; the first real key at or after each guess becomes a bound. Then neighbouring segments are merged to ranges.
// Whatever is compared here is compared by the server: its collations are nobody else's business.
#include "mysql/key_ranges.hpp"

#include "mysql/range_candidates.hpp"
#include "mysql/range_sql.hpp"
#include "mysql/sql.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

namespace alkconv::mysql {

namespace {

constexpr uint64_t kMaxRanges = 2000;
// An estimate beyond this is none; sums of estimates stay within 64 bits.
constexpr uint64_t kMostRows = uint64_t{1} << 40;
constexpr size_t kMaxRounds = 12;
// Each reads one row or asks for one estimate, some 30 microseconds.
constexpr size_t kMaxProbes = 30000;
constexpr size_t kMaxCandidates = 256; // of one segment in one round
// Of one statement, which the server must hold in one packet and on one stack.
constexpr size_t kBatchParts = 200, kBatchBytes = size_t{512} * 1024;

struct Key {
	std::string index, table; // quoted
	std::vector<KeyColumn> columns;
	size_t cut_by;	   // the first columns, whose types serve
	size_t max_probes; // fewer where each goes into many partitions
	std::string order, descending_order;
};

struct KeyValue {
	std::string text, literal;
};

struct Segment {
	Bound lower; // the upper bound is that of the next segment
	uint64_t rows;
	size_t level = 0;	 // all columns of the key before this one have a single value here
	bool final = false;	 // cannot be divided
	size_t failures = 0; // rounds that found nothing to divide it by but its largest key
};

// A key that one probe found.
struct Found {
	size_t number; // of the probe
	std::vector<KeyValue> values;
};

// One SELECT; those of one number are answered together, in the order of the key.
struct Part {
	size_t number;
	std::string sql;
};

// Joins parts by UNION ALL into as few statements as their sizes allow, and gives each to `run`.
template <class Run>
void InBatches(const std::vector<Part> &parts, const Run &run) {
	for (size_t i = 0; i < parts.size();) {
		const size_t start = i;
		std::string sql;
		do {
			sql += (i == start ? "(" : " UNION ALL (") + parts[i].sql + ')';
			++i;
		} while (i < parts.size() &&
				 (parts[i].number == parts[i - 1].number || (i < start + kBatchParts && sql.size() < kBatchBytes)));
		run(sql, start);
	}
}

// ORDER BY prefers an alias to a column of the same name.
std::string Alias(size_t column) { return "alkconv_k" + std::to_string(column); }

class Cutter {
public:
	Cutter(Connection &connection, Key key, const core::SourceTable &table, uint64_t wanted)
		: connection_(connection), key_(std::move(key)), wanted_(wanted) {
		segments_.push_back({{}, std::clamp(table.row_estimate, wanted + 1, kMostRows)});
	}

	// Ascending; empty where the table cannot be cut.
	std::vector<Bound> Bounds();

private:
	struct Ends {
		std::vector<KeyValue> first, last;
	};

	bool Refine();
	std::map<size_t, Ends> FindEnds(const std::vector<size_t> &segments);
	std::vector<Part> Probes(Segment &segment, const Ends &ends, size_t number, uint64_t rows_wanted);
	std::vector<Found> Find(const std::vector<Part> &probes);
	void Divide(const std::map<size_t, std::vector<Bound>> &divided);
	void Estimate(const std::vector<size_t> &which);
	bool Ascend(const std::vector<Bound> &bounds);

	std::string From(const std::string &condition) const {
		return " FROM " + key_.table + " FORCE INDEX (" + key_.index + ')' +
			   (condition.empty() ? "" : " WHERE " + condition);
	}
	Part Probe(size_t number, const std::string &condition, const std::string &order) const;
	std::string Condition(size_t i) const {
		return RangeCondition(key_.columns, segments_[i].lower,
							  i + 1 < segments_.size() ? segments_[i + 1].lower : Bound());
	}
	uint64_t Rows() const {
		return std::accumulate(segments_.begin(), segments_.end(), uint64_t{0},
							   [](uint64_t sum, const Segment &segment) { return sum + segment.rows; });
	}

	Connection &connection_;
	const Key key_;
	const uint64_t wanted_;
	std::vector<Segment> segments_;
	Alphabet alphabet_;
	size_t probes_ = 0;
};

std::vector<Bound> Cutter::Bounds() {
	for (size_t round = 0; round < kMaxRounds && Refine(); ++round)
		;
	std::vector<uint64_t> weights;
	for (const Segment &segment : segments_)
		weights.push_back(segment.rows);
	std::vector<Bound> bounds;
	for (const size_t cut : ChooseCuts(weights, wanted_))
		bounds.push_back(segments_[cut].lower);
	// The server found them in this order; that it also compares them so is what all depends on.
	return Ascend(bounds) ? bounds : std::vector<Bound>();
}

// False when there is nothing left to do.
bool Cutter::Refine() {
	const uint64_t rows_wanted = std::max<uint64_t>(1, Rows() / wanted_);
	std::vector<size_t> large;
	for (size_t i = 0; i < segments_.size(); ++i)
		if (!segments_[i].final && segments_[i].rows > rows_wanted)
			large.push_back(i);
	const std::map<size_t, Ends> ends = FindEnds(large);
	std::vector<Part> probes;
	for (const size_t i : large)
		if (const auto found = ends.find(i); found == ends.end())
			segments_[i].final = true; // no visible row
		else
			for (Part &probe : Probes(segments_[i], found->second, i, rows_wanted))
				probes.push_back(std::move(probe));
	probes_ += 2 * large.size() + probes.size();
	if (probes.empty() || probes_ > key_.max_probes)
		return false;

	std::map<size_t, std::vector<Bound>> divided;
	for (const Found &found : Find(probes)) {
		const Segment &segment = segments_[found.number];
		const Ends &known = ends.at(found.number);
		Bound bound;
		for (size_t i = 0; i < segment.level; ++i)
			bound.push_back(known.first[i].literal);
		bound.push_back(found.values[segment.level].literal);
		std::vector<Bound> &bounds = divided[found.number];
		if (!bound.back().empty() && (bounds.empty() || bounds.back() != bound))
			bounds.push_back(std::move(bound));
	}
	for (const size_t i : large)
		if (divided.find(i) == divided.end()) {
			++segments_[i].level; // the column has one value in the whole segment
			segments_[i].failures = 0;
		}
	Divide(divided);
	return true;
}

void Cutter::Divide(const std::map<size_t, std::vector<Bound>> &divided) {
	std::vector<Segment> segments;
	std::vector<size_t> changed;
	for (size_t i = 0; i < segments_.size(); ++i) {
		segments.push_back(std::move(segments_[i]));
		const auto found = divided.find(i);
		if (found == divided.end())
			continue;
		const size_t level = segments.back().level;
		const size_t failures = found->second.size() > 1 ? 0 : segments.back().failures + 1;
		segments.back().failures = failures;
		segments.back().final = found->second.empty(); // keys there are, but none that can be a bound
		changed.push_back(segments.size() - 1);
		for (const Bound &bound : found->second) {
			changed.push_back(segments.size());
			segments.push_back({bound, 1, level, false, failures});
		}
	}
	segments_ = std::move(segments);
	Estimate(changed);
}

// The smallest and the largest key of each segment that has one.
std::map<size_t, Cutter::Ends> Cutter::FindEnds(const std::vector<size_t> &segments) {
	std::vector<Part> probes;
	for (const size_t i : segments) {
		const std::string condition = Condition(i);
		probes.push_back(Probe(2 * i, condition, key_.order));
		probes.push_back(Probe(2 * i + 1, condition, key_.descending_order));
	}
	std::map<size_t, Ends> ends;
	for (Found &found : Find(probes)) {
		Ends &both = ends[found.number / 2];
		for (size_t i = 0; i < key_.cut_by; ++i)
			if (ClassOf(key_.columns[i].type) == KeyClass::text)
				alphabet_.Add(found.values[i].text);
		(found.number % 2 == 0 ? both.first : both.last) = std::move(found.values);
	}
	for (const auto &[segment, both] : ends)
		if (both.first.empty() || both.last.empty())
			throw core::UnexpectedAnswer("the keys of a table", "a range has one end only");
	return ends;
}

// Looks for keys at guesses within one segment, by the first column that has several values in it; final without one.
std::vector<Part> Cutter::Probes(Segment &segment, const Ends &ends, size_t number, uint64_t rows_wanted) {
	const auto literal = [&](const std::vector<KeyValue> &values) { return values.at(segment.level).literal; };
	while (segment.level < key_.cut_by && literal(ends.first) == literal(ends.last))
		++segment.level;
	segment.final = segment.level >= key_.cut_by || literal(ends.last).empty();
	std::string fixed;
	for (size_t i = 0; i < segment.level && !segment.final; ++i) {
		segment.final = ends.first[i].literal.empty();
		fixed += key_.columns[i].name + " = " + ends.first[i].literal + " AND ";
	}
	if (segment.final)
		return {};
	const KeyColumn &column = key_.columns[segment.level];
	// as many as balance needs, but those of one segment go into one statement
	const uint64_t fit = kBatchBytes / (256 + 4 * literal(ends.last).size());
	const uint64_t useful = 2 * (segment.rows / rows_wanted + 1);
	const auto count = static_cast<size_t>(std::clamp<uint64_t>(useful, 4, std::min<uint64_t>(fit, kMaxCandidates)));
	std::vector<std::string> candidates = CandidateExpressions(
		column.type, ends.first[segment.level].text, ends.last[segment.level].text, count, alphabet_, segment.failures);
	// Without an answer to this one, first and last are equal to the server.
	candidates.push_back(literal(ends.last));
	const std::string limits = " AND " + column.name + " <= " + literal(ends.last);
	std::vector<Part> probes;
	for (const std::string &candidate : candidates) {
		// constants: a guess that is no better than the first key costs no read
		const std::string better = literal(ends.first).empty() ? "" : candidate + " > " + literal(ends.first) + " AND ";
		probes.push_back(Probe(number, better + fixed + column.name + " >= " + candidate + limits, key_.order));
	}
	return probes;
}

Part Cutter::Probe(size_t number, const std::string &condition, const std::string &order) const {
	std::string sql = "SELECT " + std::to_string(number) + " AS alkconv_n";
	for (size_t i = 0; i < key_.columns.size(); ++i)
		sql += ", " + key_.columns[i].name + " AS " + Alias(i);
	return {number, sql + From(condition) + " ORDER BY " + order + " LIMIT 1"};
}

// What the probes found, by their numbers, then in the order of the key.
std::vector<Found> Cutter::Find(const std::vector<Part> &probes) {
	std::string values, order = "alkconv_n";
	for (size_t i = 0; i < key_.columns.size(); ++i) {
		const std::string name = Alias(i);
		values += ", " + name + ", HEX(" + name + ')';
		order += ", " + name;
	}
	std::set<size_t> numbers;
	for (const Part &probe : probes)
		numbers.insert(probe.number);
	std::vector<Found> all;
	InBatches(probes, [&](const std::string &sql, size_t) {
		const TextResult result =
			connection_.Query("SELECT alkconv_n" + values + " FROM (" + sql + ") AS probes ORDER BY " + order,
							  {"the keys of a table", 1 + 2 * key_.columns.size(), AnswerRows::any});
		for (size_t n = 0; n < result.rows.size(); ++n) {
			const auto &row = result.rows[n];
			Found &found = all.emplace_back();
			found.number = result.Number(n, 0);
			if (numbers.count(found.number) == 0)
				throw core::UnexpectedAnswer(result.about, "it is about a range that was not asked for");
			for (size_t i = 0; i < key_.columns.size(); ++i) {
				const std::string text = row[1 + 2 * i].value_or(""), hex = row[2 + 2 * i].value_or("");
				found.values.push_back({text, KeyLiteral(key_.columns[i].type, text, hex)});
			}
		}
	});
	return all;
}

void Cutter::Estimate(const std::vector<size_t> &which) {
	std::vector<Part> parts;
	for (const size_t i : which)
		parts.push_back({i, "SELECT 1" + From(Condition(i))});
	probes_ += parts.size();
	InBatches(parts, [&](const std::string &sql, size_t start) {
		// Alone, a SELECT with FORCE INDEX would be planned without looking into the index.
		const TextResult plan = connection_.Query("EXPLAIN FORMAT=TRADITIONAL " + sql + " UNION ALL (SELECT 1)",
												  {"the plan of a query", AnswerShape::kByName, AnswerRows::any});
		for (size_t n = 0; n < plan.rows.size(); ++n) {
			const uint64_t id = plan.NumberOrZero(n, "id"), rows = plan.NumberOrZero(n, "rows");
			if (id > 0 && start + id <= parts.size())
				segments_[which[start + id - 1]].rows = std::clamp<uint64_t>(rows, 1, kMostRows);
		}
	});
}

bool Cutter::Ascend(const std::vector<Bound> &bounds) {
	std::vector<Part> parts;
	for (size_t i = 1; i < bounds.size(); ++i)
		parts.push_back({i, "SELECT " + AscendingExpression(bounds[i - 1], bounds[i]) + " AS ascending"});
	bool all = true;
	InBatches(parts, [&](const std::string &sql, size_t) {
		const TextResult result = connection_.Query("SELECT MIN(ascending) FROM (" + sql + ") AS pairs",
													{"the order of keys", 1, AnswerRows::one});
		all = all && result.Get(0, 0) == "1";
	});
	return all;
}

size_t Count(Connection &connection, const char *view, const std::string &database, const core::SourceTable &table,
			 const std::string &condition) {
	const TextResult result =
		connection.Query(std::string("SELECT COUNT(*) FROM information_schema.") + view +
							 " WHERE TABLE_SCHEMA = " + QuoteLiteral(database) +
							 " AND TABLE_NAME = " + QuoteLiteral(table.name) + " AND " + condition,
						 {"the catalog", 1, AnswerRows::one});
	return result.Number(0, 0);
}

// True for a key that FORCE INDEX does not find.
bool Hidden(Connection &connection, const std::string &database, const core::SourceTable &table,
			const core::SourceKey &key) {
	const bool known = connection.version_number() >= (connection.mariadb() ? 100600u : 80000u);
	return key.name != "PRIMARY" && known &&
		   Count(connection, "STATISTICS", database, table,
				 "INDEX_NAME = " + QuoteLiteral(key.name) +
					 (connection.mariadb() ? " AND IGNORED = 'YES'" : " AND IS_VISIBLE = 'NO'")) > 0;
}

size_t Partitions(Connection &connection, const std::string &database, const core::SourceTable &table) {
	return Count(connection, "PARTITIONS", database, table, "PARTITION_NAME IS NOT NULL");
}

std::string OrderList(const std::vector<KeyColumn> &columns, const char *direction) {
	std::string list;
	for (const KeyColumn &column : columns)
		list += (list.empty() ? "" : ", ") + column.name + direction;
	return list;
}

} // namespace

KeyRanges CutTable(Connection &connection, const std::string &database, const core::SourceTable &table,
				   uint64_t range_bytes) {
	KeyRanges ranges;
	ranges.conditions.emplace_back();
	const uint64_t wanted = std::min(kMaxRanges, table.data_bytes / std::max<uint64_t>(1, range_bytes));
	if (wanted < 2 || table.engine != "InnoDB")
		return ranges;
	for (const core::SourceTable::IdentityKey &identity : table.IdentityKeys()) {
		const core::SourceKey &source = *identity.key;
		Key key{QuoteIdentifier(source.name), QualifiedTable(database, table.name), {}, 0, 0, "", ""};
		for (const size_t position : identity.columns) {
			const core::SourceColumn &column = table.columns[position];
			key.columns.push_back({QuoteIdentifier(column.name), column.type});
			if (key.cut_by + 1 == key.columns.size() && ClassOf(column.type) != KeyClass::none)
				++key.cut_by;
		}
		const bool ascending =
			source.type == "BTREE" && std::none_of(source.parts.begin(), source.parts.end(),
												   [](const core::SourceKey::Part &part) { return part.descending; });
		if (!ascending || key.cut_by == 0 || Hidden(connection, database, table, source))
			continue;
		key.max_probes = kMaxProbes / std::max<size_t>(1, Partitions(connection, database, table));
		key.order = OrderList(key.columns, "");
		key.descending_order = OrderList(key.columns, " DESC");
		const std::vector<KeyColumn> columns = key.columns;
		std::vector<Bound> bounds = Cutter(connection, key, table, wanted).Bounds();
		if (bounds.empty())
			return ranges;
		ranges.conditions.clear();
		bounds.insert(bounds.begin(), Bound());
		for (size_t i = 0; i < bounds.size(); ++i)
			ranges.conditions.push_back(
				RangeCondition(columns, bounds[i], i + 1 < bounds.size() ? bounds[i + 1] : Bound()));
		ranges.order = key.order;
		ranges.index = source.name;
		return ranges;
	}
	return ranges;
}

std::vector<std::string> ScanStatements(Connection &connection, const std::string &database,
										const core::SourceTable &table, const core::TablePlan &plan,
										uint64_t range_bytes) {
	std::vector<std::string> selected;
	for (const core::ColumnPlan &column : plan.columns)
		selected.push_back(column.source_sql.empty() ? QuoteIdentifier(column.source_name) : column.source_sql);
	// each range would look for the duplicates of the whole table again
	const bool whole = std::any_of(plan.key_rules.begin(), plan.key_rules.end(), [](const core::KeyRule &rule) {
		return rule.kind == core::KeyRule::Kind::duplicate;
	});
	KeyRanges ranges;
	if (range_bytes > 0 && !whole)
		ranges = CutTable(connection, database, table, range_bytes);
	return RangeStatements(database, table.name, selected, plan.source_filter, ranges);
}

} // namespace alkconv::mysql
