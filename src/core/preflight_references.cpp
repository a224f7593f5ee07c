// Regime: C++ (may throw, never calls Postgres)
//
// Foreign keys: rows without a parent, and rows whose parent only the source's collation finds.
#include "core/preflight_keys.hpp"

#include "core/conversion_table.hpp"
#include "core/digest_mysql.hpp"
#include "core/plan_table.hpp"
#include "core/preflight_compare.hpp"
#include "core/preflight_conditions.hpp"
#include "core/preflight_operand.hpp"
#include "core/preflight_remedy.hpp"
#include "core/preflight_sample.hpp"

#include <algorithm>
#include <utility>

namespace alkconv::core {

namespace {

namespace my = digest::mysql;
using preflight::RangeOf;

constexpr uint64_t kLongestKey = 255;
constexpr uint64_t kParentsForChild = 4; // of which to read the keys takes no longer than to look for the child's

const ColumnPlan *ColumnNamed(const TablePlan &table, const std::string &source_name) noexcept {
	for (const ColumnPlan &column : table.columns)
		if (column.source_name == source_name)
			return &column;
	return nullptr;
}

// The work of one AskAboutReferences call.
class Asker {
public:
	Asker(const SourceSchema &source, const Plan &plan, const TargetFacts &facts, const RuleSet &rules,
		  const PreflightScope &scope)
		: source_(source), plan_(plan), facts_(facts), rules_(rules), scope_(scope) {}

	KeyQuestions Ask() {
		for (const TargetForeignKey &key : facts_.foreign_keys)
			if (const TablePlan *child = TableOf(plan_, key.child);
				child != nullptr && TableOf(plan_, key.parent) != nullptr) // another parent is asked itself
				AskOrphans(ReferenceOf(key, *child));
		for (const TablePlan &table : plan_.tables)
			if (table.create)
				AskSourceKeys(table);
		return std::move(asked_);
	}

private:
	const SourceSchema &source_;
	const Plan &plan_;
	const TargetFacts &facts_;
	const RuleSet &rules_;
	const PreflightScope &scope_;
	KeyQuestions asked_;

	// A foreign key between planned tables; `from` and `to` are empty where not all of its columns are copied, `parent` is null where the parent
	// is not part of the run.
	struct Reference {
		std::string what; // for messages
		const TablePlan &child;
		const TablePlan *parent;
		std::vector<const ColumnPlan *> from, to;
	};

	// Equality as the source sees it, by which it can use its index; empty where the two sides' types do not compare as they stand.
	static std::string Raw(const ColumnPlan &child, const ColumnPlan &parent) {
		const bool same = child.source_type.collation == parent.source_type.collation;
		const std::string left = SourceOperand(child, "c"), right = SourceOperand(parent, "p");
		if (same)
			return right + "=" + left;
		return "CONVERT(" + right + " USING utf8mb4) COLLATE utf8mb4_general_ci=CONVERT(" + left +
			   " USING utf8mb4) COLLATE utf8mb4_general_ci";
	}

	// The source's own foreign key between them, which rules are about.
	bool IsInSource(const Reference &reference) const {
		const SourceTable &child = source_.tables[reference.child.source];
		const auto has = [&](const SourceForeignKey &key, const ColumnPlan *column) {
			return std::find(key.columns.begin(), key.columns.end(), column->source) != key.columns.end();
		};
		return std::any_of(child.foreign_keys.begin(), child.foreign_keys.end(), [&](const SourceForeignKey &key) {
			return key.parent_table == reference.parent->source_name && key.parent_database == source_.database &&
				   key.columns.size() == reference.from.size() &&
				   std::all_of(reference.from.begin(), reference.from.end(),
							   [&](const ColumnPlan *column) { return has(key, column); });
		});
	}

	const Rule *OrphansRule(const Reference &reference) const {
		for (const ColumnPlan *column : reference.from) {
			const Rule *rule = rules_.Find(RuleAction::orphans, reference.child.source_name, column->source_name);
			if (rule != nullptr && (rule->argument == "delete" || !column->not_null))
				return rule;
		}
		return nullptr;
	}

	static bool MaySpell(const ColumnPlan *column) noexcept {
		return column->source_type.kind == MySqlKind::char_ || column->source_type.kind == MySqlKind::varchar;
	}

