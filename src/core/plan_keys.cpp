// Regime: C++ (may throw, never calls Postgres)
//
// An orphan is a row whose key has no NULL and no parent. A parent that a rule takes away is no parent, so the condition follows the chain of such
// rules; it cannot follow a circle.
#include "core/plan_keys.hpp"

#include "core/digest_mysql.hpp"
#include "core/plan_keep_one.hpp"
#include "core/plan_table.hpp"
#include "core/preflight_compare.hpp"
#include "core/secret.hpp"

#include <algorithm>

namespace alkconv::core {

namespace {

using digest::mysql::Identifier;

constexpr int kSampleCharacters = 20; // at most 80 bytes of UTF-8

struct KeyUse {
	const SourceForeignKey *key;
	const SourceTable *parent;
	size_t column; // position in the child, the one that the rule is about
	const Rule *rule;
};

class KeyRules {
public:
	KeyRules(const SourceSchema &source, const TargetSchema &target, const RuleSet &rules, Plan &plan)
		: source_(source), target_(target), rules_(rules), plan_(plan), removals_(source.tables.size()),
		  kept_(source.tables.size()), planned_(source.tables.size()), state_(source.tables.size()) {}

	void Apply() {
		for (const TablePlan &table : plan_.tables) {
			planned_[table.source] = &table;
			CollectRemovals(table.source);
			kept_[table.source] = KeptKeysOf(source_, target_, rules_, table, plan_.problems);
		}
		for (const TablePlan &table : plan_.tables)
			if (IsCircular(table.source))
				return;
		for (TablePlan &table : plan_.tables)
			ApplyTo(table);
		for (TablePlan &table : plan_.tables)
			ForbidReferences(table);
	}

private:
	enum class State : uint8_t { unknown, open, done };

	const SourceSchema &source_;
	const TargetSchema &target_;
	const RuleSet &rules_;
	Plan &plan_;
	std::vector<std::vector<KeyUse>> removals_; // by source table: orphans(delete)
	std::vector<std::vector<KeptKey>> kept_;	// by source table: keep_one
	std::vector<const TablePlan *> planned_;	// by source table
	std::vector<State> state_;					// of the search for circles

	size_t PositionOf(const SourceTable &table) const { return static_cast<size_t>(&table - source_.tables.data()); }

	std::string TableOf(const SourceTable &table) const {
		return Identifier(source_.database) + "." + Identifier(table.name);
	}

	// The keys with this column, in the order of the source.
	std::vector<KeyUse> KeysWith(const SourceTable &table, size_t column, const Rule *rule) const {
		std::vector<KeyUse> uses;
		for (const SourceForeignKey &key : table.foreign_keys) {
			const SourceTable *parent =
				key.parent_database == source_.database ? FindTable(source_, key.parent_table) : nullptr;
			if (parent != nullptr && std::find(key.columns.begin(), key.columns.end(), column) != key.columns.end())
				uses.push_back({&key, parent, column, rule});
		}
		return uses;
	}

	const Rule *OrphanRule(const SourceTable &table, const SourceColumn &column, const char *argument) const {
		const Rule *rule = rules_.Find(RuleAction::orphans, table.name, column.name);
		return rule != nullptr && rule->argument == argument ? rule : nullptr;
	}

	void CollectRemovals(size_t position) {
		const SourceTable &table = source_.tables[position];
		for (size_t c = 0; c < table.columns.size(); c++)
			if (const Rule *rule = OrphanRule(table, table.columns[c], "delete"))
				for (const KeyUse &use : KeysWith(table, c, rule)) {
					const bool known = std::any_of(removals_[position].begin(), removals_[position].end(),
												   [&](const KeyUse &other) { return other.key == use.key; });
					if (!known) // a key of two columns is one key
						removals_[position].push_back(use);
				}
	}

