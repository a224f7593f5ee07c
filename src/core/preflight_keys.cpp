// Regime: C++ (may throw, never calls Postgres)
//
// Values are compared as the target will compare what becomes of them: texts by their bytes, uuids without regard to spelling.
#include "core/preflight_keys.hpp"

#include "core/conversion_table.hpp"
#include "core/digest_mysql.hpp"
#include "core/plan_table.hpp"
#include "core/preflight_conditions.hpp"
#include "core/preflight_remedy.hpp"
#include "core/preflight_sample.hpp"

#include <algorithm>
#include <utility>

namespace alkconv::core {

namespace {

namespace my = digest::mysql;

constexpr uint64_t kMaxBtreeEntry = 2704; // BTMaxItemSize of pages of 8 kB
constexpr uint64_t kEntryHeader = 8, kValueHeader = 4;

std::string Joined(const std::vector<std::string> &parts, const char *separator) {
	std::string text;
	for (const std::string &part : parts)
		text += (text.empty() ? "" : separator) + part;
	return text;
}

bool IsText(const ColumnPlan &column) noexcept { return FamilyOf(column.source_type.kind) == Family::text; }

bool IsCitext(const TargetType &type) {
	static const std::string kName = "citext";
	const std::string &stored = type.stored();
	return stored.size() >= kName.size() && stored.compare(stored.size() - kName.size(), kName.size(), kName) == 0;
}

// The value so that the source's `=` on it is the target's equality; empty where that cannot be said in SQL.
std::string Comparable(const ColumnPlan &column, const std::string &alias, bool insensitive) {
	const std::string x = SourceOperand(column, alias);
	const SourceType &source = column.source_type;
	const Family family = FamilyOf(source.kind);
	if (insensitive || IsCitext(column.target_type))
		return family == Family::text || family == Family::enum_ ? "LOWER(" + my::Characters(x, source) + ")" : "";
	switch (column.target_type.kind) {
	case PgKind::uuid:
		if (family == Family::text)
			return my::UuidFromText(my::Characters(x, source));
		return family == Family::binary ? my::UuidFromBytes(x) : my::AsChar(x);
	case PgKind::text:
	case PgKind::varchar:
	case PgKind::bpchar:
	case PgKind::name:
	case PgKind::enum_:
	case PgKind::bytea:
		switch (family) {
		case Family::text:
		case Family::enum_:
		case Family::set:
		case Family::binary: return Utf8Bytes(x, source);
		case Family::integer:
		case Family::decimal:
		case Family::date:
		case Family::datetime:
		case Family::timestamp:
		case Family::time:
		case Family::year: return x;
		default: return "";
		}
	default: break;
	}
	switch (family) {
	case Family::bit: return x + "+0";
	case Family::integer:
	case Family::year:
	case Family::decimal:
	case Family::float_:
	case Family::double_:
	case Family::date:
	case Family::datetime:
	case Family::timestamp:
	case Family::time: return x;
	default: return "";
	}
}

const ColumnPlan *ColumnOf(const TablePlan &table, int16_t attnum) noexcept {
	for (const ColumnPlan &column : table.columns)
		if (column.attnum == attnum)
			return &column;
	return nullptr;
}

// The planned columns of attnums; empty when one of them is not copied.
std::vector<const ColumnPlan *> ColumnsOf(const TablePlan &table, const std::vector<int16_t> &attnums) {
	std::vector<const ColumnPlan *> columns;
	for (const int16_t attnum : attnums) {
		const ColumnPlan *column = ColumnOf(table, attnum);
		if (column == nullptr)
			return {};
		columns.push_back(column);
	}
	return columns;
}

const ColumnPlan *ColumnNamed(const TablePlan &table, const std::string &source_name) noexcept {
	for (const ColumnPlan &column : table.columns)
		if (column.source_name == source_name)
			return &column;
	return nullptr;
}

const TablePlan *TableOf(const Plan &plan, uint32_t oid) noexcept {
	for (const TablePlan &table : plan.tables)
		if (table.target_oid == oid && !table.create)
			return &table;
	return nullptr;
}

std::string Names(const std::vector<const ColumnPlan *> &columns) {
	std::vector<std::string> names;
	for (const ColumnPlan *column : columns)
		names.push_back(column->source_name);
	return Joined(names, ", ");
}

// Whether equal texts of the target may be told apart by the source: then its own unique key is no proof.
bool MayJoin(const ColumnPlan &column) noexcept {
	return column.target_type.kind == PgKind::uuid && FamilyOf(column.source_type.kind) != Family::uuid &&
		   column.source_type.kind != MySqlKind::binary;
}

bool IgnoresCase(const std::string &collation) { return collation.find("_ci") != std::string::npos; }

// The work of one AskAboutKeys call.
class Asker {
public:
	Asker(const SourceSchema &source, const Plan &plan, const TargetFacts &facts, const PreflightScope &scope)
		: source_(source), plan_(plan), facts_(facts), scope_(scope) {}

