// Regime: C++ (may throw, never calls Postgres)
//
// Opening, pinning, using and breaking off one connection.
#include "mysql/connection.hpp"

#include "mysql/handle.hpp"
#include "mysql/session.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace alkconv::mysql {

namespace {

constexpr unsigned long kMaxAllowedPacket = 1024UL * 1024 * 1024; // bytes; what the protocol can carry

struct ResultDeleter {
	void operator()(MYSQL_RES *result) const noexcept { mysql_free_result(result); }
};
using Result = std::unique_ptr<MYSQL_RES, ResultDeleter>;

void ApplyOptions(MYSQL &mysql, const ConnectOptions &options) {
	const unsigned protocol = options.socket.empty() ? MYSQL_PROTOCOL_TCP : MYSQL_PROTOCOL_SOCKET;
	const unsigned local_infile = 0; // or a hostile server could ask for the files of this one
	mysql_options(&mysql, MYSQL_OPT_PROTOCOL, &protocol);
	mysql_options(&mysql, MYSQL_OPT_LOCAL_INFILE, &local_infile);
	mysql_options(&mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	mysql_options(&mysql, MYSQL_OPT_MAX_ALLOWED_PACKET, &kMaxAllowedPacket);
	mysql_options(&mysql, MYSQL_OPT_CONNECT_TIMEOUT, &options.connect_timeout);
	if (options.read_timeout > 0) {
		mysql_options(&mysql, MYSQL_OPT_READ_TIMEOUT, &options.read_timeout);
		mysql_options(&mysql, MYSQL_OPT_WRITE_TIMEOUT, &options.read_timeout);
	}
	mysql_options4(&mysql, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "alkconv");
	ApplySecurity(mysql, options);
}

void RunStatement(Connection::Handle &handle, const std::string &sql) {
	if (mysql_real_query(&handle.mysql, sql.data(), static_cast<unsigned long>(sql.size())) != 0)
		throw handle.Fault();
}

Result StoreResult(Connection::Handle &handle) {
	Result result(mysql_store_result(&handle.mysql));
	// Without columns there is no result to store; with columns, or with an error number, null means that it failed.
	if (!result && (mysql_field_count(&handle.mysql) > 0 || mysql_errno(&handle.mysql) != 0))
		throw handle.Fault();
	return result;
}

TextResult Text(MYSQL_RES &result) {
	TextResult text;
	const unsigned columns = mysql_num_fields(&result);
	const MYSQL_FIELD *fields = mysql_fetch_fields(&result);
	for (unsigned i = 0; i < columns; ++i)
		text.columns.emplace_back(fields[i].name, fields[i].name_length);
	text.rows.reserve(mysql_num_rows(&result));
	while (const MYSQL_ROW row = mysql_fetch_row(&result)) {
		const unsigned long *lengths = mysql_fetch_lengths(&result);
		std::vector<std::optional<std::string>> &cells = text.rows.emplace_back();
		cells.reserve(columns);
		for (unsigned i = 0; i < columns; ++i)
			if (row[i] == nullptr)
				cells.emplace_back(std::nullopt);
			else
				cells.emplace_back(std::in_place, row[i], lengths[i]);
	}
	return text;
}

void CheckTls(const Connection::Handle &handle) {
	if (handle.options.ssl_mode < SslMode::required || !handle.cipher.empty())
		return;
	throw NoTlsError(handle.options);
}

// Somebody waits for it who has given up: better late at the server than late here.
constexpr uint32_t kKillTimeout = 3; // seconds

bool Kill(const char *what, const ConnectOptions &options, uint64_t id) noexcept {
	try {
		ConnectOptions hasty = options;
		hasty.connect_timeout =
			options.connect_timeout == 0 ? kKillTimeout : std::min(options.connect_timeout, kKillTimeout);
		Connection killer(hasty);
		killer.Execute(std::string("KILL ") + what + ' ' + std::to_string(id));
		return true;
	} catch (const std::exception &) {
		return false;
	}
}

void Identify(Connection &connection, Connection::Handle &handle) {
	const TextResult result = connection.Query("SELECT VERSION(), @@version_comment, CONNECTION_ID()");
	const bool shaped = result.rows.size() == 1 && result.columns.size() == 3;
	const std::optional<std::string> version = shaped ? result.rows[0][0] : std::nullopt;
	const std::optional<std::string> id = shaped ? result.rows[0][2] : std::nullopt;
	if (!version || !id)
		throw core::Error(core::Code::connection_failed, "the server does not answer as a MySQL server does")
			.Detail(DescribeServer(handle.options))
			.Hint("Check options host and port.");
	handle.version = *version;
	handle.version_number = ParseVersionNumber(handle.version);
	handle.mariadb = IsMariaDb(handle.version, result.rows[0][1].value_or(""));
	handle.id = std::strtoull(id->c_str(), nullptr, 10);
}

} // namespace

Connection::Handle::Handle(const ConnectOptions &connect_options, std::shared_ptr<Interrupter::State> state)
	: options(connect_options), interrupter(std::move(state)) {
	EnsureClientLibrary();
	if (mysql_init(&mysql) == nullptr)
		throw core::Error(core::Code::out_of_memory, "out of memory while connecting to the MySQL server");
}

Connection::Handle::~Handle() {
	mysql_close(&mysql);
	// A busy server notices that its client is gone only when it next writes, and keeps its locks until then.
	if (id != 0 && Interrupted())
		Kill("CONNECTION", options, id);
}

core::Error Connection::Handle::Fault(unsigned number, const char *message) const {
	core::Error error = MakeError({number, message}, options, Phase::work);
	if (error.code() == core::Code::connection_lost && Interrupted())
		return core::Error(core::Code::connection_lost, "connection to the MySQL server was broken off on request")
			.Detail(DescribeServer(options));
	return error;
}

Connection::Connection(const ConnectOptions &options, Interrupter *interrupter) {
	CheckConnectOptions(options);
	handle_ = std::make_unique<Handle>(options, interrupter != nullptr ? interrupter->state() : Interrupter().state());
	ApplyOptions(handle_->mysql, options);
	const auto refuse_interrupted = [this] {
		if (handle_->Interrupted())
			throw core::Error(core::Code::connection_lost, "connecting to the MySQL server was broken off on request")
				.Detail(DescribeServer(handle_->options));
	};
	refuse_interrupted();
	if (!RealConnect(handle_->mysql, options, handle_->interrupter)) {
		refuse_interrupted();
		throw MakeError({mysql_errno(&handle_->mysql), mysql_error(&handle_->mysql)}, options, Phase::connect);
	}
	handle_->socket = WatchedSocket(handle_->interrupter, SocketOf(handle_->mysql));
	if (const char *cipher = mysql_get_ssl_cipher(&handle_->mysql))
		handle_->cipher = cipher;
	CheckTls(*handle_);
	Identify(*this, *handle_);
	for (const std::string &statement : PinStatements(handle_->mariadb, handle_->version_number))
		Execute(statement);
}

Connection::Connection(Connection &&) noexcept = default;
Connection &Connection::operator=(Connection &&) noexcept = default;
Connection::~Connection() = default;

TextResult Connection::Query(const std::string &sql) {
	RunStatement(*handle_, sql);
	const Result result = StoreResult(*handle_);
	return result ? Text(*result) : TextResult();
}

void Connection::Execute(const std::string &sql) {
	RunStatement(*handle_, sql);
	StoreResult(*handle_);
}

bool Connection::Ping() noexcept { return mysql_ping(&handle_->mysql) == 0; }

double Connection::RoundTrip() {
	using Milliseconds = std::chrono::duration<double, std::milli>;
	Milliseconds least = Milliseconds::max();
	for (int i = 0; i < 3; ++i) {
		const auto start = std::chrono::steady_clock::now();
		Execute("DO 0");
		least = std::min(least, Milliseconds(std::chrono::steady_clock::now() - start));
	}
	return least.count();
}

void Connection::interrupt() noexcept {
	handle_->interrupted.store(true, std::memory_order_relaxed);
	handle_->socket.Shutdown();
}

uint64_t Connection::id() const noexcept { return handle_->id; }
bool Connection::mariadb() const noexcept { return handle_->mariadb; }
uint32_t Connection::version_number() const noexcept { return handle_->version_number; }
const std::string &Connection::version() const noexcept { return handle_->version; }
const std::string &Connection::cipher() const noexcept { return handle_->cipher; }
const ConnectOptions &Connection::options() const noexcept { return handle_->options; }

bool KillQuery(const ConnectOptions &options, uint64_t id) noexcept { return Kill("QUERY", options, id); }

} // namespace alkconv::mysql
