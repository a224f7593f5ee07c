// Regime: Postgres (may longjmp, never throws)
//
// alkconv.rule to core::RuleSet.
#include "migrate/rule_table.hpp"

#include "pg/owned.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "utils/acl.h"
}

#include <cstdio>

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

void require_profile(const char *profile) {
	if (profile == nullptr)
		return;
	pg::sql_run_with("SELECT EXISTS (SELECT FROM alkconv.rule WHERE profile = $1),"
					 " (SELECT string_agg(DISTINCT profile, ', ' ORDER BY profile) FROM alkconv.rule)",
					 1, &profile);
	if (!pg::sql_bool(0, 0)) {
		const char *known = pg::sql_text(0, 1);
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("there is no profile \"%s\" in alkconv.rule", profile),
				 errhint("Profiles that exist: %s. A profile comes into being by the first rule that names it.",
						 known != nullptr ? known : "none")));
	}
}

// One row of alkconv.rule.
struct RuleRow {
	int64 id;
	const char *table_pattern, *column_pattern, *action, *argument, *reason; // empty for NULL
	bool own, of_source, of_target_schema;
	Oid author; // of what was shipped the extension's owner
	const char *author_name;
	const char *called; // what the role is called now, or null: it is gone
	bool everybodys;	// of a superuser or the extension's owner
	Oid server_owner;
	const char *collation; // as SQL spells it, or null: there is none
	Oid type_owner;		   // of the type that the argument names, or invalid
};

Oid to_oid(const char *text) { return text == nullptr ? InvalidOid : static_cast<Oid>(strtoul(text, nullptr, 10)); }

RuleRow read_row(uint64 row) {
	const auto text = [row](int column) {
		const char *value = pg::sql_text(row, column);
		return value != nullptr ? value : "";
	};
	RuleRow rule = {};
	rule.id = pg::sql_int(row, 0);
	rule.own = pg::sql_bool(row, 1);
	rule.table_pattern = text(2);
	rule.column_pattern = text(3);
	rule.action = text(4);
	rule.argument = text(5);
	rule.reason = text(6);
	rule.of_source = pg::sql_bool(row, 7);
	rule.of_target_schema = pg::sql_bool(row, 8);
	rule.author = to_oid(pg::sql_text(row, 9));
	rule.author_name = text(10);
	rule.called = pg::sql_text(row, 11);
	rule.everybodys = pg::sql_bool(row, 12);
	rule.server_owner = to_oid(pg::sql_text(row, 13));
	rule.collation = pg::sql_text(row, 14);
	rule.type_owner = to_oid(pg::sql_text(row, 15));
	return rule;
}

constexpr const char *kRules =
	"SELECT r.rule_id, NOT r.shipped, r.table_pattern, r.column_pattern, r.action, r.argument, r.reason,"
	" r.source IS NOT NULL, r.target_schema IS NOT NULL, a.id, r.author, role.rolname,"
	" COALESCE(role.rolsuper, false) OR a.id = own.relowner,"
	" (SELECT s.srvowner FROM pg_catalog.pg_foreign_server s WHERE s.srvname = $2::pg_catalog.name),"
	" CASE r.action WHEN 'collation' THEN pg_catalog.to_regcollation(r.argument)::pg_catalog.text END,"
	// of superusers' rules nobody asks it, and the look-up is an error where the caller may not use the type's schema
	" (SELECT t.typowner FROM pg_catalog.pg_type t WHERE t.oid = CASE WHEN r.action = 'target_type' AND role.rolsuper "
	"IS "
	"NOT TRUE THEN pg_catalog.to_regtype(r.argument) END)"
	" FROM alkconv.rule r"
	" JOIN pg_catalog.pg_class own ON own.oid = 'alkconv.rule'::pg_catalog.regclass"
	" CROSS JOIN LATERAL (SELECT CASE WHEN r.shipped THEN own.relowner ELSE r.author_id END AS id) a"
	" LEFT JOIN pg_catalog.pg_roles role ON role.oid = a.id"
	" WHERE (r.profile IS NULL OR r.profile = $1) AND (r.source IS NULL OR r.source = $2)"
	" AND (r.target_schema IS NULL OR r.target_schema = $3)"
	" AND NOT (r.shipped AND r.shipped_name IN (SELECT c.shipped_name FROM alkconv.changed_rule c))"
	" ORDER BY r.rule_id";

