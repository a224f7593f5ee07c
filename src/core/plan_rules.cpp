// Regime: C++ (may throw, never calls Postgres)
//
// A rule about one column may reach others: keys that hold it, and what is computed of it.
#include "core/plan_rules.hpp"

#include "core/default_type.hpp"
#include "core/facts.hpp"
#include "core/mend.hpp"

#include <algorithm>

namespace alkconv::core {

namespace {

const Rule *TransformRule(const RuledTable &of, const SourceColumn &column, TransformName name) {
	for (const Rule *rule : of.rules.Transforms(of.table.name, column.name))
		if (ParseTransform(rule->argument).name == name)
			return rule;
	return nullptr;
}

bool IsOfForeignKey(const SourceTable &table, size_t column) {
	return std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(), [&](const SourceForeignKey &key) {
		return std::find(key.columns.begin(), key.columns.end(), column) != key.columns.end();
	});
}

// Parents in other databases are not looked at by rules about orphans.
bool HasParentHere(const RuledTable &of, size_t column) {
	return std::any_of(of.table.foreign_keys.begin(), of.table.foreign_keys.end(), [&](const SourceForeignKey &key) {
		return key.parent_database == of.schema.database &&
			   std::find(key.columns.begin(), key.columns.end(), column) != key.columns.end();
	});
}

bool IsReferenced(const RuledTable &of, const SourceColumn &column) {
	for (const SourceTable &child : of.schema.tables)
		for (const SourceForeignKey &key : child.foreign_keys)
			if (key.parent_table == of.table.name && std::find(key.parent_columns.begin(), key.parent_columns.end(),
															   column.name) != key.parent_columns.end())
				return true;
	return false;
}

bool IsOfUniqueKey(const SourceTable &table, size_t column) {
	return std::any_of(table.keys.begin(), table.keys.end(), [&](const SourceKey &key) {
		return key.unique && std::any_of(key.parts.begin(), key.parts.end(), [&](const SourceKey::Part &part) {
				   return !part.column || part.column == column; // an expression may name any
			   });
	});
}

// Every value is 0 or 1.
bool IsFlag(const SourceColumn &column) noexcept {
	return column.facts.asked && column.facts.boolean != Evidence::not_all;
}

} // namespace

bool IsBooleanByRule(const RuledTable &of, size_t position) {
	const SourceColumn &column = of.table.columns[position];
	const Rule *rule = TransformRule(of, column, TransformName::tinyint_to_boolean);
	if (rule == nullptr)
		return false;
	if (SpellsExactly(rule->column_pattern, column.name))
		return MisfitOf(ParseTransform(rule->argument), column.type, NamedTarget("boolean")) == nullptr;
	return IsDeclaredBoolean(column.type) && !column.auto_increment && !IsPartitionColumn(of.table, column) &&
		   !IsOfUniqueKey(of.table, position) && !IsOfForeignKey(of.table, position) && !IsReferenced(of, column);
}

bool MayBeNull(const RuledTable &of, size_t position) {
	const SourceColumn &column = of.table.columns[position];
	const std::vector<size_t> key = of.table.RowIdentity();
	return !column.auto_increment && !column.generated && !IsPartitionColumn(of.table, column) &&
		   std::find(key.begin(), key.end(), position) == key.end();
}

bool OrphansBecomeNull(const RuledTable &of, size_t position) {
	const Rule *rule = of.rules.Find(RuleAction::orphans, of.table.name, of.table.columns[position].name);
	return rule != nullptr && rule->argument == "null" && HasParentHere(of, position);
}

std::string ChangeByRule(const RuledTable &of, const ColumnPlan &plan) {
	const SourceColumn &column = of.table.columns[plan.source];
	const std::vector<Transform> &transforms = plan.policy.transforms;
	const bool transformed = std::any_of(transforms.begin(), transforms.end(), [&](const Transform &transform) {
		return transform.name != TransformName::tinyint_to_boolean || !IsFlag(column);
	});
	const Rule *orphans = of.rules.Find(RuleAction::orphans, of.table.name, column.name);
	const bool made_null = orphans != nullptr && orphans->argument == "null" && !plan.not_null;
	const bool spelled = TransformRule(of, column, TransformName::parent_spelling) != nullptr;
	if (transformed || plan.policy.empty_to_null || !plan.policy.expression.empty() ||
		(IsOfForeignKey(of.table, plan.source) && (made_null || spelled)))
		return "has other values by a rule";
	return plan.collation.empty() ? "" : "has another collation by a rule";
}

} // namespace alkconv::core