	// Depth first along the keys whose orphans go.
	bool IsCircular(size_t position) {
		if (state_[position] == State::done)
			return false;
		if (state_[position] == State::open)
			return true;
		state_[position] = State::open;
		for (const KeyUse &use : removals_[position]) {
			if (removals_[PositionOf(*use.parent)].empty() && use.parent != &source_.tables[position])
				continue;
			if (IsCircular(PositionOf(*use.parent))) {
				const SourceTable &table = source_.tables[position];
				plan_.problems.push_back({Code::unsupported, table.name, table.columns[use.column].name,
										  "the orphans of " + Quoted(table.name) + "." +
											  Quoted(table.columns[use.column].name) +
											  " cannot be deleted: the rows that go may be parents of others along a "
											  "circle of foreign keys",
										  "Give the column a rule with action orphans and argument null, or delete the "
										  "orphans in the source."});
				return true;
			}
		}
		state_[position] = State::done;
		return false;
	}

	static std::string Match(const KeyUse &use, const SourceTable &child, const std::string &child_name,
							 const std::string &parent_name) {
		std::vector<std::string> equal;
		for (size_t i = 0; i < use.key->columns.size(); i++)
			equal.push_back(parent_name + "." + Identifier(use.key->parent_columns[i]) + "=" + child_name + "." +
							Identifier(child.columns[use.key->columns[i]].name));
		return Joined(equal, " AND ");
	}

	static std::string NotNull(const KeyUse &use, const SourceTable &child, const std::string &child_name) {
		std::vector<std::string> parts;
		for (const size_t column : use.key->columns)
			parts.push_back(child_name + "." + Identifier(child.columns[column].name) + " IS NOT NULL");
		return Joined(parts, " AND ");
	}

	// `depth` makes the names of inner tables different.
	std::string IsOrphan(const KeyUse &use, const SourceTable &child, const std::string &child_name,
						 size_t depth) const {
		const std::string parent = "alkconv_p" + std::to_string(depth);
		const std::string survives = Survives(*use.parent, parent, depth + 1);
		return "(" + NotNull(use, child, child_name) + " AND NOT EXISTS (SELECT 1 FROM " + TableOf(*use.parent) +
			   " AS " + parent + " WHERE " + Match(use, child, child_name, parent) +
			   (survives.empty() ? "" : " AND " + survives) + "))";
	}

	// Empty for a table that loses no rows. Orphans go first, then duplicates among what is left, rule by rule.
	std::string Survives(const SourceTable &table, const std::string &name, size_t depth) const {
		return Survives(table, name, depth, kept_[PositionOf(table)].size());
	}

	// The same without all but the first rules keep_one.
	std::string Survives(const SourceTable &table, const std::string &name, size_t depth, size_t keys) const {
		std::vector<std::string> parts;
		const size_t position = PositionOf(table);
		for (const KeyUse &use : removals_[position])
			parts.push_back("NOT " + IsOrphan(use, table, name, depth));
		for (size_t k = 0; k < keys; k++) {
			const std::string inner = "alkconv_k" + std::to_string(depth);
			parts.push_back(StaysUnder(kept_[position][k], source_, *planned_[position], name, inner,
									   Survives(table, inner, depth + 1, k)));
		}
		return Joined(parts, " AND ");
	}

	// The same rows found in another way, by an outer join, for the proof: c is the child.
	std::string JoinOf(const KeyUse &use, const SourceTable &child, const std::string &name) const {
		std::vector<std::string> columns;
		for (const std::string &column : use.key->parent_columns)
			columns.push_back(Identifier(column));
		const std::string survives = Survives(*use.parent, TableOf(*use.parent), 0);
		return " LEFT JOIN (SELECT DISTINCT " + Joined(columns, ",") + " FROM " + TableOf(*use.parent) +
			   (survives.empty() ? "" : " WHERE " + survives) + ") AS " + name + " ON " + Match(use, child, "c", name);
	}

	static std::string Unmatched(const KeyUse &use, const SourceTable &child, const std::string &name) {
		return "(" + name + "." + Identifier(use.key->parent_columns.front()) + " IS NULL AND " +
			   NotNull(use, child, "c") + ")";
	}

	std::string CountOrphans(const std::vector<KeyUse> &uses, const SourceTable &child,
							 const std::string &filter) const {
		std::string joins;
		std::vector<std::string> conditions;
		for (const KeyUse &use : uses) {
			const std::string name = "p" + std::to_string(conditions.size());
			joins += JoinOf(use, child, name);
			conditions.push_back(Unmatched(use, child, name));
		}
		return "SELECT COUNT(*) FROM " + TableOf(child) + " AS c" + joins + " WHERE (" + Joined(conditions, " OR ") +
			   ")" + (filter.empty() ? "" : " AND " + filter);
	}

