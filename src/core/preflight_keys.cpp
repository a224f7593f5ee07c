// Regime: C++ (may throw, never calls Postgres)
//
// Uniqueness: what the target's indexes would refuse, and what the source's keys promise more.
#include "core/preflight_keys.hpp"

#include "core/conversion_table.hpp"
#include "core/digest_mysql.hpp"
#include "core/plan_table.hpp"
#include "core/preflight_compare.hpp"
#include "core/preflight_conditions.hpp"
#include "core/preflight_remedy.hpp"
#include "core/preflight_sample.hpp"

#include <algorithm>
#include <utility>

namespace alkconv::core {

namespace {

namespace my = digest::mysql;

// Whether equal texts of the target may be told apart by the source: then its own unique key is no proof.
bool MayJoin(const ColumnPlan &column) noexcept {
	return column.target_type.kind == PgKind::uuid && FamilyOf(column.source_type.kind) != Family::uuid &&
		   column.source_type.kind != MySqlKind::binary;
}

// The work of one AskAboutUniqueness call.
class Asker {
public:
	Asker(const SourceSchema &source, const Plan &plan, const TargetFacts &facts)
		: source_(source), plan_(plan), facts_(facts) {}

	KeyQuestions Ask() {
		for (const TargetKey &key : facts_.keys)
			if (const TablePlan *table = TableOf(plan_, key.table); key.unique && table != nullptr)
				AskDuplicates(key, *table);
		for (const TablePlan &table : plan_.tables)
			NoteWeakerKeys(table);
		return std::move(asked_);
	}

private:
	const SourceSchema &source_;
	const Plan &plan_;
	const TargetFacts &facts_;
	KeyQuestions asked_;

	// A unique key of the source over some of these columns, whole ones, tells apart all rows that the target must tell apart.
	bool IsUniqueInSource(const TablePlan &table, const std::vector<const ColumnPlan *> &columns,
						  bool &by_spelling) const {
		by_spelling = false;
		for (const SourceKey &key : source_.tables[table.source].keys) {
			bool spelling = false;
			const bool covered =
				key.unique && std::all_of(key.parts.begin(), key.parts.end(), [&](const SourceKey::Part &part) {
					const auto column = std::find_if(columns.begin(), columns.end(), [&](const ColumnPlan *c) {
						return part.column && c->source == *part.column;
					});
					if (column == columns.end())
						return false;
					spelling |= MayJoin(**column);
					return !MayJoin(**column) || IgnoresCase((*column)->source_type.collation);
				});
			if (covered) {
				by_spelling = spelling;
				return true;
			}
		}
		return false;
	}

	std::vector<std::string> OtherSpellings(const TablePlan &table,
											const std::vector<const ColumnPlan *> &columns) const {
		std::vector<std::string> conditions;
		for (const ColumnPlan *column : columns)
			if (MayJoin(*column))
				conditions.push_back("EXISTS(SELECT 1 FROM " + FromTable(source_, table) +
									 " AS other WHERE LENGTH(other." + my::Identifier(column->source_name) +
									 ") NOT IN (0,36))");
		return conditions;
	}

	void AskDuplicates(const TargetKey &key, const TablePlan &table) {
		const std::string what = "unique index " + Quoted(key.name) + " of " + Quoted(table.target_name);
		const std::vector<const ColumnPlan *> columns = ColumnsOf(table, key.columns);
		if (key.with_expressions || columns.empty()) {
			asked_.notes.push_back(NotKnown(
				table, "",
				"whether " + what + " finds duplicates, because not all of its parts are columns that are copied."));
			return;
		}
		bool by_spelling = false;
		const bool promised =
			!key.case_insensitive && !key.nulls_not_distinct && IsUniqueInSource(table, columns, by_spelling);
		if (promised && !by_spelling)
			return;
		std::vector<std::string> groups, conditions;
		for (const ColumnPlan *column : columns) {
			const std::string value = Comparable(*column, "", key.case_insensitive && IsText(*column));
			if (value.empty()) {
				asked_.notes.push_back(NotKnown(
					table, NamesOf(columns),
					"whether " + what +
						" finds duplicates, because the target's equality cannot be written in the source's SQL."));
				return;
			}
			// sorting looks at the first bytes of long values only
			groups.push_back(IsText(*column) && column->source_type.length > 255 ? my::Sha256(value) : value);
			if (!key.nulls_not_distinct)
				conditions.push_back(SourceOperand(*column) + " IS NOT NULL");
		}
		if (promised) // other spellings of the same uuid are all that could join
			conditions.push_back("(" + Joined(OtherSpellings(table, columns), " OR ") + ")");
		const bool certain = !key.partial && !key.case_insensitive;
		KeyQuestion question;
		question.finding =
			AboutTable(certain ? Severity::error : Severity::warning, table, NamesOf(columns), "duplicate",
					   "The rows are too many for " + what + (key.partial ? ", if its predicate holds for them" : "") +
						   (key.case_insensitive ? ", if its collation holds them equal" : "") +
						   ". Mend them in the source, or drop the index for the run.");
		const std::string sample = SampleExpression(KeyOf(source_.tables[table.source], table), ShownValues(columns));
		question.query = "SELECT CAST(IFNULL(SUM(n-1),0) AS CHAR),MIN(sample) FROM (SELECT COUNT(*) AS n,MIN(" +
						 sample + ") AS sample FROM " + FromTable(source_, table) +
						 (conditions.empty() ? "" : " WHERE " + Joined(conditions, " AND ")) + " GROUP BY " +
						 Joined(groups, ",") + " HAVING COUNT(*)>1) AS duplicates";
		asked_.questions.push_back(std::move(question));
	}

	// The data always loads; the guarantee is gone afterwards.
	void NoteWeakerKeys(const TablePlan &table) {
		for (const SourceKey &key : source_.tables[table.source].keys) {
			if (!key.unique)
				continue;
			for (const SourceKey::Part &part : key.parts) {
				const auto column = std::find_if(table.columns.begin(), table.columns.end(), [&](const ColumnPlan &c) {
					return part.column && c.source == *part.column;
				});
				if (column == table.columns.end() || !IsTextTarget(column->target_type.kind) ||
					!IgnoresCase(column->source_type.collation))
					continue;
				asked_.notes.push_back(AboutTable(
					Severity::info, table, column->source_name, "weaker_unique",
					"Unique key " + Quoted(key.name) + " ignores case in the source (" + column->source_type.collation +
						"), the target does not: after the run it allows values that differ "
						"in case only, and look-ups need the stored "
						"spelling. A unique index on lower(...), citext or a nondeterministic "
						"collation keep what was."));
			}
		}
	}
};

} // namespace

KeyQuestions AskAboutUniqueness(const SourceSchema &source, const Plan &plan, const TargetFacts &facts) {
	return Asker(source, plan, facts).Ask();
}

} // namespace alkconv::core
