// Regime: Postgres (may longjmp, never throws)
//
// The check behind the trigger of alkconv.rule.
#include "migrate/rule_check.hpp"

#include "core/rules.hpp"
#include "pg/boundary.hpp"
#include "pg/spi.hpp"
#include "pg/value_expression.hpp"

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

// The result of a query with one parameter, or nullptr for NULL.
const char *looked_up(const char *query, const char *name) {
	pg::sql_run_with(query, 1, &name);
	return pg::sql_text(0, 0);
}

void require_type(const char *name) {
	if (looked_up("SELECT pg_catalog.to_regtype($1)", name) == nullptr)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("type \"%s\" does not exist", name),
						errhint("Types of other schemas than pg_catalog are written with their schema.")));
}

// Compared with the names that format_type() gives.
void require_type_spelling(const char *name) {
	require_type(name);
	const char *spelling = looked_up("SELECT pg_catalog.format_type(pg_catalog.to_regtype($1), NULL)", name);
	if (strcmp(spelling, name) != 0 && strchr(name, '(') == nullptr)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("type \"%s\" is called \"%s\" in plans", name, spelling),
						errhint("Write it that way in the rule.")));
}

void require_collation(const char *name) {
	if (looked_up("SELECT pg_catalog.to_regcollation($1)", name) == nullptr)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("collation \"%s\" does not exist", name),
				 errhint("Make it with CREATE COLLATION. Collations of other schemas than pg_catalog are written "
						 "with their schema, names with capitals or hyphens in double quotes.")));
}

} // namespace

void check_rule(const RuleFields *rule) {
	const core::RuleAction action = pg::edge([&] {
		core::Rule checked;
		checked.table_pattern = rule->table_pattern != nullptr ? rule->table_pattern : "";
		checked.column_pattern = rule->column_pattern != nullptr ? rule->column_pattern : "";
		checked.action =
			core::ParseRuleAction(rule->action != nullptr ? rule->action : "", !checked.column_pattern.empty());
		checked.argument = rule->argument != nullptr ? rule->argument : "";
		core::CheckRule(checked);
		return checked.action;
	});
	switch (action) {
	case core::RuleAction::target_type: require_type(rule->argument); break;
	case core::RuleAction::collation: require_collation(rule->argument); break;
	case core::RuleAction::expression: pg::check_value_expression(rule->argument); break;
	case core::RuleAction::empty_to_null:
		if (rule->argument != nullptr && rule->argument[0] != '\0')
			require_type_spelling(rule->argument);
		break;
	default: break;
	}
}

} // namespace alkconv::migrate
