// Regime: Postgres (may longjmp, never throws)
//
// alkconv.rule to core::RuleSet.
#include "migrate/rule_table.hpp"

#include "pg/owned.hpp"
#include "pg/spi.hpp"

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

} // namespace

core::RuleSet *read_rules(MemoryContext context, const char *profile) {
	require_profile(profile);
	const uint64 rows = pg::sql_run_with(
		"SELECT rule_id, NOT shipped, table_pattern, column_pattern, action, argument, reason FROM alkconv.rule"
		" WHERE profile IS NULL OR profile = $1 ORDER BY rule_id",
		1, &profile);
	auto *list = pg::own<std::vector<core::Rule>>(context);
	for (uint64 row = 0; row < rows; ++row) {
		const int64 id = pg::sql_int(row, 0);
		const bool own = pg::sql_bool(row, 1);
		const char *field[5];
		for (int i = 0; i < 5; ++i) {
			field[i] = pg::sql_text(row, 2 + i);
			if (field[i] == nullptr)
				field[i] = "";
		}
		pg::edge([&] {
			core::Rule &rule = list->emplace_back();
			rule.id = id;
			rule.own = own;
			rule.table_pattern = field[0];
			rule.column_pattern = field[1];
			rule.action = core::ParseRuleAction(field[2], field[1][0] != '\0');
			rule.argument = field[3];
			rule.reason = field[4];
		});
	}
	return pg::own_from<core::RuleSet>(context, [list] { return core::RuleSet(*list); });
}

} // namespace alkconv::migrate
