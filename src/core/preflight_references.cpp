// Regime: C++ (may throw, never calls Postgres)
//
// Foreign keys: rows without a parent, and rows whose parent only the source's collation finds.
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
			if (const TablePlan *child = TableOf(plan_, key.child); child != nullptr)
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

	// Equality as the source sees it, by which it can use its index; empty where the two sides' types do not compare as they stand.
	static std::string Raw(const ColumnPlan &child, const ColumnPlan &parent) {
		const bool same = child.source_type.collation == parent.source_type.collation;
		const std::string left = SourceOperand(child, "c"), right = SourceOperand(parent, "p");
		if (same)
			return right + "=" + left;
		return "CONVERT(" + right + " USING utf8mb4) COLLATE utf8mb4_general_ci=CONVERT(" + left +
			   " USING utf8mb4) COLLATE utf8mb4_general_ci";
	}

	const Rule *OrphansRule(const TablePlan &child, const std::vector<const ColumnPlan *> &from) const {
		for (const ColumnPlan *column : from)
			if (const Rule *rule = rules_.Find(RuleAction::orphans, child.source_name, column->source_name))
				return rule;
		return nullptr;
	}

	const Rule *SpellingRule(const TablePlan &child, const std::vector<const ColumnPlan *> &from) const {
		for (const ColumnPlan *column : from)
			for (const Rule *rule : rules_.Transforms(child.source_name, column->source_name))
				if (ParseTransform(rule->argument).name == TransformName::parent_spelling)
					return rule;
		return nullptr;
	}

	static void SettleBy(const Rule *rule, Finding &finding) {
		if (rule == nullptr)
			return;
		finding.severity = Severity::info;
		finding.remedy = "Nothing to do: the rule " + RuleText(*rule) + " settles it.";
		finding.rule.clear();
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
			asked_.notes.push_back(NotKnown(
				child, NamesOf(from),
				"whether " + what + " finds orphans, because " +
					(parent == nullptr ? "the parent is not part of it." : "not all of its columns are copied.")));
			return;
		}
		std::vector<std::string> present, exact, fast, raw;
		bool text = false;
		for (size_t i = 0; i < from.size(); ++i) {
			const std::string left = Comparable(*from[i], "c", false), right = Comparable(*to[i], "p", false);
			if (left.empty() || right.empty()) {
				asked_.notes.push_back(NotKnown(
					child, NamesOf(from),
					"whether " + what +
						" finds orphans, because the target's equality cannot be written in the source's SQL."));
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
			return "NOT EXISTS(SELECT 1 FROM " + FromTable(source_, *parent) + " AS p WHERE " +
				   Joined(conditions, " AND ") + ")";
		};
		// mostly the parent is there, found through its index; only where it is not, the rest is worth its time
		const std::string missed = Joined(present, " AND ") + " AND " + none(fast);
		const std::string lost = missed + " AND " + none(exact);
		const std::string gate =
			"SELECT EXISTS(SELECT 1 FROM " + FromTable(source_, child) + " AS c WHERE " + missed + ")";
		const std::string sample = SampleExpression(KeyOf(source_.tables[child.source], child), ShownValues(from));
		const auto query = [&](const std::string &condition) {
			return "SELECT CAST(COUNT(*) AS CHAR),MIN(" + sample + ") FROM " + FromTable(source_, child) +
				   " AS c WHERE " + condition;
		};

		KeyQuestion orphans;
		const bool nullable = std::none_of(from.begin(), from.end(), [](const ColumnPlan *c) { return c->not_null; });
		orphans.finding =
			AboutTable(Severity::error, child, NamesOf(from), "orphan",
					   "The rows refer to parents that do not exist: " + what +
						   ". Add the parents or delete the rows in the source, or let a rule leave them out.");
		orphans.finding.rule = RuleStatement(scope_.profile, child.source_name, from[0]->source_name, "orphans",
											 nullable ? "null" : "delete");
		orphans.gate = gate;
		SettleBy(OrphansRule(child, from), orphans.finding);
		orphans.query = query(lost + (text ? " AND " + none(raw) : ""));
		asked_.questions.push_back(std::move(orphans));
		if (!text)
			return;
		KeyQuestion spelling;
		spelling.finding = AboutTable(Severity::error, child, NamesOf(from), "parent_spelling",
									  "The values differ from their parent's in case, accents or trailing blanks only, "
									  "which the source's collation "
									  "ignores and " +
										  what + " does not.");
		spelling.finding.rule =
			RuleStatement(scope_.profile, child.source_name, from[0]->source_name, "transform", "parent_spelling");
		spelling.gate = gate;
		SettleBy(SpellingRule(child, from), spelling.finding);
		spelling.query = query(lost + " AND NOT " + none(raw));
		asked_.questions.push_back(std::move(spelling));
	}
};

} // namespace

KeyQuestions AskAboutReferences(const SourceSchema &source, const Plan &plan, const TargetFacts &facts,
								const RuleSet &rules, const PreflightScope &scope) {
	return Asker(source, plan, facts, rules, scope).Ask();
}

} // namespace alkconv::core
