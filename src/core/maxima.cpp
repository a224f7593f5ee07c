// Regime: C++ (may throw, never calls Postgres)
//
// Which columns, and what is wrong where they differ.
#include "core/maxima.hpp"

#include "core/conversion_table.hpp"
#include "core/digest_mysql.hpp"
#include "core/plan_table.hpp"
#include "core/secret.hpp"
#include "core/secret_columns.hpp"

#include <algorithm>

namespace alkconv::core {

namespace {

bool IsComparable(const SourceType &source, PgKind target) noexcept {
	const bool text = FamilyOf(source.kind) == Family::text &&
					  (target == PgKind::text || target == PgKind::varchar || target == PgKind::bpchar);
	const bool number = FamilyOf(source.kind) == Family::integer &&
						(target == PgKind::int2 || target == PgKind::int4 || target == PgKind::int8);
	return text || number;
}

// Texts by their bytes, as the target compares them.
std::string MaximumSql(const SourceSchema &source, const SourceTable &table, const SourceColumn &column) {
	const std::string name = digest::mysql::Identifier(column.name);
	const std::string value = FamilyOf(column.type.kind) == Family::text
								  ? "MAX(" + digest::mysql::Characters(name, column.type) + ")"
								  : digest::mysql::AsChar("MAX(" + name + ")");
	return "SELECT " + value + " FROM " + digest::mysql::Identifier(source.database) + "." +
		   digest::mysql::Identifier(table.name);
}

const TargetTable *TargetOf(const TargetSchema &target, const std::string &name) {
	const auto found = std::find_if(target.tables.begin(), target.tables.end(), [&](const TargetTable &table) {
		return table.name == name && (table.relkind == 'r' || table.relkind == 'p');
	});
	return found == target.tables.end() ? nullptr : &*found;
}

const TargetColumn *ColumnOf(const TargetTable &table, const std::string &name) {
	const auto found = std::find_if(table.columns.begin(), table.columns.end(),
									[&](const TargetColumn &column) { return column.name == name; });
	return found == table.columns.end() ? nullptr : &*found;
}

std::string Shown(const Maximum &maximum, const std::optional<std::string> &value) {
	return !value ? "empty" : Quoted(maximum.secret.empty() ? *value : MaskedValue(maximum.secret, *value));
}

} // namespace

std::vector<Maximum> MaximaToCompare(const SourceSchema &source, const TargetSchema &target, const RuleSet &rules) {
	std::vector<Maximum> maxima;
	for (const SourceTable &table : source.tables) {
		const TargetTable *there = TargetOf(target, table.name);
		for (const SourceColumn &column : table.columns) {
			const Rule *rule = rules.Find(RuleAction::same_maximum, table.name, column.name);
			const TargetColumn *stored = there == nullptr ? nullptr : ColumnOf(*there, column.name);
			if (rule == nullptr || stored == nullptr || !IsComparable(column.type, stored->type.kind))
				continue;
			Maximum &maximum = maxima.emplace_back();
			maximum.table = table.name;
			maximum.column = column.name;
			maximum.target = there;
			maximum.rule = {rule->id, RuleText(*rule)};
			maximum.reason = rule->reason;
			maximum.secret = SecretSaltOf(source, rules, table, static_cast<size_t>(&column - table.columns.data()));
			maximum.source_sql = MaximumSql(source, table, column);
		}
	}
	return maxima;
}

std::vector<PlanProblem> ProblemsOfMaxima(const std::vector<Maximum> &maxima) {
	std::vector<PlanProblem> problems;
	for (const Maximum &maximum : maxima)
		if (maximum.source_value != maximum.target_value)
			problems.push_back(
				{Code::versions_differ, maximum.table, maximum.column,
				 "source and target are of different versions: the highest " + Quoted(maximum.column) + " of table " +
					 Quoted(maximum.table) + " is " + Shown(maximum, maximum.source_value) + " in the source and " +
					 Shown(maximum, maximum.target_value) + " in the target",
				 maximum.reason.empty() ? "Bring both to the same version first." : maximum.reason + "."});
	return problems;
}

} // namespace alkconv::core
