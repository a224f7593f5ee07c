// Regime: C++ (may throw, never calls Postgres)
//
// Uniqueness: what the target's indexes would refuse, and what the source's keys promise more.
#include "core/preflight_keys.hpp"

#include "core/conversion_table.hpp"
#include "core/digest_mysql.hpp"
#include "core/keep_one.hpp"
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

// How equalities of both sides compare; only where the source's is the wider one its own unique key is a proof.
enum class Equality : uint8_t {
	wider,	   // what the source tells apart stays apart
	spelling,  // the target takes several spellings of one uuid
	caseless,  // the target ignores case
	unrelated, // different values may become one
};

Equality EqualityOf(const ColumnPlan &column) noexcept {
	const PgKind kind = column.target_type.kind;
	const auto wider_if = [](bool so) { return so ? Equality::wider : Equality::unrelated; };
	if (MakesOthers(column.policy))
		return Equality::unrelated;
	switch (FamilyOf(column.source_type.kind)) {
	case Family::text:
		return kind == PgKind::uuid							   ? Equality::spelling
			   : IsCaseless(column)							   ? Equality::caseless
			   : kind == PgKind::enum_ || kind == PgKind::date ? Equality::wider // of one spelling each
															   : wider_if(IsTextTarget(kind) || kind == PgKind::bytea);
	case Family::binary:
		if (kind == PgKind::uuid && (column.source_type.kind != MySqlKind::binary || column.source_type.length != 16))
			return Equality::spelling;
		return wider_if(IsTextTarget(kind) || kind == PgKind::bytea || kind == PgKind::uuid);
	case Family::enum_:
	case Family::set: return wider_if(IsTextTarget(kind) || kind == PgKind::enum_ || kind == PgKind::text_array);
	case Family::json: return wider_if(IsTextTarget(kind));
	case Family::uuid:
	case Family::inet: return Equality::wider;
	case Family::shape:
	case Family::opaque:
	case Family::unknown: return wider_if(kind == PgKind::bytea);
	default: return wider_if(kind != PgKind::other); // numbers, dates and times: what would be rounded is refused
	}
}

// What the collation leaves out of account and text of the target does not; empty: nothing.
std::string IgnoredBy(const ColumnPlan &column) {
	const std::string &collation = column.source_type.collation;
	const bool pads = column.target_type.kind != PgKind::bpchar && collation.find("_0900_") == std::string::npos &&
					  collation.find("nopad") == std::string::npos;
	std::string blanks = pads ? "blanks at the end" : "";
	if (collation.empty() || collation == "binary")
		return "";
	if (collation.size() > 4 && collation.compare(collation.size() - 4, 4, "_bin") == 0)
		return blanks;
	return (IgnoresCase(collation) ? "case" : "other spellings of a character") + (pads ? " and " + blanks : "");
}

const ColumnPlan *CopyOf(const TablePlan &table, size_t source) noexcept {
	for (const ColumnPlan &column : table.columns)
		if (column.source == source)
			return &column;
	for (const GeneratedColumn &generated : table.generated)
		if (generated.column.source == source)
			return &generated.column;
	return nullptr;
}