	// The rule of the last of the columns that need one.
	const Rule *SpellingRule(const Reference &reference) const {
		const Rule *found = nullptr;
		for (const ColumnPlan *column : reference.from) {
			if (!MaySpell(column))
				continue;
			found = nullptr;
			for (const Rule *rule : rules_.Transforms(reference.child.source_name, column->source_name))
				if (ParseTransform(rule->argument).name == TransformName::parent_spelling)
					found = rule;
			if (found == nullptr)
				return nullptr;
		}
		return found;
	}

	const ColumnTies &TiesTo(const Reference &reference, const ColumnPlan *column) const {
		return TiesOfColumn(scope_.ties, reference.child.source_name, column->source_name);
	}

	// Values that the source's unique key tells apart still differ when each is spelled as its parent: both keys compare alike.
	bool StaysUnique(const TablePlan &child, const TargetKey &key) const {
		const std::vector<const ColumnPlan *> columns = ColumnsOf(child, key.columns);
		const std::vector<SourceKey> &keys = source_.tables[child.source].keys;
		return std::any_of(keys.begin(), keys.end(), [&](const SourceKey &own) {
			return own.unique && std::all_of(own.parts.begin(), own.parts.end(), [&](const SourceKey::Part &part) {
					   return part.column && std::any_of(columns.begin(), columns.end(), [&](const ColumnPlan *c) {
								  return c->source == *part.column;
							  });
				   });
		});
	}

	// What another spelling of the column's values could break; empty: nothing.
	std::string TiesToSpelling(const Reference &reference, const ColumnPlan *column) const {
		const std::string &others = TiesTo(reference, column).nulls;
		if (!others.empty() || reference.child.create) // whose unique keys are the source's
			return others;
		for (const TargetKey &key : facts_.keys)
			if (key.unique && key.table == reference.child.target_oid &&
				std::find(key.columns.begin(), key.columns.end(), column->attnum) != key.columns.end() &&
				!StaysUnique(reference.child, key))
				return "unique index " + Quoted(key.name);
		return "";
	}

	// Where the source has the foreign key: a rule for each column, or what stands against it.
	void SuggestSpelling(const Reference &reference, Finding &finding) const {
		for (const ColumnPlan *column : reference.from)
			if (const std::string tied = MaySpell(column) ? TiesToSpelling(reference, column) : ""; !tied.empty()) {
				finding.remedy += WhyNoRule(tied);
				return;
			}
		finding.rule = SpellingRules(reference);
	}

	// NULLs where a column allows them. What leaves rows in the source is for somebody to decide.
	void SuggestForOrphans(const Reference &reference, Finding &finding) const {
		const auto nullable = std::find_if(reference.from.begin(), reference.from.end(), [&](const ColumnPlan *c) {
			return !c->not_null && TiesTo(reference, c).nulls.empty();
		});
		if (nullable != reference.from.end()) {
			finding.rule =
				RuleStatement(scope_.binding, reference.child.source_name, (*nullable)->source_name, "orphans", "null");
			return;
		}
		finding.remedy += " To leave them in the source, which their children must not mind: " +
						  RuleTemplate(scope_.binding, reference.child.source_name, reference.from[0]->source_name,
									   "orphans", "'delete', if these rows may stay behind");
	}

	std::string SpellingRules(const Reference &reference) const {
		std::vector<std::string> rules;
		for (const ColumnPlan *column : reference.from)
			if (MaySpell(column))
				rules.push_back(RuleStatement(scope_.binding, reference.child.source_name, column->source_name,
											  "transform", "parent_spelling"));
		return Joined(rules, " ");
	}

	// No two rows of the parent are equal in these columns.
	bool IsUniqueParent(const Reference &reference) const {
		const std::vector<SourceKey> &keys = source_.tables[reference.parent->source].keys;
		return std::any_of(keys.begin(), keys.end(), [&](const SourceKey &key) {
			return key.unique && std::all_of(key.parts.begin(), key.parts.end(), [&](const SourceKey::Part &part) {
					   return part.column && part.prefix == 0 &&
							  std::any_of(reference.to.begin(), reference.to.end(),
										  [&](const ColumnPlan *column) { return column->source == *part.column; });
				   });
		});
	}

	static void SettleBy(const Rule *rule, Finding &finding) {
		if (rule == nullptr)
			return;
		finding.severity = Severity::info;
		finding.remedy = "Nothing to do: the rule " + RuleText(*rule) + " settles it.";
		finding.rule.clear();
	}

