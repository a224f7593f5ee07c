// Regime: C++ (may throw, never calls Postgres)
//
// The differences between libmysqlclient and libmariadb.
#include "mysql/client_library.hpp"

#include "core/status.hpp"
#include "mysql/errors.hpp"
#include "mysql/greeting.hpp"
#include "mysql/interrupter_state.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <string>

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

namespace alkconv::mysql {

namespace {

// The libraries ignore SIGPIPE for the whole process when they are initialised. A backend has its own opinion of it,
// which stays; only the default (death) is left replaced, because OpenSSL writes without MSG_NOSIGNAL.
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

MYSQL *CallRealConnect(MYSQL &mysql, const ConnectOptions &options) {
	// Never a null pointer as user or password: the libraries would take them from the environment.
	return mysql_real_connect(&mysql, options.socket.empty() ? options.host.c_str() : nullptr, options.user.c_str(),
							  options.password.c_str(), options.database.empty() ? nullptr : options.database.c_str(),
							  options.port, options.socket.empty() ? nullptr : options.socket.c_str(), 0);
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

// Exported since version 2 and in no installed header. Mode 0: `size` bytes were read (or, as -1, none).
extern "C" int ma_pvio_register_callback(my_bool add, void (*callback)(int mode, MYSQL *mysql,
																	   const unsigned char *bytes, size_t size));

namespace {

// By default the library loads whatever plug-in the server asks for, mysql_clear_password and dialog included, which
// hand over the password. These do not; caching_sha2_password and sha256_password encrypt it with TLS or the server's
// RSA key.
constexpr const char *kSafePlugins =
	"mysql_native_password,caching_sha2_password,sha256_password,client_ed25519,parsec";

} // namespace

void ApplySecurity(MYSQL &mysql, const ConnectOptions &options) {
	if (options.ssl_mode == SslMode::verify_ca)
		throw core::Error(core::Code::tls_refused,
						  "ssl_mode \"verify_ca\" is not available with this client library (libmariadb)")
			.Detail(DescribeServer(options))
			.Hint("Use verify_identity, which checks the host name as well, or build alkconv with libmysqlclient.");
	// From version 3.4 on the library does not check the name of a server that it takes for local (is_local_connection
	// in my_auth.c).
	if (options.ssl_mode == SslMode::verify_identity && (options.host == "127.0.0.1" || options.host == "::1"))
		throw core::Error(core::Code::tls_refused, "ssl_mode \"verify_identity\" cannot be done for address " +
													   options.host + " with this client library (libmariadb)")
			.Detail(DescribeServer(options))
			.Hint("Use a host name that is in the server's certificate, for instance localhost, or ssl_mode required.");
	SetFile(mysql, MYSQL_OPT_SSL_CA, options.ssl_ca);
	SetFile(mysql, MYSQL_OPT_SSL_CERT, options.ssl_cert);
	SetFile(mysql, MYSQL_OPT_SSL_KEY, options.ssl_key);
	// Version 3.4 verifies by default and 3.3 does not: say it in every mode.
	const Flag verify = options.ssl_mode == SslMode::verify_identity ? 1 : 0;
	mysql_optionsv(&mysql, MYSQL_OPT_SSL_ENFORCE, &verify); // other modes: SeeGreeting
	mysql_optionsv(&mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
	mysql_optionsv(&mysql, MARIADB_OPT_RESTRICTED_AUTH, kSafePlugins);
}

namespace {

// What the callbacks, which have no argument of their own, must know. One connection is opened at a time per thread.
struct ConnectWait {
	MYSQL &mysql;
	const ConnectOptions &options;
	const std::shared_ptr<Interrupter::State> &interrupter;
	WatchedSocket socket;
	char greeting[512]; // ten times what servers send
	size_t greeting_size = 0;
	Greeting verdict = Greeting::incomplete;
	bool tls_missing = false;
};
thread_local ConnectWait *connect_wait = nullptr;

// As poll() for one socket, but ended by the interrupter. Milliseconds; 0 and less: no limit.
int PollSocket(const ConnectWait &wait, int socket, short events, int timeout) {
	pollfd wanted[2] = {{socket, events, 0}, {wait.interrupter->wake_fd(), POLLIN, 0}};
	int ready;
	do
		ready = poll(wanted, 2, timeout > 0 ? timeout : -1);
	while (ready == -1 && errno == EINTR);
	if (ready > 0 && wanted[1].revents != 0) {
		errno = ECANCELED;
		return -1;
	}
	if (ready == 0)
		errno = ETIMEDOUT;
	return ready;
}

// Puts the socket within the interrupter's reach. False when there is no descriptor left.
bool WatchSocket(ConnectWait &wait, int socket) noexcept {
	try {
		wait.socket = WatchedSocket(wait.interrupter, socket);
		return true;
	} catch (const std::exception &) {
		return false;
	}
}

// Called for every wait of the library: sees the socket before the server has said anything. Result as poll(), timeout
// in ms.
int WaitForSocket(my_socket socket, my_bool is_read, int timeout) {
	if (connect_wait == nullptr) {
		errno = EINVAL;
		return -1;
	}
	if (!WatchSocket(*connect_wait, socket)) {
		errno = EMFILE;
		return -1;
	}
	return PollSocket(*connect_wait, socket, is_read ? POLLIN : POLLOUT, timeout);
}

// What a statement's description of its columns may take; 4096 columns take less than 1 MB.
constexpr size_t kMostDescription = size_t{64} * 1024 * 1024;

struct Description {
	MYSQL *mysql;
	const WatchedSocket *socket;
	size_t bytes;
};
thread_local Description description = {nullptr, nullptr, 0};

void CountDescription(const MYSQL *mysql, ssize_t size) noexcept {
	if (description.mysql != mysql || size <= 0)
		return;
	description.bytes += static_cast<size_t>(size);
	if (description.bytes > kMostDescription)
		description.socket->Shutdown();
}

// Called with all that the library reads, and so with the server's greeting before the library acts on it.
//
// Where TLS was asked for, the library's caching_sha2_password believes that the connection is encrypted and hands over
// the password in clear, also when the server has offered no TLS (is_connection_secure in caching_sha2_pw.c, as of
// 3.4.9). So TLS is asked for only when the greeting offers it; when it must be had and is not offered, the login is
// cut off before anything is sent.
void SeeGreeting(int mode, MYSQL *mysql, const unsigned char *bytes, size_t size) noexcept {
	constexpr int kRead = 0;
	ConnectWait *wait = connect_wait;
	if (mode == kRead)
		CountDescription(mysql, static_cast<ssize_t>(size));
	if (wait == nullptr || mysql != &wait->mysql || mode != kRead || wait->verdict != Greeting::incomplete ||
		static_cast<ssize_t>(size) <= 0)
		return;
	if (!WatchSocket(*wait, SocketOf(*mysql)))
		shutdown(SocketOf(*mysql), SHUT_RDWR);
	const size_t room = sizeof(wait->greeting) - wait->greeting_size;
	std::memcpy(wait->greeting + wait->greeting_size, bytes, std::min(size, room));
	wait->greeting_size += std::min(size, room);
	wait->verdict = ParseGreeting({wait->greeting, wait->greeting_size});
	if (wait->verdict == Greeting::incomplete && wait->greeting_size == sizeof(wait->greeting))
		wait->verdict = Greeting::other;
	// With verify_identity TLS has been asked for, and the library itself refuses a server without it.
	const SslMode mode_wanted = wait->options.ssl_mode;
	if (mode_wanted != SslMode::preferred && mode_wanted != SslMode::required)
		return;
	if (wait->verdict == Greeting::with_tls) {
		const Flag encrypt = true;
		mysql_optionsv(mysql, MYSQL_OPT_SSL_ENFORCE, &encrypt);
	} else if (mode_wanted == SslMode::required &&
			   (wait->verdict == Greeting::without_tls || wait->verdict == Greeting::other)) {
		wait->tls_missing = true;
		shutdown(SocketOf(*mysql), SHUT_RDWR);
	}
}

} // namespace

bool RealConnect(MYSQL &mysql, const ConnectOptions &options, const std::shared_ptr<Interrupter::State> &interrupter) {
	static std::once_flag watching;
	std::call_once(watching, [] { ma_pvio_register_callback(true, &SeeGreeting); });
	ConnectWait wait{mysql, options, interrupter, {}, {}};
	connect_wait = &wait;
	mysql_optionsv(&mysql, MARIADB_OPT_IO_WAIT, reinterpret_cast<void *>(&WaitForSocket));
	const bool connected = CallRealConnect(mysql, options) != nullptr;
	mysql_optionsv(&mysql, MARIADB_OPT_IO_WAIT, nullptr);
	connect_wait = nullptr;
	if (wait.tls_missing)
		throw NoTlsError(options);
	return connected;
}

bool RealQuery(MYSQL &mysql, const std::string &sql, const WatchedSocket &socket) {
	description = {&mysql, &socket, 0};
	const bool done = mysql_real_query(&mysql, sql.data(), static_cast<unsigned long>(sql.size())) == 0;
	description = {nullptr, nullptr, 0};
	return done;
}

int SocketOf(MYSQL &mysql) noexcept { return static_cast<int>(mysql_get_socket(&mysql)); }

int PrepareFields(MYSQL_STMT &statement, unsigned columns) noexcept {
	for (unsigned i = 0; i < columns; ++i) {
		MYSQL_FIELD &field = statement.fields[i];
		switch (static_cast<int>(field.type)) {
		case 242: // MySQL 9's VECTOR: unknown to libmariadb; on the wire it is a blob
			field.type = MYSQL_TYPE_BLOB;
			break;
		case 15:  // VARCHAR
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

namespace {

// By itself the library loads whatever plug-in the server asks for from its folder: Kerberos, OCI, OpenID Connect and WebAuthn among them, which
// log in as the operating system account of this process, whose tickets and keys they find. The built-in ones need a password, and so does
// mysql_native_password, which is a file since version 9; it is loaded beforehand, and then there is no folder any more.
constexpr const char *kNoFolder = "/dev/null";

void LoadNativePassword(MYSQL &mysql) {
	static std::once_flag once;
	std::call_once(once, [&] {
		if (mysql_client_find_plugin(&mysql, "mysql_native_password", MYSQL_CLIENT_AUTHENTICATION_PLUGIN) == nullptr)
			mysql_load_plugin(&mysql, "mysql_native_password", MYSQL_CLIENT_AUTHENTICATION_PLUGIN, 0);
	});
}

} // namespace

void ApplySecurity(MYSQL &mysql, const ConnectOptions &options) {
	unsigned mode = SSL_MODE_DISABLED;
	switch (options.ssl_mode) {
	case SslMode::disabled: mode = SSL_MODE_DISABLED; break;
	case SslMode::preferred: mode = SSL_MODE_PREFERRED; break;
	case SslMode::required: mode = SSL_MODE_REQUIRED; break;
	case SslMode::verify_ca: mode = SSL_MODE_VERIFY_CA; break;
	case SslMode::verify_identity: mode = SSL_MODE_VERIFY_IDENTITY; break;
	}
	LoadNativePassword(mysql);
	mysql_options(&mysql, MYSQL_PLUGIN_DIR, kNoFolder);
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

bool RealQuery(MYSQL &mysql, const std::string &sql, const WatchedSocket &) {
	return mysql_real_query(&mysql, sql.data(), static_cast<unsigned long>(sql.size())) == 0;
}

int SocketOf(MYSQL &mysql) noexcept { return mysql.net.fd; }

int PrepareFields(MYSQL_STMT &, unsigned) noexcept { return -1; }

#endif

} // namespace alkconv::mysql