	KeyQuestions Ask() {
		for (const TargetKey &key : facts_.keys)
			if (const TablePlan *table = TableOf(plan_, key.table); key.unique && table != nullptr)
				AskDuplicates(key, *table);
		for (const TargetForeignKey &key : facts_.foreign_keys)
			if (const TablePlan *child = TableOf(plan_, key.child); child != nullptr)
				AskOrphans(ReferenceOf(key, *child));
		for (const TablePlan &table : plan_.tables) {
			if (table.create)
				AskSourceKeys(table);
			NoteWeakerKeys(table);
		}
		return std::move(asked_);
	}

private:
	const SourceSchema &source_;
	const Plan &plan_;
	const TargetFacts &facts_;
	const PreflightScope &scope_;
	KeyQuestions asked_;

	std::string From(const TablePlan &table) const {
		return my::Identifier(source_.database) + "." + my::Identifier(table.source_name);
	}

	static Finding About(Severity severity, const TablePlan &table, const std::string &column, const char *check,
						 std::string remedy) {
		Finding finding;
		finding.severity = severity;
		finding.table = table.source_name;
		finding.column = column;
		finding.check = check;
		finding.remedy = std::move(remedy);
		return finding;
	}

	void Note(const TablePlan &table, const std::string &columns, std::string remedy) {
		asked_.notes.push_back(About(Severity::info, table, columns, "not_checked_ahead", std::move(remedy)));
	}

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

	void AskDuplicates(const TargetKey &key, const TablePlan &table) {
		const std::string what = "unique index " + Quoted(key.name) + " of " + Quoted(table.target_name);
		const std::vector<const ColumnPlan *> columns = ColumnsOf(table, key.columns);
		if (key.with_expressions || columns.empty()) {
			Note(table, "",
				 "Not known before the run: whether " + what +
					 " finds duplicates, because not all of its parts are columns that are copied.");
			return;
		}
		bool by_spelling;
		if (!key.case_insensitive && IsUniqueInSource(table, columns, by_spelling) && !by_spelling)
			return;
		std::vector<std::string> groups, conditions;
		for (const ColumnPlan *column : columns) {
			const std::string value = Comparable(*column, "", key.case_insensitive && IsText(*column));
			if (value.empty()) {
				Note(table, Names(columns),
					 "Not known before the run: whether " + what +
						 " finds duplicates, because the target's equality cannot be written in the source's SQL.");
				return;
			}
			// sorting looks at the first bytes of long values only
			groups.push_back(IsText(*column) && column->source_type.length > 255 ? my::Sha256(value) : value);
			if (!key.nulls_not_distinct)
				conditions.push_back(SourceOperand(*column) + " IS NOT NULL");
		}
		if (!key.case_insensitive && IsUniqueInSource(table, columns, by_spelling) && by_spelling)
			for (const ColumnPlan *column : columns) // other spellings of the same uuid are all that could join
				if (MayJoin(*column))
					conditions.push_back("EXISTS(SELECT 1 FROM " + From(table) + " AS other WHERE LENGTH(other." +
										 my::Identifier(column->source_name) + ") NOT IN (0,36))");
		const bool certain = !key.partial && !key.case_insensitive;
		KeyQuestion question;
		question.finding =
			About(certain ? Severity::error : Severity::warning, table, Names(columns), "duplicate",
				  "The rows are too many for " + what + (key.partial ? ", if its predicate holds for them" : "") +
					  (key.case_insensitive ? ", if its collation holds them equal" : "") +
					  ". Mend them in the source, or drop the index for the run.");
		const std::string sample = SampleExpression(KeyOf(source_.tables[table.source], table), ShownValues(columns));
		question.query = "SELECT CAST(IFNULL(SUM(n-1),0) AS CHAR),MIN(sample) FROM (SELECT COUNT(*) AS n,MIN(" +
						 sample + ") AS sample FROM " + From(table) +
						 (conditions.empty() ? "" : " WHERE " + Joined(conditions, " AND ")) + " GROUP BY " +
						 Joined(groups, ",") + " HAVING COUNT(*)>1) AS duplicates";
		asked_.questions.push_back(std::move(question));
	}