	void ApplyTo(TablePlan &table) {
		const SourceTable &source = source_.tables[table.source];
		const std::string name = TableOf(source);
		table.source_filter = Survives(source, name, 0);
		if (!removals_[table.source].empty())
			AddRemoval(table, source);
		AddDuplicates(table, source, name);
		for (ColumnPlan &column : table.columns) {
			Spell(table, column, source, name);
			MakeNull(table, column, source, name);
		}
		RefuseChangedKeys(table);
	}

	void AddDuplicates(TablePlan &table, const SourceTable &source, const std::string &name) {
		const std::vector<KeptKey> &keys = kept_[table.source];
		for (size_t k = 0; k < keys.size(); k++) {
			table.key_rules.push_back(DuplicateRule(keys[k], source_, table, Survives(source, name, 0, k)));
			table.notes.push_back("of rows that are equal under " + keys[k].name + " one is copied: rule " +
								  RuleText(*keys[k].rule));
		}
	}

	// What foreign keys make of a value is not known where duplicates are looked for.
	void RefuseChangedKeys(const TablePlan &table) {
		for (const KeptKey &key : kept_[table.source])
			for (const ColumnPlan &part : key.columns)
				for (const ColumnPlan &column : table.columns)
					if (column.source == part.source && !column.source_sql.empty())
						plan_.problems.push_back({Code::unsupported, table.source_name, column.source_name,
												  "rule " + RuleText(*key.rule) + " cannot be followed for table " +
													  Quoted(table.source_name) +
													  ": another rule makes other values of column " +
													  Quoted(column.source_name) + " by its foreign key",
												  "Use only one of the two rules, and mend the rows in the source."});
	}

	// Whether a rule says what becomes of rows whose parent does not come.
	bool SettlesOrphans(const TablePlan &child, const SourceForeignKey &key) const {
		const auto of_key = [&](size_t column) {
			return std::find(key.columns.begin(), key.columns.end(), column) != key.columns.end();
		};
		const std::vector<KeyUse> &removals = removals_[child.source];
		return std::any_of(removals.begin(), removals.end(), [&](const KeyUse &use) { return use.key == &key; }) ||
			   std::any_of(child.columns.begin(), child.columns.end(), [&](const ColumnPlan &column) {
				   return of_key(column.source) && !column.not_null &&
						  OrphanRule(source_.tables[child.source], source_.tables[child.source].columns[column.source],
									 "null") != nullptr;
			   });
	}

	// The target may lack the foreign key, and what has lost its parent would be an orphan without a word.
	void ForbidReferences(TablePlan &table) {
		const SourceTable &child = source_.tables[table.source];
		for (const SourceForeignKey &key : child.foreign_keys) {
			const SourceTable *parent =
				key.parent_database == source_.database ? FindTable(source_, key.parent_table) : nullptr;
			if (parent == nullptr || kept_[PositionOf(*parent)].empty() || SettlesOrphans(table, key))
				continue;
			const KeyUse use = {&key, parent, key.columns.front(), nullptr};
			const std::string survives = Survives(child, "c", 0);
			const auto parents = [&](const std::string &name) {
				return " EXISTS (SELECT 1 FROM " + TableOf(*parent) + " AS " + name + " WHERE " +
					   Match(use, child, "c", name);
			};
			KeyRule rule;
			rule.kind = KeyRule::Kind::reference;
			rule.rule = {kept_[PositionOf(*parent)].front().rule->id,
						 RuleText(*kept_[PositionOf(*parent)].front().rule)};
			rule.key_name = key.name;
			rule.count_sql = "SELECT COUNT(*) FROM " + TableOf(child) + " AS c WHERE " + NotNull(use, child, "c") +
							 " AND" + parents("p") + ") AND NOT" + parents("s") + " AND " + Survives(*parent, "s", 0) +
							 ")" + (survives.empty() ? "" : " AND " + survives);
			table.key_rules.push_back(std::move(rule));
		}
	}