// A role of that name which is another one did not write it.
void require_author(const RuleRow *rule) {
	if (!rule->own || (rule->called != nullptr && strcmp(rule->called, rule->author_name) == 0))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("rule " INT64_FORMAT " (%s) has no author: role \"%s\", which wrote it, does not exist", rule->id,
					rule->action, rule->author_name),
			 rule->called != nullptr ? errdetail("The role is called \"%s\" now.", rule->called) : 0,
			 errhint("Delete the rule, or let a superuser name an author, with whose privileges it is to run: UPDATE "
					 "alkconv.rule SET author = '...' WHERE rule_id = " INT64_FORMAT ".",
					 rule->id)));
}

bool is_for_caller(const RuleRow *rule) {
	return rule->everybodys || is_member_of_role_nosuper(GetUserId(), rule->author) ||
		   (OidIsValid(rule->server_owner) && is_member_of_role_nosuper(rule->author, rule->server_owner));
}

// The constraints of a domain run as the owner of the table.
void require_trusted_type(const RuleRow *rule) {
	if (!OidIsValid(rule->type_owner) || rule->everybodys || rule->author == GetUserId() ||
		rule->type_owner == GetUserId() || superuser_arg(rule->type_owner))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("rule " INT64_FORMAT " (%s) of role \"%s\" gives type %s, which belongs to role \"%s\"", rule->id,
					rule->action, rule->author_name, rule->argument, GetUserNameFromId(rule->type_owner, false)),
			 errdetail("The constraints of the type would run with the privileges of the table's owner."),
			 errhint("Write the rule yourself if you trust that role.")));
}

void require_collation(const RuleRow *rule) {
	if (rule->collation == nullptr && strcmp(rule->action, "collation") == 0)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
						errmsg("rule " INT64_FORMAT " (%s): collation \"%s\" does not exist", rule->id, rule->action,
							   rule->argument)));
}

// Hex digits that nobody can guess.
const char *new_salt() {
	uint8 bytes[16];
	if (!pg_strong_random(bytes, sizeof bytes))
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not generate random values")));
	char *digits = static_cast<char *>(palloc0(2 * sizeof bytes + 1));
	for (size_t i = 0; i < sizeof bytes; ++i)
		snprintf(digits + 2 * i, 3, "%02x", bytes[i]);
	return digits;
}

} // namespace

RunRules read_rules(MemoryContext context, const Source *source, const char *target_schema) {
	require_profile(source->profile);
	const char *parameters[] = {source->profile, source->name, target_schema};
	const uint64 rows = pg::sql_run_with(kRules, lengthof(parameters), parameters);
	auto *list = pg::own<std::vector<core::Rule>>(context);
	auto *foreign = pg::own<std::vector<ForeignRule>>(context);
	for (uint64 row = 0; row < rows; ++row) {
		const RuleRow found = read_row(row);
		require_author(&found);
		const bool applies = is_for_caller(&found);
		if (applies) {
			require_trusted_type(&found);
			require_collation(&found);
		}
		pg::edge([&] {
			core::Rule rule;
			rule.id = found.id;
			rule.own = found.own;
			rule.of_source = found.of_source;
			rule.of_target_schema = found.of_target_schema;
			rule.author = found.author;
			rule.table_pattern = found.table_pattern;
			rule.column_pattern = found.column_pattern;
			rule.action = core::ParseRuleAction(found.action, found.column_pattern[0] != '\0');
			rule.argument = found.collation != nullptr ? found.collation : found.argument;
			rule.reason = found.reason;
			if (applies)
				list->push_back(std::move(rule));
			else
				foreign->push_back({rule.table_pattern, rule.column_pattern, core::RuleText(rule), found.author_name});
		});
	}
	auto *rules = pg::own_from<core::RuleSet>(context, [list] { return core::RuleSet(*list); });
	const char *salt = new_salt();
	pg::edge([=] { rules->SetSalt(salt); });
	return {rules, foreign};
}

} // namespace alkconv::migrate
