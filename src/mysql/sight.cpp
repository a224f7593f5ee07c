// Regime: C++ (may throw, never calls Postgres)
//
// SHOW GRANTS names the account and its active roles by itself; MariaDB's PUBLIC is a role that everybody has and that it may leave out.
#include "mysql/sight.hpp"

#include "mysql/grants.hpp"

namespace alkconv::mysql {

namespace {

void AddGrants(Connection &connection, const char *sql, std::vector<std::string> &lines) {
	try {
		const TextResult shown = connection.Query(sql, {"the account's privileges", 1, AnswerRows::any});
		for (size_t i = 0; i < shown.rows.size(); ++i)
			lines.push_back(shown.Text(i, 0));
	} catch (const core::Error &error) {
		if (error.code() != core::Code::source_privilege && error.code() != core::Code::source_error)
			throw;
	}
}

} // namespace

std::vector<std::string> ShowGrants(Connection &connection) {
	std::vector<std::string> lines;
	AddGrants(connection, "SHOW GRANTS", lines);
	if (connection.mariadb() && connection.version_number() >= 101100)
		AddGrants(connection, "SHOW GRANTS FOR PUBLIC", lines);
	return lines;
}

core::SourceSight ReadSight(Connection &connection, const std::string &database) {
	return SightOf(ShowGrants(connection), database, connection.mariadb());
}

} // namespace alkconv::mysql
