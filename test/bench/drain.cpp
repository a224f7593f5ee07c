// drain PORT USER DATABASE TABLE...: reads every row of the tables by prepared statements, which answer in the binary
// protocol, drops them and prints how many there were. The password is in MYSQL_PWD. It is the fastest that a client of
// the library can read, and shares nothing with the extension.
#include <mysql.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

[[noreturn]] void fail(const char *what, const char *why) {
	std::fprintf(stderr, "drain: %s: %s\n", what, why);
	std::exit(1);
}

unsigned long long drain(MYSQL *connection, const std::string &table) {
	const std::string sql = "SELECT * FROM `" + table + "`";
	MYSQL_STMT *statement = mysql_stmt_init(connection);
	if (mysql_stmt_prepare(statement, sql.data(), sql.size()) != 0 || mysql_stmt_execute(statement) != 0)
		fail(table.c_str(), mysql_stmt_error(statement));
	unsigned long long rows = 0;
	int status; // without bound buffers no value is copied
	while ((status = mysql_stmt_fetch(statement)) == 0 || status == MYSQL_DATA_TRUNCATED)
		++rows;
	if (status != MYSQL_NO_DATA)
		fail(table.c_str(), mysql_stmt_error(statement));
	mysql_stmt_close(statement);
	return rows;
}

} // namespace

int main(int count, char **arguments) {
	if (count < 5)
		fail("usage", "drain PORT USER DATABASE TABLE...");
	MYSQL *connection = mysql_init(nullptr);
	const unsigned long longest = 1024 * 1024 * 1024;
	mysql_options(connection, MYSQL_OPT_MAX_ALLOWED_PACKET, &longest);
	mysql_options(connection, MYSQL_SET_CHARSET_NAME, "utf8mb4");
#ifdef MARIADB_BASE_VERSION // its newer versions ask for a verified certificate otherwise
	const my_bool no = 0;
	mysql_options(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &no);
#endif
	if (mysql_real_connect(connection, "127.0.0.1", arguments[2], std::getenv("MYSQL_PWD"), arguments[3],
						   static_cast<unsigned>(std::atoi(arguments[1])), nullptr, 0) == nullptr)
		fail("connection", mysql_error(connection));
	unsigned long long rows = 0;
	for (int i = 4; i < count; ++i)
		rows += drain(connection, arguments[i]);
	mysql_close(connection);
	std::printf("%llu\n", rows);
}
