// Regime: C++ (may throw, never calls Postgres)
//
// Conditions on lengths; each holds for every row that is too long, and for others.
#include "core/preflight_sizes.hpp"

#include "core/conversion_table.hpp"
#include "core/index_entry.hpp"
#include "core/plan_table.hpp"
#include "core/preflight_compare.hpp"
#include "core/preflight_conditions.hpp"
#include "core/preflight_remedy.hpp"
#include "core/sql_literal.hpp"

#include <algorithm>
#include <utility>

namespace alkconv::core {

namespace {

constexpr uint64_t kMaxRow = 8160;		// MaxHeapTupleSize of pages of 8 kB
constexpr uint64_t kRowHeader = 24;		// and a bit for each column
constexpr uint64_t kMostOfVarlena = 24; // what is longer moves out of line
constexpr uint64_t kMostAlignment = 7, kValueHeader = 4, kOfOthers = 16;

bool HasLength(const ColumnPlan &column) noexcept {
	const Family family = FamilyOf(column.source_type.kind);
	const PgKind kind = column.target_type.kind;
	return (family == Family::text || family == Family::binary) &&
		   (IsTextTarget(kind) || kind == PgKind::bytea || kind == PgKind::other);
}

std::string LengthOf(const ColumnPlan &column, uint32_t prefix, bool mariadb) {
	const std::string value = RuledOperand(column, mariadb);
	const std::string part = prefix == 0 ? value : "LEFT(" + value + "," + std::to_string(prefix) + ")";
	return "IFNULL(LENGTH(" + Utf8Bytes(part, column.source_type) + "),0)";
}

// Bytes in a row at most, of what does not move out of it.
uint64_t MostInRow(const ColumnPlan &column) noexcept {
	switch (column.target_type.kind) {
	case PgKind::boolean: return 1;
	case PgKind::int2: return 2 + 1;
	case PgKind::int4:
	case PgKind::float4:
	case PgKind::date:
	case PgKind::enum_: return 4 + 3;
	case PgKind::int8:
	case PgKind::float8:
	case PgKind::time:
	case PgKind::timestamp:
	case PgKind::timestamptz: return 8 + kMostAlignment;
	case PgKind::uuid: return 16;
	case PgKind::interval: return 16 + kMostAlignment;
	case PgKind::name: return 64;
	default: return kMostOfVarlena;
	}
}

// The work of one AskAboutSizes call.
class Asker {
public:
	Asker(const SourceSchema &source, const Plan &plan, const TargetFacts &facts, const RuleSet &rules,
		  const PreflightScope &scope)
		: source_(source), plan_(plan), facts_(facts), rules_(rules), scope_(scope) {}

	std::vector<SizeQuestion> Ask() {
		for (const TargetKey &key : facts_.keys)
			if (const TablePlan *table = TableOf(plan_, key.table);
				table != nullptr && key.btree && !key.with_expressions)
				AskEntries(*table, key);
		for (const TablePlan &table : plan_.tables) {
			for (const SourceKey &key : source_.tables[table.source].keys)
				if (table.create && rules_.FindWith(RuleAction::skip_index, table.source_name, key.name) == nullptr)
					AskNewEntries(table, key);
			AskRows(table);
		}
		return std::move(questions_);
	}

private:
	const SourceSchema &source_;
	const Plan &plan_;
	const TargetFacts &facts_;
	const RuleSet &rules_;
	const PreflightScope &scope_;
	std::vector<SizeQuestion> questions_;

	static bool AreRuledBySql(const TablePlan &table, const std::vector<size_t> &columns) {
		return std::all_of(columns.begin(), columns.end(),
						   [&](size_t column) { return IsRuledBySql(table.columns[column].policy); });
	}

	// The rows of which the lengths are more than `limit` together.
	void Add(SizeQuestion question, uint64_t limit, const char *check, std::string remedy) {
		const TablePlan &table = *question.table;
		if (question.columns.empty() || !AreRuledBySql(table, question.columns))
			return;
		std::vector<std::string> lengths;
		std::vector<const ColumnPlan *> shown;
		uint64_t longest = 0, fixed = 0;
		for (size_t i = 0; i < question.columns.size(); ++i) {
			const ColumnPlan &column = table.columns[question.columns[i]];
			longest += LongestEntryBytes(column, question.prefixes[i]);
			if (!HasLength(column)) {
				fixed += kOfOthers;
				continue;
			}
			lengths.push_back(LengthOf(column, question.prefixes[i], scope_.mariadb));
			shown.push_back(&column);
			fixed += kValueHeader;
		}
		if (lengths.empty() || longest <= limit)
			return;
		question.condition = Joined(lengths, "+") + ">" + std::to_string(limit - std::min(limit, fixed));
		question.finding = AboutTable(Severity::error, table, NamesOf(shown), check, std::move(remedy));
		questions_.push_back(std::move(question));
	}

