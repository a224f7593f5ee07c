// Regime: C++ (may throw, never calls Postgres)
//
// A table of variables and what they must be.
#include "core/digest_session.hpp"

#include "core/excerpt.hpp"

namespace alkconv::core {

namespace {

enum class Flavor : uint8_t { both, mysql, mariadb };

struct Variable {
	const char *name;
	const char *value;
	Flavor flavor = Flavor::both;
	uint32_t since = 0, before = UINT32_MAX; // versions that have it
	const char *expression = nullptr;		 // what is asked in place of the variable
};

constexpr Variable kVariables[] = {
	{"time_zone", "+00:00"}, // TIMESTAMP is shown, and read by readers, in UTC
	{"sql_mode", ""},		 // PAD_CHAR_TO_FULL_LENGTH lengthens values, others give literals another meaning
	{"character_set_client", "utf8mb4"},
	{"character_set_connection", "utf8mb4"},
	{"character_set_results", "utf8mb4"}, // else question marks for what it does not hold
	{"collation_connection", "utf8mb4_bin"},
	{"sql_select_limit", "18446744073709551615"}, // else tables end early
	{"sql_auto_is_null", "0"},					  // else IS NULL finds the row that was inserted last
	{"div_precision_increment", "4"},
	{"group_concat_max_len", "1048576"},
	{"max_sort_length", "65536"}, // the order of long keys, by which tables are cut
	{"transaction_isolation", "REPEATABLE-READ", Flavor::mysql},
	{"transaction_isolation", "REPEATABLE-READ", Flavor::mariadb, 110101},
	{"tx_isolation", "REPEATABLE-READ", Flavor::mariadb, 0, 110101},
	{"information_schema_stats_expiry", "0", Flavor::mysql, 80000}, // AUTO_INCREMENT of now
	{"show_gipk_in_create_table_and_information_schema", "1", Flavor::mysql, 80030},
	{"system_versioning_asof", "DEFAULT", Flavor::mariadb, 100300},			   // else rows of another day
	{"optimizer_switch", "subquery_cache=off", Flavor::mariadb, 0, UINT32_MAX, // it takes 'ada' for 'Ada'
	 "REGEXP_SUBSTR(@@session.optimizer_switch,'subquery_cache=[a-z]+')"},
};

bool Has(const Variable &variable, bool mariadb, uint32_t version_number) noexcept {
	const Flavor other = mariadb ? Flavor::mysql : Flavor::mariadb;
	return variable.flavor != other && version_number >= variable.since && version_number < variable.before;
}

std::string Shown(const std::optional<std::string> &value) {
	return value ? "\"" + ExcerptOfText(*value, kExcerptBytes) + "\"" : "NULL";
}

} // namespace

SessionQuestion MakeSessionQuestion(bool mariadb, uint32_t version_number) {
	SessionQuestion question = {"SELECT ", 0};
	for (const Variable &variable : kVariables)
		if (Has(variable, mariadb, version_number))
			question.sql += std::string(question.columns++ == 0 ? "" : ",") +
							(variable.expression != nullptr ? std::string(variable.expression)
															: "@@session." + std::string(variable.name));
	return question;
}

std::string DescribeWrongSession(const TextResult &answer, bool mariadb, uint32_t version_number) {
	std::string wrong;
	size_t column = 0;
	for (const Variable &variable : kVariables) {
		if (!Has(variable, mariadb, version_number))
			continue;
		const std::optional<std::string> &value = answer.Get(0, column++);
		if (value != variable.value)
			wrong += (wrong.empty() ? "" : "; ") + std::string(variable.name) + " is " + Shown(value) +
					 " and must be \"" + variable.value + "\"";
	}
	return wrong;
}

} // namespace alkconv::core