	Reference ReferenceOf(const TargetForeignKey &key, const TablePlan &child) const {
		const TablePlan *parent = TableOf(plan_, key.parent);
		return {"foreign key " + Quoted(key.name) + " to " + Quoted(key.parent_name), child, parent,
				ColumnsOf(child, key.child_columns), ColumnsOf(*parent, key.parent_columns)};
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

	// The comparisons of one foreign key, in the source's SQL.
	struct Comparison {
		std::vector<std::string> present; // the child has a value at all
		std::vector<std::string> exact;	  // as the target compares
		std::vector<std::string> fast;	  // implies exact, and is found through the source's index
		std::vector<std::string> raw;	  // as the source compares
		std::vector<std::string> parent;  // what exact compares with
		bool text = false;				  // raw may find what exact does not
		bool by_bytes = false;			  // a single column, of which the same bytes are equal
	};

	// Text in one charset that becomes a uuid on both sides, by no rule: what is spelled alike is equal, and told sooner than by what it becomes.
	static bool SameBytesAreEqual(const ColumnPlan &child, const ColumnPlan &parent) {
		const auto plain = [](const ColumnPlan &column) {
			return IsText(column) && column.target_type.kind == PgKind::uuid && !IsCaseless(column) &&
				   RuledOperand(column, false, "t") == SourceOperand(column, "t");
		};
		return plain(child) && plain(parent) && child.source_type.charset == parent.source_type.charset;
	}

	// Of no rule, and the client is sent what is stored: the same bytes are one value to both servers.
	static bool AreEqualAsBytes(const ColumnPlan &child, const ColumnPlan &parent) {
		const auto plain = [](const ColumnPlan &column) {
			return RuledOperand(column, false, "t") == SourceOperand(column, "t") &&
				   column.source_type.length <= kLongestKey;
		};
		const auto is_integer = [](const ColumnPlan &column) {
			return FamilyOf(column.source_type.kind) == Family::integer && RangeOf(column.target_type.kind) != nullptr;
		};
		const auto is_text = [](const ColumnPlan &column) {
			return MaySpell(&column) && !IsCaseless(column) && column.source_type.charset == "utf8mb4" &&
				   (column.target_type.kind == PgKind::uuid || IsTextTarget(column.target_type.kind));
		};
		return plain(child) && plain(parent) && child.target_type.kind == parent.target_type.kind &&
			   ((is_integer(child) && is_integer(parent)) || (is_text(child) && is_text(parent)));
	}

	static std::string SameBytes(const ColumnPlan &child, const ColumnPlan &parent) {
		return "CAST(" + SourceOperand(parent, "p") + " AS BINARY)=CAST(" + SourceOperand(child, "c") + " AS BINARY)";
	}

	// False where the target's equality cannot be said.
	bool Compare(const Reference &reference, Comparison &compared) const {
		for (size_t i = 0; i < reference.from.size(); ++i) {
			const ColumnPlan &from = *reference.from[i], &to = *reference.to[i];
			const std::string left = Comparable(from, source_.mariadb, "c", false);
			const std::string right = Comparable(to, source_.mariadb, "p", false);
			if (left.empty() || right.empty())
				return false;
			compared.present.push_back(RuledOperand(from, source_.mariadb, "c") + " IS NOT NULL");
			compared.exact.push_back(right + "=" + left);
			compared.raw.push_back(Raw(from, to));
			compared.parent.push_back(right);
			const bool is_text = IsTextTarget(from.target_type.kind) && IsText(from);
			const bool as_it_is = !is_text && from.policy.transforms.empty() && to.policy.transforms.empty();
			compared.by_bytes = reference.from.size() == 1 && AreEqualAsBytes(from, to);
			const std::string equal = SameBytesAreEqual(from, to)
										  ? "(" + SameBytes(from, to) + " OR " + compared.exact.back() + ")"
										  : compared.exact.back();
			compared.fast.push_back(compared.raw.back() + (as_it_is ? "" : " AND " + equal));
			compared.text |= is_text;
		}
		return true;
	}

	void AskOrphans(const Reference &reference) {
		const TablePlan &child = reference.child;
		Comparison compared;
		if (reference.from.empty() || reference.to.empty()) {
			asked_.notes.push_back(NotKnown(child, NamesOf(reference.from),
											"whether " + reference.what + " finds orphans, because " +
												(reference.parent == nullptr ? "the parent is not part of it."
																			 : "not all of its columns are copied.")));
			return;
		}
		if (!Compare(reference, compared)) {
			asked_.notes.push_back(NotKnown(child, NamesOf(reference.from),
											"whether " + reference.what +
												" finds orphans, because the target's equality cannot be written in "
												"the source's SQL."));
			return;
		}
		AskLost(reference, compared);
		if (compared.text)
			AskSpellings(reference, compared);
	}

	// The parents that take part and fulfil these conditions.
	std::string Parents(const Reference &reference, const std::vector<std::string> &conditions) const {
		return " FROM " + RowsOf(source_, *reference.parent, "p") + " WHERE " + Joined(conditions, " AND ");
	}

	std::string None(const Reference &reference, const std::vector<std::string> &conditions) const {
		return "NOT EXISTS(SELECT 1" + Parents(reference, conditions) + ")";
	}

	// How many children fulfil a condition. What a rule leaves out it settles, so that its rows are looked at all the same. Mostly the parent is
	// there, found through its index; only where it is not, the rest is worth its time.
	void Add(const Reference &reference, const Comparison &compared, Finding finding, const Rule *rule,
			 const std::string &condition) {
		const TablePlan &child = reference.child;
		const std::string rows = rule != nullptr ? FromTable(source_, child) + " AS c" : RowsOf(source_, child, "c");
		const std::string missed = Joined(compared.present, " AND ") + " AND " + None(reference, compared.fast);
		KeyQuestion question;
		question.finding = std::move(finding);
		SettleBy(rule, question.finding);
		question.gate = "SELECT EXISTS(SELECT 1 FROM " + rows + " WHERE " + missed + ")";
		const SourceTable &parent = source_.tables[reference.parent->source];
		if (compared.by_bytes && parent.row_estimate <= kParentsForChild * source_.tables[child.source].row_estimate) {
			question.child_keys = "SELECT CAST(" + SourceOperand(*reference.from[0], "c") + " AS BINARY) FROM " + rows +
								  " WHERE " + compared.present[0];
			question.parent_keys = "SELECT CAST(" + SourceOperand(*reference.to[0], "p") + " AS BINARY) FROM " +
								   RowsOf(source_, *reference.parent, "p");
			question.parents = parent.row_estimate;
		}
		question.query = "SELECT CAST(COUNT(*) AS CHAR),MIN(" +
						 SampleExpression(KeyOf(source_.tables[child.source], child), ShownValues(reference.from)) +
						 ") FROM " + rows + " WHERE " + missed + " AND " + None(reference, compared.exact) + condition;
		asked_.questions.push_back(std::move(question));
	}

	void AskLost(const Reference &reference, const Comparison &compared) {
		const std::vector<const ColumnPlan *> &from = reference.from;
		const bool ruled = IsInSource(reference);
		Finding finding = AboutTable(Severity::error, reference.child, NamesOf(from), "orphan",
									 "The rows refer to parents that do not exist: " + reference.what +
										 ". Add the parents or delete the rows in the source" + ".");
		if (ruled)
			SuggestForOrphans(reference, finding);
		Add(reference, compared, std::move(finding), ruled ? OrphansRule(reference) : nullptr,
			compared.text ? " AND " + None(reference, compared.raw) : "");
	}

	void AskSpellings(const Reference &reference, const Comparison &compared) {
		const bool ruled = IsInSource(reference);
		const std::string found = " AND NOT " + None(reference, compared.raw);
		const std::string several =
			"(SELECT COUNT(DISTINCT " + Joined(compared.parent, ",") + ")" + Parents(reference, compared.raw) + ")>1";
		const bool unique = IsUniqueParent(reference);
		Finding spelling = AboutTable(Severity::error, reference.child, NamesOf(reference.from), "parent_spelling",
									  "The values differ from their parent's in case, accents or trailing blanks only, "
									  "which the source's collation ignores and " +
										  reference.what + " does not.");
		if (ruled)
			SuggestSpelling(reference, spelling);
		Add(reference, compared, std::move(spelling), ruled ? SpellingRule(reference) : nullptr,
			found + (unique ? "" : " AND NOT " + several));
		if (unique)
			return;
		Add(reference, compared,
			AboutTable(Severity::error, reference.child, NamesOf(reference.from), "ambiguous_parent",
					   "The source's collation finds several parents that differ in case, accents or trailing blanks "
					   "and none that is spelled like the value; " +
						   reference.what + " needs one. Say in the source which is meant."),
			nullptr, " AND " + several);
	}
};

} // namespace

KeyQuestions AskAboutReferences(const SourceSchema &source, const Plan &plan, const TargetFacts &facts,
								const RuleSet &rules, const PreflightScope &scope) {
	return Asker(source, plan, facts, rules, scope).Ask();
}

} // namespace alkconv::core