	// Equality as the source sees it, by which it can use its index; empty where the two sides' types do not compare as they stand.
	static std::string Raw(const ColumnPlan &child, const ColumnPlan &parent) {
		const bool same = child.source_type.collation == parent.source_type.collation;
		const std::string left = SourceOperand(child, "c"), right = SourceOperand(parent, "p");
		if (same)
			return right + "=" + left;
		return "CONVERT(" + right + " USING utf8mb4) COLLATE utf8mb4_general_ci=CONVERT(" + left +
			   " USING utf8mb4) COLLATE utf8mb4_general_ci";
	}

	// A foreign key between planned tables; `from` and `to` are empty where not all of its columns are copied, `parent` is null where the parent
	// is not part of the run.
	struct Reference {
		std::string what; // for messages
		const TablePlan &child;
		const TablePlan *parent;
		std::vector<const ColumnPlan *> from, to;
	};

	Reference ReferenceOf(const TargetForeignKey &key, const TablePlan &child) const {
		const TablePlan *parent = TableOf(plan_, key.parent);
		return {"foreign key " + Quoted(key.name) + " to " + Quoted(key.parent_name), child, parent,
				ColumnsOf(child, key.child_columns),
				parent == nullptr ? std::vector<const ColumnPlan *>() : ColumnsOf(*parent, key.parent_columns)};
	}

	// Of a table to be created: it gets the source's foreign keys.
	void AskSourceKeys(const TablePlan &child) {
		const SourceTable &source = source_.tables[child.source];
		for (const SourceForeignKey &key : source.foreign_keys) {
			const auto parent = std::find_if(plan_.tables.begin(), plan_.tables.end(), [&](const TablePlan &table) {
				return table.source_name == key.parent_table && key.parent_database == source_.database;
			});
			Reference reference{"foreign key " + Quoted(key.name) + " to " + Quoted(key.parent_table),
								child,
								parent == plan_.tables.end() ? nullptr : &*parent,
								{},
								{}};
			for (size_t i = 0; i < key.columns.size(); ++i) {
				const ColumnPlan *from = ColumnNamed(child, source.columns[key.columns[i]].name);
				const ColumnPlan *to =
					reference.parent == nullptr ? nullptr : ColumnNamed(*reference.parent, key.parent_columns.at(i));
				if (from == nullptr || to == nullptr) {
					reference.from.clear();
					break;
				}
				reference.from.push_back(from);
				reference.to.push_back(to);
			}
			AskOrphans(reference);
		}
	}

