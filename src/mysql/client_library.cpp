// Regime: C++ (may throw, never calls Postgres)
//
// The differences between libmysqlclient and libmariadb.
#include "mysql/client_library.hpp"

#include "core/status.hpp"
#include "mysql/errors.hpp"
#include "mysql/interrupter_state.hpp"

#include <cerrno>
#include <mutex>
#include <string>

#include <poll.h>
#include <signal.h>

namespace alkconv::mysql {

namespace {

// The libraries ignore SIGPIPE for the whole process when they are initialised. A backend has its own opinion of it, which stays;
// only the default (death) is left replaced, because OpenSSL writes without MSG_NOSIGNAL.
int InitialiseLibrary() {
	struct sigaction before;
	const bool known = sigaction(SIGPIPE, nullptr, &before) == 0;
	const int failed = mysql_library_init(0, nullptr, nullptr);
	if (known && before.sa_handler != SIG_DFL)
		sigaction(SIGPIPE, &before, nullptr);
	return failed;
}

void SetFile(MYSQL &mysql, mysql_option option, const std::string &path) {
	if (!path.empty())
		mysql_options(&mysql, option, path.c_str());
}

MYSQL *CallRealConnect(MYSQL &mysql, const ConnectOptions &options, unsigned long client_flags = 0) {
	// Never a null pointer as user or password: the libraries would take them from the environment.
	return mysql_real_connect(&mysql, options.socket.empty() ? options.host.c_str() : nullptr, options.user.c_str(),
							  options.password.c_str(), options.database.empty() ? nullptr : options.database.c_str(), options.port,
							  options.socket.empty() ? nullptr : options.socket.c_str(), client_flags);
}

} // namespace

void EnsureClientLibrary() {
	static std::once_flag once;
	static int failed = 0;
	std::call_once(once, [] { failed = InitialiseLibrary(); });
	if (failed != 0)
		throw core::Error(core::Code::internal, "could not initialise the MySQL client library");
}

#ifdef MARIADB_PACKAGE_VERSION

namespace {
// By default the library loads whatever plug-in the server asks for, mysql_clear_password and dialog included, which hand over the
// password. These do not; caching_sha2_password and sha256_password encrypt it with TLS or the server's RSA key.
constexpr const char *kSafePlugins = "mysql_native_password,caching_sha2_password,sha256_password,client_ed25519,parsec";
} // namespace

void ApplySecurity(MYSQL &mysql, const ConnectOptions &options) {
	if (options.ssl_mode == SslMode::verify_ca)
		throw core::Error(core::Code::tls_refused, "ssl_mode \"verify_ca\" is not available with this client library (libmariadb)")
			.Detail(DescribeServer(options))
			.Hint("Use verify_identity, which checks the host name as well, or build alkconv with libmysqlclient.");
	SetFile(mysql, MYSQL_OPT_SSL_CA, options.ssl_ca);
	SetFile(mysql, MYSQL_OPT_SSL_CERT, options.ssl_cert);
	SetFile(mysql, MYSQL_OPT_SSL_KEY, options.ssl_key);
	// Version 3.4 verifies by default and 3.3 does not: say it in every mode.
	const Flag verify = options.ssl_mode == SslMode::verify_identity;
	const Flag encrypt = options.ssl_mode != SslMode::disabled;
	mysql_optionsv(&mysql, MYSQL_OPT_SSL_ENFORCE, &encrypt);
	mysql_optionsv(&mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
	mysql_optionsv(&mysql, MARIADB_OPT_RESTRICTED_AUTH, kSafePlugins);
}

namespace {

enum class Greeting : uint8_t { failed, without_tls, with_tls };

// Asks what the server's greeting offers and sends it nothing: a login that no plug-in may perform ends there.
// On failure the reason is in `mysql`.
Greeting ReadGreeting(MYSQL &mysql, const ConnectOptions &options) {
	constexpr unsigned kPluginNotAllowed = 5010; // CR_PLUGIN_NOT_ALLOWED
	mysql_optionsv(&mysql, MARIADB_OPT_RESTRICTED_AUTH, "none");
	if (CallRealConnect(mysql, options, CLIENT_REMEMBER_OPTIONS) != nullptr || mysql_errno(&mysql) != kPluginNotAllowed)
		return Greeting::failed;
	mysql_optionsv(&mysql, MARIADB_OPT_RESTRICTED_AUTH, kSafePlugins);
	return (mysql.server_capabilities & CLIENT_SSL) != 0 ? Greeting::with_tls : Greeting::without_tls;
}

// Where TLS was asked for, the library's caching_sha2_password believes that the connection is encrypted and hands over the password
// in clear, also when the server has offered no TLS (is_connection_secure in caching_sha2_pw.c, as of 3.4.4). So TLS is asked for only
// where the greeting offers it. With verify_identity the library itself refuses a server without TLS before it sends anything.
bool NeedsGreeting(const ConnectOptions &options) noexcept {
	return options.socket.empty() && (options.ssl_mode == SslMode::preferred || options.ssl_mode == SslMode::required);
}

// The wait callback has no argument of its own. One connection is opened at a time per thread.
struct ConnectWait {
	const std::shared_ptr<Interrupter::State> &interrupter;
	WatchedSocket socket;
};
thread_local ConnectWait *connect_wait = nullptr;

int WaitForSocket(my_socket socket, my_bool is_read, int timeout);

// Lets the library wait through us for as long as it lives.
class WaitHook {
public:
	WaitHook(MYSQL &mysql, ConnectWait &wait) : mysql_(mysql) {
		connect_wait = &wait;
		mysql_optionsv(&mysql_, MARIADB_OPT_IO_WAIT, reinterpret_cast<void *>(&WaitForSocket));
	}
	~WaitHook() {
		mysql_optionsv(&mysql_, MARIADB_OPT_IO_WAIT, nullptr);
		connect_wait = nullptr;
	}
	WaitHook(const WaitHook &) = delete;
	WaitHook &operator=(const WaitHook &) = delete;

private:
	MYSQL &mysql_;
};

// Called for every wait of the library: sees the socket before the server has said anything. Result as poll(), timeout in ms.
int WaitForSocket(my_socket socket, my_bool is_read, int timeout) {
	if (connect_wait == nullptr) {
		errno = EINVAL;
		return -1;
	}
	try {
		connect_wait->socket = WatchedSocket(connect_wait->interrupter, socket);
	} catch (const std::exception &) {
		errno = EMFILE;
		return -1;
	}
	pollfd wanted[2] = {{socket, static_cast<short>(is_read ? POLLIN : POLLOUT), 0},
						{connect_wait->interrupter->wake_fd(), POLLIN, 0}};
	int ready;
	do
		ready = poll(wanted, 2, timeout > 0 ? timeout : -1);
	while (ready == -1 && errno == EINTR);
	if (ready > 0 && wanted[1].revents != 0)
		ready = -1, errno = ECANCELED;
	else if (ready == 0)
		errno = ETIMEDOUT;
	return ready;
}

} // namespace

bool RealConnect(MYSQL &mysql, const ConnectOptions &options, const std::shared_ptr<Interrupter::State> &interrupter) {
	ConnectWait wait{interrupter, {}};
	const WaitHook hook(mysql, wait);
	if (NeedsGreeting(options)) {
		const Greeting greeting = ReadGreeting(mysql, options);
		wait.socket = WatchedSocket();
		if (greeting == Greeting::failed)
			return false;
		if (greeting == Greeting::without_tls) {
			if (options.ssl_mode == SslMode::required)
				throw NoTlsError(options);
			const Flag encrypt = false;
			mysql_optionsv(&mysql, MYSQL_OPT_SSL_ENFORCE, &encrypt);
		}
	}
	return CallRealConnect(mysql, options) != nullptr;
}

int SocketOf(MYSQL &mysql) noexcept { return static_cast<int>(mysql_get_socket(&mysql)); }

int PrepareFields(MYSQL_STMT &statement, unsigned columns) noexcept {
	for (unsigned i = 0; i < columns; ++i) {
		MYSQL_FIELD &field = statement.fields[i];
		switch (static_cast<int>(field.type)) {
		case 242: // MySQL 9's VECTOR: unknown to libmariadb; on the wire it is a blob
			field.type = MYSQL_TYPE_BLOB;
			break;
		case 15: // VARCHAR
		case 245: // JSON
			break;
		default:
			// The library keeps a table of fetch functions by type, with null pointers where it knows none.
			if (field.type > MYSQL_TYPE_BIT && field.type < MYSQL_TYPE_NEWDECIMAL)
				return static_cast<int>(i);
		}
	}
	return -1;
}

#else

void ApplySecurity(MYSQL &mysql, const ConnectOptions &options) {
	unsigned mode = SSL_MODE_DISABLED;
	switch (options.ssl_mode) {
	case SslMode::disabled:
		mode = SSL_MODE_DISABLED;
		break;
	case SslMode::preferred:
		mode = SSL_MODE_PREFERRED;
		break;
	case SslMode::required:
		mode = SSL_MODE_REQUIRED;
		break;
	case SslMode::verify_ca:
		mode = SSL_MODE_VERIFY_CA;
		break;
	case SslMode::verify_identity:
		mode = SSL_MODE_VERIFY_IDENTITY;
		break;
	}
	SetFile(mysql, MYSQL_OPT_SSL_CA, options.ssl_ca);
	SetFile(mysql, MYSQL_OPT_SSL_CERT, options.ssl_cert);
	SetFile(mysql, MYSQL_OPT_SSL_KEY, options.ssl_key);
	// After the files: naming a CA raises the mode by itself.
	mysql_options(&mysql, MYSQL_OPT_SSL_MODE, &mode);
	const bool fetch_key = true; // caching_sha2_password without TLS needs the server's RSA key
	mysql_options(&mysql, MYSQL_OPT_GET_SERVER_PUBLIC_KEY, &fetch_key);
	const bool clear_text = false; // an environment variable could have switched it on
	mysql_options(&mysql, MYSQL_ENABLE_CLEARTEXT_PLUGIN, &clear_text);
}

bool RealConnect(MYSQL &mysql, const ConnectOptions &options, const std::shared_ptr<Interrupter::State> &interrupter) {
	interrupter->Watch(&mysql.net.fd, options.socket.empty() ? options.port : 0);
	const bool connected = CallRealConnect(mysql, options) != nullptr;
	interrupter->Unwatch(&mysql.net.fd);
	return connected;
}

int SocketOf(MYSQL &mysql) noexcept { return mysql.net.fd; }

int PrepareFields(MYSQL_STMT &, unsigned) noexcept { return -1; }

#endif

} // namespace alkconv::mysql