	void AddRemoval(TablePlan &table, const SourceTable &source) {
		const std::vector<KeyUse> &uses = removals_[table.source];
		KeyRule rule;
		rule.kind = KeyRule::Kind::removal;
		std::vector<const Rule *> named;
		for (const KeyUse &use : uses) {
			ColumnPlan *column = ColumnOf(table, use.column);
			if (column != nullptr)
				NoteRule(*column, *use.rule);
			if (std::find(named.begin(), named.end(), use.rule) == named.end()) {
				named.push_back(use.rule);
				rule.rule.text += (rule.rule.text.empty() ? "" : "; ") + RuleText(*use.rule);
			}
		}
		rule.rule.id = uses.front().rule->id;
		rule.count_sql = CountOrphans(uses, source, "");
		rule.total_sql = "SELECT COUNT(*) FROM " + TableOf(source);
		table.key_rules.push_back(std::move(rule));
	}

	static ColumnPlan *ColumnOf(TablePlan &table, size_t position) {
		for (ColumnPlan &column : table.columns)
			if (column.source == position)
				return &column;
		return nullptr;
	}

	static void NoteRule(ColumnPlan &column, const Rule &rule) {
		column.rule += (column.rule.empty() ? "" : "; ") + RuleText(rule);
	}

	std::string Where(const TablePlan &table) const {
		return table.source_filter.empty() ? "" : " WHERE " + table.source_filter;
	}

	static bool IsText(const SourceColumn &column) {
		return column.type.kind == MySqlKind::char_ || column.type.kind == MySqlKind::varchar;
	}

	static std::string Bytes(const std::string &text) { return "CAST(CONVERT(" + text + " USING utf8mb4) AS BINARY)"; }

	// Of the columns in which equal values may be spelled otherwise: the parent's bytes, compared with the child's where that has a name.
	static std::string Spelling(const KeyUse &use, const SourceTable &child, const std::string &child_name,
								const std::string &parent_name) {
		std::vector<std::string> parts;
		for (size_t i = 0; i < use.key->columns.size(); i++) {
			const SourceColumn &column = child.columns[use.key->columns[i]];
			const std::string parent = Bytes(parent_name + "." + Identifier(use.key->parent_columns[i]));
			if (IsText(column))
				parts.push_back(child_name.empty() ? parent
												   : parent + "=" + Bytes(child_name + "." + Identifier(column.name)));
		}
		return Joined(parts, child_name.empty() ? "," : " AND ");
	}

	// The parents that the source's collation finds and no rule takes away: FROM and WHERE.
	std::string Parents(const KeyUse &use, const SourceTable &child, const std::string &child_name,
						const std::string &parent_name) const {
		const std::string survives = Survives(*use.parent, parent_name, 0);
		return " FROM " + TableOf(*use.parent) + " AS " + parent_name + " WHERE " +
			   Match(use, child, child_name, parent_name) + (survives.empty() ? "" : " AND " + survives);
	}

	// A key that is not unique may hold several spellings. Every column of a key takes that of the same parent: the one that is spelled like the
	// child, otherwise the first in the order of the bytes. Where that would be a guess, the proof finds it by this query.
	std::string Doubts(const TablePlan &table, const ColumnPlan &column, const KeyUse &use, const SourceTable &source,
					   const std::string &name, const std::string &own) const {
		const std::string &spelled = column.source_sql;
		const std::string parents = Parents(use, source, name, "alkconv_s");
		const std::string several = "several>1 AND NOT alike", needless = "changed AND alike";
		const std::string sample = "CONVERT(MIN(IF(" + several + " OR " + needless + ",v,NULL)) USING utf8mb4)";
		return "SELECT COUNT(IF(" + several + ",1,NULL)),COUNT(IF(" + needless + ",1,NULL))," +
			   (column.secret.empty() ? "LEFT(" + sample + "," + std::to_string(kSampleCharacters) + ")"
									  : MysqlMask(column.secret, sample)) +
			   " FROM (SELECT " + Bytes(own) + " AS v," + Bytes(own) + "<>" + Bytes(spelled) +
			   " AS changed,EXISTS (SELECT 1" + parents + " AND " + Spelling(use, source, name, "alkconv_s") +
			   ") AS alike,(SELECT COUNT(DISTINCT " + Spelling(use, source, "", "alkconv_s") + ")" + parents +
			   ") AS several FROM " + name + " WHERE " + own + " IS NOT NULL" +
			   (table.source_filter.empty() ? "" : " AND " + table.source_filter) + ") AS d";
	}

