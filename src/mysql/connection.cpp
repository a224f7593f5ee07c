// Regime: C++ (may throw, never calls Postgres)
//
// Opening, pinning, using and breaking off one connection.
#include "mysql/connection.hpp"

#include "core/excerpt.hpp"
#include "mysql/handle.hpp"
#include "mysql/session.hpp"

#include <algorithm>
#include <chrono>

namespace alkconv::mysql {

namespace {

constexpr size_t kMegabyte = size_t{1024} * 1024;
constexpr unsigned long kMaxAllowedPacket = 1024 * kMegabyte; // what the protocol can carry
constexpr unsigned long kMaxTextPacket = 64 * kMegabyte;	  // of an answer that is kept as text
constexpr unsigned kPacketTooLarge = 2020;					  // CR_NET_PACKET_TOO_LARGE

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
	if (!RealQuery(handle.mysql, sql, handle.socket))
		throw handle.Fault();
}

// While it lives, rows are answers that are kept as text.
class SmallPackets {
public:
	explicit SmallPackets(MYSQL &mysql) : mysql_(mysql) { mysql_.net.max_packet_size = kMaxTextPacket; }
	~SmallPackets() { mysql_.net.max_packet_size = kMaxAllowedPacket; }
	SmallPackets(const SmallPackets &) = delete;
	SmallPackets &operator=(const SmallPackets &) = delete;

private:
	MYSQL &mysql_;
};

Result UseResult(Connection::Handle &handle) {
	Result result(mysql_use_result(&handle.mysql));
	// Without columns there is no result to read; with columns, or with an error number, null means that it failed.
	if (!result && (mysql_field_count(&handle.mysql) > 0 || mysql_errno(&handle.mysql) != 0))
		throw handle.Fault();
	return result;
}

// Ends the connection too: what is left of such an answer is not waited for.
[[noreturn]] void RefuseTooLarge(const Connection::Handle &handle, const AnswerShape &shape) {
	handle.socket.Shutdown();
	throw core::Error(core::Code::answer_too_large,
					  std::string("the MySQL server's answer about ") + shape.about + " is too large")
		.Detail(DescribeServer(handle.options) + ". The limit is " + std::to_string(shape.most_bytes / kMegabyte) +
				" MB in memory, and " + std::to_string(kMaxTextPacket / kMegabyte) + " MB for a row.")
		.Hint("Such an answer is a few megabytes at most; check what stands behind host and port.");
}

// What a row takes in memory, roughly.
size_t BytesOf(const MYSQL_ROW row, const unsigned long *lengths, unsigned columns) {
	size_t bytes = sizeof(core::TextRows::value_type);
	for (unsigned i = 0; i < columns; ++i)
		bytes += sizeof(std::optional<std::string>) + (row[i] == nullptr ? 0 : lengths[i]);
	return bytes;
}

std::vector<std::optional<std::string>> Cells(const MYSQL_ROW row, const unsigned long *lengths, unsigned columns) {
	std::vector<std::optional<std::string>> cells;
	cells.reserve(columns);
	for (unsigned i = 0; i < columns; ++i)
		if (row[i] == nullptr)
			cells.emplace_back(std::nullopt);
		else
			cells.emplace_back(std::in_place, row[i], lengths[i]);
	return cells;
}

// Row by row, so that an answer without end is noticed before it fills the memory.
TextResult Text(Connection::Handle &handle, MYSQL_RES &result, const AnswerShape &shape) {
	TextResult text;
	const unsigned columns = mysql_num_fields(&result);
	const MYSQL_FIELD *fields = mysql_fetch_fields(&result);
	for (unsigned i = 0; i < columns; ++i)
		text.columns.emplace_back(fields[i].name, fields[i].name_length);
	size_t bytes = 0;
	while (const MYSQL_ROW row = mysql_fetch_row(&result)) {
		const unsigned long *lengths = mysql_fetch_lengths(&result);
		bytes += BytesOf(row, lengths, columns);
		if (bytes > shape.most_bytes)
			RefuseTooLarge(handle, shape);
		text.rows.push_back(Cells(row, lengths, columns));
	}
	if (mysql_errno(&handle.mysql) == kPacketTooLarge)
		RefuseTooLarge(handle, shape);
	if (mysql_errno(&handle.mysql) != 0)
		throw handle.Fault();
	return text;
}

// Of a statement whose result, if any, is not wanted.
constexpr AnswerShape kUnwanted = {"a statement", AnswerShape::kByName, AnswerRows::any};

void CheckTls(const Connection::Handle &handle) {
	if (handle.options.ssl_mode < SslMode::required || !handle.cipher.empty())
		return;
	throw NoTlsError(handle.options);
}

// Somebody waits for it who has given up: better late at the server than late here.
constexpr uint32_t kKillTimeout = 3; // seconds

bool Kill(const char *what, const ConnectOptions &options, const ServerMark &mark) noexcept {
	try {
		ConnectOptions hasty = options;
		hasty.connect_timeout =
			options.connect_timeout == 0 ? kKillTimeout : std::min(options.connect_timeout, kKillTimeout);
		Connection killer(hasty);
		if (!SeesMark(killer, mark))
			return false; // it has ended, or this is another server
		killer.Execute(std::string("KILL ") + what + ' ' + std::to_string(mark.holder));
		return true;
	} catch (const std::exception &) {
		return false;
	}
}

// With the mark, so that it costs no round trip; without it where the server refuses user locks, as some clusters do.
TextResult AskWhoItIs(Connection &connection, const std::string &mark) {
	const auto ask = [&](const std::string &lock) {
		return connection.Query("SELECT VERSION(), @@version_comment, CONNECTION_ID(), " + lock,
								{"the server's version", 4, AnswerRows::one});
	};
	try {
		return ask("GET_LOCK('" + mark + "', 0)");
	} catch (const core::Error &error) {
		if (error.code() != core::Code::source_error)
			throw;
		return ask("NULL");
	}
}

void Identify(Connection &connection, Connection::Handle &handle) {
	const std::string mark = NewMarkName();
	const TextResult answer = AskWhoItIs(connection, mark);
	handle.version = answer.Text(0, 0);
	handle.version_number = ParseVersionNumber(handle.version);
	if (handle.version_number == 0)
		throw core::UnexpectedAnswer(answer.about, "\"" + core::ExcerptOfText(handle.version, core::kExcerptBytes) +
													   "\" is no version");
	handle.mariadb = IsMariaDb(handle.version, answer.Get(0, 1).value_or(""));
	handle.mark.holder = answer.Number(0, 2);
	if (answer.Get(0, 3) == "1")
		handle.mark.name = mark;
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
	if (mark.holder != 0 && Interrupted())
		Kill("CONNECTION", options, mark);
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

TextResult Connection::Query(const std::string &sql, const AnswerShape &shape) {
	const SmallPackets small(handle_->mysql);
	RunStatement(*handle_, sql);
	const Result result = UseResult(*handle_);
	TextResult answer = result ? Text(*handle_, *result, shape) : TextResult();
	answer.about = shape.about;
	CheckShape(answer, shape, sql, DescribeServer(handle_->options));
	return answer;
}

void Connection::Execute(const std::string &sql) {
	const SmallPackets small(handle_->mysql);
	RunStatement(*handle_, sql);
	if (const Result result = UseResult(*handle_))
		Text(*handle_, *result, kUnwanted);
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

uint64_t Connection::id() const noexcept { return handle_->mark.holder; }
const ServerMark &Connection::mark() const noexcept { return handle_->mark; }
bool Connection::mariadb() const noexcept { return handle_->mariadb; }
uint32_t Connection::version_number() const noexcept { return handle_->version_number; }
const std::string &Connection::version() const noexcept { return handle_->version; }
const std::string &Connection::cipher() const noexcept { return handle_->cipher; }
const ConnectOptions &Connection::options() const noexcept { return handle_->options; }

bool KillQuery(const ConnectOptions &options, const ServerMark &mark) noexcept { return Kill("QUERY", options, mark); }

} // namespace alkconv::mysql