	void AskEntries(const TablePlan &table, const TargetKey &key) {
		SizeQuestion question;
		question.table = &table;
		question.columns = PositionsOf(table, key.columns);
		question.prefixes.resize(question.columns.size());
		Add(std::move(question), kMaxBtreeEntry - kEntryHeader, "index_entry_too_long",
			"Index " + Quoted(key.name) + " of " + Quoted(table.target_name) + " cannot hold the rows: an entry has " +
				std::to_string(kMaxBtreeEntry) +
				" bytes at most, compressed. Drop the index for the run, and make one afterwards that can, over a "
				"digest or a "
				"prefix of the value; or shorten the values.");
	}

	void AskNewEntries(const TablePlan &table, const SourceKey &key) {
		const bool words = key.type == "FULLTEXT";
		if (!words && key.type != "BTREE" && key.type != "HASH")
			return;
		SizeQuestion question;
		question.kind = words ? SizeQuestion::Kind::words : SizeQuestion::Kind::entry;
		question.table = &table;
		for (const SourceKey::Part &part : key.parts) {
			const size_t position = PositionOf(table, part);
			if (position == table.columns.size())
				return; // an expression, or a column that stays in the source: without it there is no index
			if (!words && part.prefix == 0 && IsHashed(key, table.columns[position]))
				return;
			question.columns.push_back(position);
			question.prefixes.push_back(words ? 0 : part.prefix); // all of its words
		}
		const size_t before = questions_.size();
		if (words)
			Add(std::move(question), kFewWords, "text_search_too_long",
				"Index " + Quoted(key.name) +
					" for text search cannot hold the rows: their words and positions have more than 1 MB. Leave it "
					"out by a "
					"rule, and make one afterwards over the beginning of the text; or shorten the values.");
		else
			Add(std::move(question), kMaxBtreeEntry - kEntryHeader, "index_entry_too_long",
				"Index " + Quoted(key.name) + " cannot hold the rows: an entry has " + std::to_string(kMaxBtreeEntry) +
					" bytes at most, compressed. " + (key.unique ? InsteadOfUnique(key) : kInsteadOfIndex));
		if (questions_.size() > before && !key.unique)
			questions_.back().finding.rule =
				RuleStatement(scope_.binding, table.source_name, "", "skip_index", key.name);
	}

	static constexpr const char *kInsteadOfIndex = "Leave it out by a rule, and make one afterwards that can, over a "
												   "digest or a prefix of the value; or shorten the values.";

	// Leaving it out is for those to say who know what relies on it.
	static std::string InsteadOfUnique(const SourceKey &key) {
		return "Shorten the values. No rule is suggested, because the key is unique: left out (action skip_index, "
			   "argument " +
			   SqlLiteral(key.name) +
			   ") it no longer keeps equal values apart, until you have made a unique index that can, over a digest "
			   "of the value.";
	}

	// As AddKeys makes them: of a digest.
	static bool IsHashed(const SourceKey &key, const ColumnPlan &column) noexcept {
		const MySqlKind kind = column.source_type.kind;
		return key.unique && key.type == "HASH" && (kind == MySqlKind::text || kind == MySqlKind::blob);
	}

	static size_t PositionOf(const TablePlan &table, const SourceKey::Part &part) {
		size_t position = 0;
		while (position < table.columns.size() && table.columns[position].source != part.column)
			++position;
		return position;
	}

	void AskRows(const TablePlan &table) {
		uint64_t most = kRowHeader + table.columns.size() / 8 + kMostAlignment;
		const uint64_t header = most;
		for (const ColumnPlan &column : table.columns)
			most += MostInRow(column);
		SizeQuestion question;
		for (size_t i = 0; i < table.columns.size(); ++i)
			question.columns.push_back(i);
		if (most <= kMaxRow || !AreRuledBySql(table, question.columns))
			return;
		question.kind = SizeQuestion::Kind::row;
		question.table = &table;
		question.prefixes.resize(table.columns.size());
		question.condition = BytesInRow(table) + ">" + std::to_string(kMaxRow - header);
		question.finding = AboutTable(
			Severity::error, table, "", "row_too_long",
			"The rows do not fit into a page: " + std::to_string(kMaxRow) +
				" bytes, of which each value takes 18, or all of a shorter one. Divide the table in the source, or "
				"bring several columns together in one, for instance of type json; or leave the table there by a rule "
				"(action exclude).");
		questions_.push_back(std::move(question));
	}

	std::string BytesInRow(const TablePlan &table) const {
		std::vector<std::string> terms;
		for (const ColumnPlan &column : table.columns) {
			const std::string value = SourceOperand(column), most = std::to_string(MostInRow(column));
			terms.push_back(
				"IF(" + value + " IS NULL,0," +
				(HasLength(column) ? "LEAST(" + most + ",1+" + LengthOf(column, 0, scope_.mariadb) + ")" : most) + ")");
		}
		return Joined(terms, "+");
	}
};

} // namespace

std::vector<SizeQuestion> AskAboutSizes(const SourceSchema &source, const Plan &plan, const TargetFacts &facts,
										const RuleSet &rules, const PreflightScope &scope) {
	return Asker(source, plan, facts, rules, scope).Ask();
}

} // namespace alkconv::core
