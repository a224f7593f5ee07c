// Regime: C++ (may throw, never calls Postgres)
//
// The constraint's text, negated: what is neither true nor false passes on both servers.
#include "core/preflight_source_checks.hpp"

#include "core/expression_lexer.hpp"
#include "core/plan_table.hpp"
#include "core/preflight_compare.hpp"
#include "core/preflight_remedy.hpp"

#include <algorithm>
#include <utility>

namespace alkconv::core {

namespace {

const ColumnPlan *PlannedColumn(const TablePlan &table, const std::string &source_name) noexcept {
	for (const ColumnPlan &column : table.columns)
		if (column.source_name == source_name)
			return &column;
	for (const GeneratedColumn &generated : table.generated)
		if (generated.column.source_name == source_name)
			return &generated.column;
	return nullptr;
}

// The constraint is about what the target holds.
bool IsChangedByRule(const ColumnPlan &column) noexcept {
	const ColumnPolicy &policy = column.policy;
	return !policy.transforms.empty() || !policy.expression.empty() || policy.empty_to_null ||
		   !column.source_sql.empty();
}

ValueQuestion QuestionOf(const TablePlan &table, const SourceCheck &check, const std::string &plain,
						 const std::vector<const ColumnPlan *> &columns, const PreflightScope &scope) {
	ValueQuestion question;
	question.finding = AboutTable(Severity::error, table, NamesOf(columns), "check",
								  "The rows violate CHECK constraint " + Quoted(check.name) +
									  " of the source, which the run makes in the target: " + plain +
									  ". Mend them in the source; or let the constraint be NOT VALID by the rule: "
									  "these rows stay as they are, and new "
									  "ones that violate it are refused, as in the source.");
	question.finding.rule = RuleStatement(scope.binding, table.source_name, "", "skip_validation", check.name);
	question.condition = "(" + plain + ") IS FALSE";
	question.sample = ShownValues(columns);
	return question;
}

} // namespace

std::vector<ValueQuestion> AskAboutSourceChecks(const SourceSchema &schema, const TablePlan &table, const Ddl &ddl,
												const RuleSet &rules, const PreflightScope &scope,
												std::vector<Finding> &notes) {
	std::vector<ValueQuestion> questions;
	for (const TranslatedExpression &expression : ddl.expressions) {
		if (expression.place != ExpressionPlace::check || expression.table != table.source)
			continue;
		const SourceCheck &check = schema.tables[table.source].checks[expression.object];
		if (!check.enforced || rules.FindWith(RuleAction::skip_validation, table.source_name, check.name) != nullptr)
			continue;
		const std::string plain = expression::PlainSpelling(expression.source, schema.mariadb);
		std::vector<const ColumnPlan *> columns;
		for (const ExpressionColumn &named : NamedColumns(plain, expression.scope))
			if (const ColumnPlan *column = PlannedColumn(table, named.source_name))
				columns.push_back(column);
		if (std::any_of(columns.begin(), columns.end(),
						[](const ColumnPlan *column) { return IsChangedByRule(*column); }))
			notes.push_back(NotKnown(table, NamesOf(columns),
									 "whether rows violate CHECK constraint " + Quoted(check.name) +
										 ", because a rule makes other values of its columns."));
		else if (!columns.empty())
			questions.push_back(QuestionOf(table, check, plain, columns, scope));
	}
	return questions;
}

} // namespace alkconv::core