	// The parent's text for the child's, which the source holds equal to it.
	void Spell(TablePlan &table, ColumnPlan &column, const SourceTable &source, const std::string &name) {
		const Rule *rule = nullptr;
		for (const Rule *transform : rules_.Transforms(source.name, column.source_name))
			if (ParseTransform(transform->argument).name == TransformName::parent_spelling)
				rule = transform;
		const bool text = IsText(source.columns[column.source]);
		const std::vector<KeyUse> uses =
			rule != nullptr ? KeysWith(source, column.source, rule) : std::vector<KeyUse>();
		if (rule == nullptr || (!text && !SpellsExactly(rule->column_pattern, column.source_name)))
			return;
		if (uses.empty() || !text) {
			if (SpellsExactly(rule->column_pattern, column.source_name))
				plan_.problems.push_back({Code::cannot_convert, source.name, column.source_name,
										  "transform parent_spelling is not for column " + Quoted(source.name) + "." +
											  Quoted(column.source_name) + ": it is not text of a foreign key",
										  "Change the rule in alkconv.rule."});
			return;
		}
		const KeyUse &use = uses.front();
		const auto place = static_cast<size_t>(
			std::find(use.key->columns.begin(), use.key->columns.end(), column.source) - use.key->columns.begin());
		const std::string own = name + "." + Identifier(column.source_name);
		column.source_sql = "COALESCE((SELECT alkconv_s." + Identifier(use.key->parent_columns[place]) +
							Parents(use, source, name, "alkconv_s") + " ORDER BY " +
							Spelling(use, source, name, "alkconv_s") + " DESC," +
							Spelling(use, source, "", "alkconv_s") + " LIMIT 1)," + own + ")";
		NoteRule(column, *rule);
		KeyRule spelling;
		spelling.kind = KeyRule::Kind::spelling;
		spelling.rule = {rule->id, RuleText(*rule)};
		spelling.column = column.target_name;
		spelling.count_sql = "SELECT COUNT(*) FROM " + name + " WHERE " + own + " IS NOT NULL AND " + Bytes(own) +
							 "<>" + Bytes(column.source_sql) +
							 (table.source_filter.empty() ? "" : " AND " + table.source_filter);
		spelling.doubt_sql = Doubts(table, column, use, source, name, own);
		table.key_rules.push_back(std::move(spelling));
	}

	void MakeNull(TablePlan &table, ColumnPlan &column, const SourceTable &source, const std::string &name) {
		const SourceColumn &from = source.columns[column.source];
		const Rule *rule = OrphanRule(source, from, "null");
		const std::vector<KeyUse> uses =
			rule != nullptr ? KeysWith(source, column.source, rule) : std::vector<KeyUse>();
		if (uses.empty())
			return;
		if (column.not_null) {
			if (SpellsExactly(rule->column_pattern, column.source_name))
				column.note += (column.note.empty() ? "" : "; ") +
							   std::string("rule orphans is not applied: the target column is NOT NULL");
			return;
		}
		std::vector<std::string> orphan;
		for (const KeyUse &use : uses)
			orphan.push_back(IsOrphan(use, source, name, 0));
		const std::string own = name + "." + Identifier(column.source_name);
		column.source_sql =
			"IF(" + Joined(orphan, " OR ") + ",NULL," + (column.source_sql.empty() ? own : column.source_sql) + ")";
		NoteRule(column, *rule);
		KeyRule null;
		null.kind = KeyRule::Kind::null;
		null.rule = {rule->id, RuleText(*rule)};
		null.column = column.target_name;
		null.count_sql = CountOrphans(uses, source, Survives(source, "c", 0));
		const std::string where = Where(table);
		null.total_sql =
			"SELECT COUNT(*) FROM " + name + where + (where.empty() ? " WHERE " : " AND ") + own + " IS NULL";
		table.key_rules.push_back(std::move(null));
	}
};

} // namespace

void ApplyKeyRules(const SourceSchema &source, const TargetSchema &target, const RuleSet &rules, Plan &plan) {
	KeyRules(source, target, rules, plan).Apply();
}

} // namespace alkconv::core