// The work of one AskAboutUniqueness call.
class Asker {
public:
	Asker(const SourceSchema &source, const Plan &plan, const TargetFacts &facts, const PreflightScope &scope)
		: source_(source), plan_(plan), facts_(facts), scope_(scope) {}

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
	const PreflightScope &scope_;
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
					const Equality equality = EqualityOf(**column);
					spelling |= equality == Equality::spelling;
					return equality == Equality::wider ||
						   (equality != Equality::unrelated && IgnoresCase((*column)->source_type.collation));
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
			if (EqualityOf(*column) == Equality::spelling)
				conditions.push_back("EXISTS(SELECT 1 FROM " + FromTable(source_, table) +
									 " AS other WHERE LENGTH(other." + my::Identifier(column->source_name) +
									 ") NOT IN (0,36))");
		return conditions;
	}

	// A rule that leaves rows in the source is the DBA's to take: it stands in the remedy, not among the suggestions.
	std::string KeepOneOf(const TargetKey &key, const TablePlan &table) const {
		const std::vector<size_t> identity = source_.tables[table.source].RowIdentity();
		if (key.partial || key.case_insensitive || identity.empty())
			return "";
		std::string order;
		for (const size_t column : identity)
			order += (order.empty() ? "" : ", ") + source_.tables[table.source].columns[column].name;
		return " To keep one of each, and leave the others in the source, where they are counted and listed: " +
			   RuleStatement(scope_.binding, table.source_name, "", "keep_one", KeepOneName(key.name),
							 "of rows that are equal under " + key.name + " the first by (" + order +
								 ") is kept, the others stay behind");
	}

	static std::string WithoutKey(const TargetKey &key, const TablePlan &table) {
		return key.of_constraint ? "do without the constraint: ALTER TABLE " + Quoted(table.target_name) +
									   " DROP CONSTRAINT " + Quoted(key.name) + "."
								 : "do without the index: DROP INDEX " + Quoted(key.name) + ".";
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
			const std::string value = Comparable(*column, source_.mariadb, "", key.case_insensitive && IsText(*column));
			if (value.empty()) {
				asked_.notes.push_back(NotKnown(table, NamesOf(columns),
												"whether " + what +
													" finds duplicates, because what a value equals in the target "
													"cannot be written in the source's SQL."));
				return;
			}
			// sorting looks at the first bytes of long values only
			groups.push_back(IsText(*column) && column->source_type.length > 255 ? my::Sha256(value) : value);
			if (!key.nulls_not_distinct)
				conditions.push_back(value + " IS NOT NULL");
		}
		if (promised) // other spellings of the same uuid are all that could join
			conditions.push_back("(" + Joined(OtherSpellings(table, columns), " OR ") + ")");
		if (!table.source_filter.empty())
			conditions.push_back(table.source_filter);
		const bool certain = !key.partial && !key.case_insensitive;
		KeyQuestion question;
		question.finding =
			AboutTable(certain ? Severity::error : Severity::warning, table, NamesOf(columns), "duplicate",
					   "The rows are too many for " + what + (key.partial ? ", if its predicate holds for them" : "") +
						   (key.case_insensitive ? ", if its collation holds them equal" : "") +
						   ". Mend them in the source, or " + WithoutKey(key, table) + KeepOneOf(key, table));
		const std::string sample = SampleExpression(KeyOf(source_.tables[table.source], table), ShownValues(columns));
		question.query = "SELECT CAST(IFNULL(SUM(n-1),0) AS CHAR),MIN(sample) FROM (SELECT COUNT(*) AS n,MIN(" +
						 sample + ") AS sample FROM " + FromTable(source_, table) +
						 (conditions.empty() ? "" : " WHERE " + Joined(conditions, " AND ")) + " GROUP BY " +
						 Joined(groups, ",") + " HAVING COUNT(*)>1) AS duplicates";
		asked_.questions.push_back(std::move(question));
	}

	static bool ShareColumn(const std::vector<const ColumnPlan *> &columns, const SourceKey &own) {
		return std::any_of(own.parts.begin(), own.parts.end(), [&](const SourceKey::Part &part) {
			return std::any_of(columns.begin(), columns.end(),
							   [&](const ColumnPlan *column) { return part.column && column->source == *part.column; });
		});
	}

	// Whether the target has a unique index that may stand for the source's: one of whose parts nothing is known here, or one over some of the
	// same columns with a predicate, which often says what the part that is not copied did.
	bool HasOtherUnique(const TablePlan &table, const SourceKey &own) const {
		return std::any_of(facts_.keys.begin(), facts_.keys.end(), [&](const TargetKey &key) {
			if (key.table != table.target_oid || !key.unique)
				return false;
			const std::vector<const ColumnPlan *> columns = ColumnsOf(table, key.columns);
			return key.with_expressions || columns.empty() || (key.partial && ShareColumn(columns, own));
		});
	}

	// The data always loads; the guarantee is gone afterwards.
	void NoteWeakerKeys(const TablePlan &table) {
		for (const SourceKey &key : source_.tables[table.source].keys)
			for (const SourceKey::Part &part : key.parts)
				if (key.unique)
					NoteWeakerPart(table, key, part);
	}

	void NoteWeakerPart(const TablePlan &table, const SourceKey &key, const SourceKey::Part &part) {
		const ColumnPlan *column = part.column ? CopyOf(table, *part.column) : nullptr;
		if (column == nullptr) {
			if (table.create || HasOtherUnique(table, key)) // what is created has notes of its own
				return;
			const std::string name = part.column ? source_.tables[table.source].columns[*part.column].name : "";
			asked_.notes.push_back(
				AboutTable(Severity::info, table, name, "weaker_unique",
						   "Unique key " + Quoted(key.name) + " of the source has a part that is not copied, " +
							   (part.column ? "column " + Quoted(name) : "expression " + part.expression) +
							   ", and no unique index of the target stands for it: after the run the target allows "
							   "rows that the source refuses."));
			return;
		}
		const std::string ignored = IgnoredBy(*column);
		if (!IsText(*column) || !IsTextTarget(column->target_type.kind) || ignored.empty())
			return;
		asked_.notes.push_back(AboutTable(
			Severity::info, table, column->source_name, "weaker_unique",
			"Unique key " + Quoted(key.name) + " ignores " + ignored + " in the source (" +
				column->source_type.collation +
				"), the target does not: after the run it allows values that differ in that only, and look-ups need "
				"the stored spelling. A unique index on an expression such as lower(...) or rtrim(...), citext or a "
				"nondeterministic collation keep what was."));
	}
};

} // namespace

KeyQuestions AskAboutUniqueness(const SourceSchema &source, const Plan &plan, const TargetFacts &facts,
								const PreflightScope &scope) {
	return Asker(source, plan, facts, scope).Ask();
}

} // namespace alkconv::core
