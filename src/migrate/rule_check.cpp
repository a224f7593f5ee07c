// Regime: Postgres (may longjmp, never throws)
//
// What stands behind the triggers of alkconv.rule.
#include "migrate/rule_check.hpp"

#include "core/rules.hpp"
#include "pg/boundary.hpp"
#include "pg/compat.hpp"
#include "pg/owned.hpp"
#include "pg/spi.hpp"
#include "pg/time_zone.hpp"
#include "pg/value_expression.hpp"

extern "C" {
#include "foreign/foreign.h"
#include "utils/acl.h"
}

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

bool has_privileges_of(Oid role) { return OidIsValid(role) && has_privs_of_role(GetUserId(), role); }

// Of a transform with a zone.
void require_zone(const char *transform) {
	const auto *zone = pg::own_from<std::string>(CurrentMemoryContext, [transform] {
		const core::Transform parsed = core::ParseTransform(transform);
		core::WallTimeArgument wall_time;
		if (parsed.name == core::TransformName::wall_time)
			(void) core::ParseWallTime(parsed.argument, wall_time);
		return wall_time.zone;
	});
	if (!zone->empty())
		pg::load_zone(zone->c_str(), pg::own<core::ZonePointer>(CurrentMemoryContext));
}

[[noreturn]] void refuse_change(const RuleFields *rule) {
	ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					errmsg("rule " INT64_FORMAT " is of role \"%s\"", rule->id, rule->author),
					errhint("That role, its members and superusers may change it.")));
}

Author named_author(const char *name) {
	const Oid id = get_role_oid(name, true);
	if (!OidIsValid(id))
		ereport(WARNING, (errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("role \"%s\" does not exist", name),
						  errhint("The rule stands for nothing until a superuser names another author: runs that it "
								  "is for end with an ERROR.")));
	return {name, id, true};
}

core::RuleAction checked_action(const RuleFields *rule) {
	return pg::edge([&] {
		core::Rule checked;
		checked.table_pattern = rule->table_pattern != nullptr ? rule->table_pattern : "";
		checked.column_pattern = rule->column_pattern != nullptr ? rule->column_pattern : "";
		checked.action =
			core::ParseRuleAction(rule->action != nullptr ? rule->action : "", !checked.column_pattern.empty());
		checked.argument = rule->argument != nullptr ? rule->argument : "";
		core::CheckRule(checked);
		return checked.action;
	});
}

void warn_of_missing_source(const char *source) {
	if (source != nullptr && !OidIsValid(get_foreign_server_oid(source, true)))
		ereport(WARNING,
				(errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("server \"%s\" does not exist", source),
				 errhint("Column source of a rule is the name of a foreign server; null: the rule is for all.")));
}

} // namespace

Author author_of_new(const RuleFields *rule) {
	if (rule->author == nullptr)
		return {GetUserNameFromId(GetUserId(), false), GetUserId(), false};
	if (superuser())
		return named_author(rule->author);
	if (get_role_oid(rule->author, true) != GetUserId())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("only a superuser may name the author of a rule"),
				 errhint("Leave column author out: it is whoever writes the rule.")));
	return {rule->author, GetUserId(), false};
}

Author author_of_changed(const RuleFields *before, const RuleFields *after, bool named) {
	if (superuser() && !named)
		return {before->author, before->author_id, before->author_id != GetUserId()};
	if (superuser())
		return author_of_new(after);
	if (!has_privileges_of(before->author_id))
		refuse_change(before);
	return named ? author_of_new(after) : Author{before->author, before->author_id, false};
}

void require_may_delete(const RuleFields *rule, Oid rule_table) {
	if (!has_privileges_of(rule->author_id) && !pg::owns_relation(rule_table, GetUserId()))
		refuse_change(rule);
}

void check_rule(const RuleFields *rule, const Author *author) {
	const core::RuleAction action = checked_action(rule);
	if (author->named) {
		if (action == core::RuleAction::expression)
			pg::check_expression_syntax(rule->argument);
		return;
	}
	warn_of_missing_source(rule->source);
	switch (action) {
	case core::RuleAction::target_type: require_type(rule->argument); break;
	case core::RuleAction::collation: require_collation(rule->argument); break;
	case core::RuleAction::expression: pg::check_value_expression(rule->argument, author->id); break;
	case core::RuleAction::transform: require_zone(rule->argument); break;
	case core::RuleAction::empty_to_null:
		if (rule->argument != nullptr && rule->argument[0] != '\0')
			require_type_spelling(rule->argument);
		break;
	default: break;
	}
}

} // namespace alkconv::migrate
