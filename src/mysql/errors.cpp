// Regime: C++ (may throw, never calls Postgres)
//
// Error numbers of the client library (2000-2999, MariaDB's 5000-5999) and of the server to codes, messages and hints.
#include "mysql/errors.hpp"

namespace alkconv::mysql {

using core::Code;

namespace {

bool IsUnreachable(unsigned number) noexcept {
	switch (number) {
	case 2001: // CR_SOCKET_CREATE_ERROR
	case 2002: // CR_CONNECTION_ERROR
	case 2003: // CR_CONN_HOST_ERROR
	case 2004: // CR_IPSOCK_ERROR
	case 2005: // CR_UNKNOWN_HOST
	case 2007: // CR_VERSION_ERROR
	case 2009: // CR_WRONG_HOST_INFO
	case 2012: // CR_SERVER_HANDSHAKE_ERR
	case 1040: // ER_CON_COUNT_ERROR
	case 1129: // ER_HOST_IS_BLOCKED
	case 1203: // ER_TOO_MANY_USER_CONNECTIONS
	case 1226: // ER_USER_LIMIT_REACHED
		return true;
	default: return false;
	}
}

bool IsAuthenticationFailure(unsigned number) noexcept {
	switch (number) {
	case 1045: // ER_ACCESS_DENIED_ERROR
	case 1130: // ER_HOST_NOT_PRIVILEGED
	case 1251: // ER_NOT_SUPPORTED_AUTH_MODE
	case 1698: // ER_ACCESS_DENIED_NO_PASSWORD_ERROR
	case 1820: // ER_MUST_CHANGE_PASSWORD
	case 1862: // ER_MUST_CHANGE_PASSWORD_LOGIN
	case 2049: // CR_SECURE_AUTH
	case 2059: // CR_AUTH_PLUGIN_CANNOT_LOAD
	case 2061: // CR_AUTH_PLUGIN_ERR
	case 3118: // ER_ACCOUNT_HAS_BEEN_LOCKED
	case 4151: // MariaDB: ER_ACCOUNT_HAS_BEEN_LOCKED
	case 5010: // MariaDB: CR_PLUGIN_NOT_ALLOWED
		return true;
	default: return false;
	}
}

const char *HintForFailure(unsigned number, Code code, Phase phase) {
	switch (number) {
	case 1040:
	case 1203:
	case 1226:
		return "The server allows no more connections now; try again later, use fewer readers, or raise its limit.";
	case 1129:
		return "The server has blocked this host after failed connections; run FLUSH HOSTS (mysqladmin flush-hosts) "
			   "there.";
	case 1146: // ER_NO_SUCH_TABLE
	case 1054: // ER_BAD_FIELD_ERROR
	case 1412: // ER_TABLE_DEF_CHANGED
		return "The source's tables were changed while they were being read, or the foreign table is out of date; try "
			   "again.";
	case 2020: // CR_NET_PACKET_TOO_LARGE
		return "A row is larger than 1 GB, the most the protocol can carry; exclude the column.";
	case 2059:
	case 5010:
		return "The account uses an authentication plug-in that is not permitted or not installed here; use an account "
			   "with "
			   "caching_sha2_password (MySQL) or mysql_native_password (MariaDB).";
	case 3159: // ER_SECURE_TRANSPORT_REQUIRED
		return "The server accepts TLS connections only: set ssl_mode to required or verify_identity.";
	default: break;
	}
	switch (code) {
	case Code::connection_failed:
		return "Check options host, port and socket, that the server is running, and that no firewall is in between.";
	case Code::connection_lost:
		return "The server ended the connection (restart, KILL, or network); nothing was taken for the end of the "
			   "data. Try again.";
	case Code::authentication_failed:
		return "Check username and password of the user mapping, that the account may connect from this host, and "
			   "whether it demands TLS.";
	case Code::unknown_database: return "Check option dbname.";
	case Code::tls_refused:
		return "Check ssl_mode, ssl_ca and the host name in the server's certificate; verify_identity wants exactly "
			   "that name as option "
			   "host.";
	case Code::source_privilege:
		return phase == Phase::connect
				   ? "Check option dbname, and that the account has SELECT on that database."
				   : "Grant the account what the message names; reading needs SELECT on the database.";
	case Code::source_timeout:
		return "A time limit or a lock of the source ended the statement; try again when the source is less busy.";
	case Code::source_error:
		return IsQueryKilled(number) ? "Somebody ended the statement with KILL QUERY or KILL, the server was being "
									   "stopped, or a limit of it was "
									   "reached; try again."
									 : "";
	default: return "";
	}
}

} // namespace

bool IsConnectionLoss(unsigned number) noexcept {
	switch (number) {
	case 2006: // CR_SERVER_GONE_ERROR
	case 2013: // CR_SERVER_LOST
	case 2055: // CR_SERVER_LOST_EXTENDED
	case 2026: // CR_SSL_CONNECTION_ERROR: in mid-work TLS reports a broken link this way
	case 2027: // CR_MALFORMED_PACKET
	case 1053: // ER_SERVER_SHUTDOWN
	case 1080: // ER_FORCING_CLOSE
	case 1156: // ER_NET_PACKETS_OUT_OF_ORDER
	case 1158: // ER_NET_READ_ERROR
	case 1159: // ER_NET_READ_INTERRUPTED
	case 1160: // ER_NET_ERROR_ON_WRITE
	case 1161: // ER_NET_WRITE_INTERRUPTED
	case 1184: // ER_NEW_ABORTING_CONNECTION
	case 1927: // MariaDB: ER_CONNECTION_KILLED
	case 3169: // ER_SESSION_WAS_KILLED
	case 4031: // ER_CLIENT_INTERACTION_TIMEOUT
		return true;
	default: return false;
	}
}

bool IsQueryKilled(unsigned number) noexcept { return number == 1317; }

bool IsPrivilegeFailure(unsigned number) noexcept {
	switch (number) {
	case 1044: // ER_DBACCESS_DENIED_ERROR
	case 1045: // ER_ACCESS_DENIED_ERROR: managed servers refuse FLUSH TABLES with it
	case 1142: // ER_TABLEACCESS_DENIED_ERROR
	case 1143: // ER_COLUMNACCESS_DENIED_ERROR
	case 1227: // ER_SPECIFIC_ACCESS_DENIED_ERROR
	case 1370: // ER_PROCACCESS_DENIED_ERROR
		return true;
	default: return false;
	}
}

Code CodeForFailure(unsigned number, Phase phase) noexcept {
	if (number == 2008) // CR_OUT_OF_MEMORY
		return Code::out_of_memory;
	if (number == 1049) // ER_BAD_DB_ERROR
		return Code::unknown_database;
	if (phase == Phase::connect) {
		if (number == 2026 || number == 3159) // CR_SSL_CONNECTION_ERROR, ER_SECURE_TRANSPORT_REQUIRED
			return Code::tls_refused;
		if (IsAuthenticationFailure(number))
			return Code::authentication_failed;
		if (IsUnreachable(number) || IsConnectionLoss(number))
			return Code::connection_failed;
	}
	if (IsConnectionLoss(number))
		return Code::connection_lost;
	if (IsPrivilegeFailure(number))
		return Code::source_privilege;
	switch (number) {
	case 1205: // ER_LOCK_WAIT_TIMEOUT
	case 1969: // MariaDB: ER_STATEMENT_TIMEOUT
	case 3024: // ER_QUERY_TIMEOUT
		return Code::source_timeout;
	default: return Code::source_error;
	}
}

std::string DescribeServer(const ConnectOptions &options) {
	std::string text = "server ";
	if (!options.socket.empty())
		text += options.socket;
	else if (options.host.find(':') != std::string::npos)
		text += '[' + options.host + "]:" + std::to_string(options.port);
	else
		text += options.host + ':' + std::to_string(options.port);
	text += ", user \"" + options.user + '"';
	if (!options.database.empty())
		text += ", database \"" + options.database + '"';
	return text;
}

core::Error MakeError(const Failure &failure, const ConnectOptions &options, Phase phase) {
	const Code code = CodeForFailure(failure.number, phase);
	std::string message = phase == Phase::connect		  ? "could not connect to the MySQL server: "
						  : code == Code::connection_lost ? "connection to the MySQL server was lost: "
														  : "MySQL server reported an error: ";
	message += failure.message.empty() ? "no message" : failure.message;
	message += " (" + std::to_string(failure.number) + ')';
	return core::Error(code, std::move(message))
		.Detail(DescribeServer(options))
		.Hint(HintForFailure(failure.number, code, phase));
}

core::Error NoTlsError(const ConnectOptions &options) {
	return core::Error(Code::tls_refused, std::string("the MySQL server offers no TLS, and ssl_mode is \"") +
											  SslModeName(options.ssl_mode) + '"')
		.Detail(DescribeServer(options))
		.Hint("Switch TLS on in the server, or allow an unencrypted connection with ssl_mode preferred or disabled.");
}

} // namespace alkconv::mysql