	void AskOrphans(const Reference &reference) {
		const TablePlan &child = reference.child;
		const TablePlan *parent = reference.parent;
		const std::string &what = reference.what;
		const std::vector<const ColumnPlan *> &from = reference.from, &to = reference.to;
		if (from.empty() || to.empty()) {
			Note(child, Names(from),
				 "Not known before the run: whether " + what + " finds orphans, because " +
					 (parent == nullptr ? "the parent is not part of it." : "not all of its columns are copied."));
			return;
		}
		std::vector<std::string> present, exact, fast, raw;
		bool text = false;
		for (size_t i = 0; i < from.size(); ++i) {
			const std::string left = Comparable(*from[i], "c", false), right = Comparable(*to[i], "p", false);
			if (left.empty() || right.empty()) {
				Note(child, Names(from),
					 "Not known before the run: whether " + what +
						 " finds orphans, because the target's equality cannot be written in the source's SQL.");
				return;
			}
			present.push_back(SourceOperand(*from[i], "c") + " IS NOT NULL");
			exact.push_back(right + "=" + left);
			raw.push_back(Raw(*from[i], *to[i]));
			const bool is_text = IsTextTarget(from[i]->target_type.kind) && IsText(*from[i]);
			fast.push_back(is_text ? raw.back() + " AND " + exact.back() : raw.back());
			text |= is_text;
		}
		const auto none = [&](const std::vector<std::string> &conditions) {
			return "NOT EXISTS(SELECT 1 FROM " + From(*parent) + " AS p WHERE " + Joined(conditions, " AND ") + ")";
		};
		// mostly the parent is there, found through its index; only where it is not, the rest is worth its time
		const std::string missed = Joined(present, " AND ") + " AND " + none(fast);
		const std::string lost = missed + " AND " + none(exact);
		const std::string gate = "SELECT EXISTS(SELECT 1 FROM " + From(child) + " AS c WHERE " + missed + ")";
		const std::string sample = SampleExpression(KeyOf(source_.tables[child.source], child), ShownValues(from));
		const auto query = [&](const std::string &condition) {
			return "SELECT CAST(COUNT(*) AS CHAR),MIN(" + sample + ") FROM " + From(child) + " AS c WHERE " + condition;
		};

		KeyQuestion orphans;
		const bool nullable = std::none_of(from.begin(), from.end(), [](const ColumnPlan *c) { return c->not_null; });
		orphans.finding =
			About(Severity::error, child, Names(from), "orphan",
				  "The rows refer to parents that do not exist: " + what +
					  ". Add the parents or delete the rows in the source, or let a rule leave them out.");
		orphans.finding.rule = RuleStatement(scope_.profile, child.source_name, from[0]->source_name, "orphans",
											 nullable ? "null" : "delete");
		orphans.gate = gate;
		orphans.query = query(lost + (text ? " AND " + none(raw) : ""));
		asked_.questions.push_back(std::move(orphans));
		if (!text)
			return;
		KeyQuestion spelling;
		spelling.finding = About(Severity::error, child, Names(from), "parent_spelling",
								 "The values differ from their parent's in case, accents or trailing blanks only, "
								 "which the source's collation "
								 "ignores and " +
									 what + " does not.");
		spelling.finding.rule =
			RuleStatement(scope_.profile, child.source_name, from[0]->source_name, "transform", "parent_spelling");
		spelling.gate = gate;
		spelling.query = query(lost + " AND NOT " + none(raw));
		asked_.questions.push_back(std::move(spelling));
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
				asked_.notes.push_back(About(Severity::info, table, column->source_name, "weaker_unique",
											 "Unique key " + Quoted(key.name) + " ignores case in the source (" +
												 column->source_type.collation +
												 "), the target does not: after the run it allows values that differ "
												 "in case only, and look-ups need the stored "
												 "spelling. A unique index on lower(...), citext or a nondeterministic "
												 "collation keep what was."));
			}
		}
	}
};

uint64_t LongestBytes(const ColumnPlan &column) noexcept {
	const SourceType &type = column.source_type;
	if (FamilyOf(type.kind) == Family::text)
		return type.kind == MySqlKind::text ? type.length : type.length * 4;
	return FamilyOf(type.kind) == Family::binary ? type.length : 32;
}

} // namespace

KeyQuestions AskAboutKeys(const SourceSchema &source, const Plan &plan, const TargetFacts &facts,
						  const PreflightScope &scope) {
	return Asker(source, plan, facts, scope).Ask();
}

void AskAboutEntries(const TablePlan &table, const TargetFacts &facts, TableQuestions &questions) {
	for (const TargetKey &key : facts.keys) {
		const std::vector<const ColumnPlan *> columns = ColumnsOf(table, key.columns);
		if (key.table != table.target_oid || table.create || !key.btree || key.with_expressions || columns.empty())
			continue;
		uint64_t longest = kEntryHeader, fixed = kEntryHeader;
		std::vector<std::string> lengths;
		std::string first;
		for (const ColumnPlan *column : columns) {
			longest += LongestBytes(*column) + kValueHeader;
			const bool varies = IsTextTarget(column->target_type.kind) || column->target_type.kind == PgKind::bytea;
			const Family family = FamilyOf(column->source_type.kind);
			if (varies && (family == Family::text || family == Family::binary)) {
				lengths.push_back("IFNULL(LENGTH(" + Utf8Bytes(SourceOperand(*column), column->source_type) + "),0)");
				fixed += kValueHeader;
				if (first.empty())
					first = column->source_name;
			} else
				fixed += 16;
		}
		if (lengths.empty() || longest <= kMaxBtreeEntry)
			continue;
		ValueQuestion question;
		question.finding.severity = Severity::warning;
		question.finding.table = table.source_name;
		question.finding.column = first;
		question.finding.check = "index_entry_too_long";
		question.finding.remedy =
			"Entries of index " + Quoted(key.name) + " may have " + std::to_string(kMaxBtreeEntry) +
			" bytes after compression; what does not compress to that stops the run. Index a digest or a prefix of "
			"the column instead, or use a hash index.";
		question.condition = Joined(lengths, "+") + ">" + std::to_string(kMaxBtreeEntry - fixed);
		question.sample = ShownValues(columns);
		questions.questions.push_back(std::move(question));
	}
}

} // namespace alkconv::core
