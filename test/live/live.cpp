// Regime: C++ (may throw, never calls Postgres)
//
// The server, scratch databases and helpers of the live tests.
#include "live.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace alkconv::live {

namespace {

std::string Environment(const char *name) {
	const char *value = std::getenv(name);
	if (value == nullptr)
		throw std::runtime_error(std::string(name) + " is not set: run within the test bed, test/live/run says how");
	return value;
}

size_t CountThreads() {
	size_t count = 0;
	for ([[maybe_unused]] const auto &entry : std::filesystem::directory_iterator("/proc/self/task"))
		++count;
	return count;
}
const size_t threads_at_start = [] {
	std::thread([] {}).join(); // a sanitizer starts its own with the first
	return CountThreads();
}();

std::string NewName() {
	static int number = 0;
	return "alkconv_live_" + std::to_string(getpid()) + "_" + std::to_string(++number);
}

mysql::ConnectOptions WithDatabase(mysql::ConnectOptions options, const std::string &database) {
	options.database = database;
	return options;
}

} // namespace

mysql::ConnectOptions ServerOptions() {
	mysql::ConnectOptions options;
	options.host = Environment("ALKCONV_TEST_MYSQL_HOST");
	options.port = static_cast<uint16_t>(std::stoi(Environment("ALKCONV_TEST_MYSQL_PORT")));
	options.user = Environment("ALKCONV_TEST_MYSQL_USER");
	options.password = Environment("ALKCONV_TEST_MYSQL_PASSWORD");
	return options;
}

mysql::ConnectOptions ServerOptions(const std::string &user) {
	mysql::ConnectOptions options = ServerOptions();
	options.user = user;
	return options;
}

bool ServerIsMariaDb() {
	static const bool mariadb = mysql::Connection(ServerOptions()).mariadb();
	return mariadb;
}

core::Error ErrorOf(const std::function<void()> &call) {
	try {
		call();
	} catch (const core::Error &e) {
		const std::string password = ServerOptions().password;
		for (const std::string &text : {e.message(), e.detail(), e.hint()})
			EXPECT_EQ(text.find(password), std::string::npos) << "the password is in: " << text;
		EXPECT_FALSE(e.message().empty());
		return e;
	}
	ADD_FAILURE() << "nothing was thrown";
	return core::Error(core::Code::ok, "");
}

mysql::TextResult Ask(mysql::Connection &connection, const std::string &sql) {
	return connection.Query(sql, {"a test", mysql::AnswerShape::kByName, mysql::AnswerRows::any});
}

Scratch::Scratch() : name_(NewName()), options_(WithDatabase(ServerOptions(), name_)), admin_(ServerOptions()) {
	admin_.Execute("CREATE DATABASE " + name_ + " CHARACTER SET utf8mb4");
	admin_.Execute("USE " + name_);
}

Scratch::~Scratch() {
	try {
		mysql::Connection(ServerOptions()).Execute("DROP DATABASE " + name_);
	} catch (const std::exception &e) {
		ADD_FAILURE() << "dropping the scratch database: " << e.what();
	}
}

mysql::ConnectOptions Scratch::options(const std::string &user) const {
	return WithDatabase(ServerOptions(user), name_);
}

void Scratch::Run(const std::vector<std::string> &statements) {
	for (const std::string &statement : statements)
		admin_.Execute(statement);
}

ExtraServer::ExtraServer(const std::string &name, const std::vector<std::string> &server_options)
	: name_(name), port_(0) {
	std::string command =
		Environment("ALKCONV_TEST_SERVER") + " start " + Environment("ALKCONV_TEST_MYSQL_FLAVOR") + " " + name;
	for (const std::string &option : server_options)
		command += " '" + option + "'";
	std::istringstream lines(RunCommand(command));
	for (std::string line; std::getline(lines, line);)
		if (line.rfind("PORT=", 0) == 0)
			port_ = static_cast<uint16_t>(std::stoi(line.substr(5)));
}

ExtraServer::~ExtraServer() {
	try {
		RunCommand(Environment("ALKCONV_TEST_SERVER") + " stop " + name_ + " kill");
	} catch (const std::exception &e) {
		ADD_FAILURE() << e.what();
	}
}

mysql::ConnectOptions ExtraServer::options() const {
	mysql::ConnectOptions options = ServerOptions();
	options.port = port_;
	return options;
}

SilentServer::SilentServer() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), port_(0) {
	sockaddr_in address = {};
	address.sin_family = AF_INET;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	socklen_t length = sizeof(address);
	if (bind(socket_, reinterpret_cast<sockaddr *>(&address), length) != 0 || listen(socket_, 16) != 0 ||
		getsockname(socket_, reinterpret_cast<sockaddr *>(&address), &length) != 0)
		throw std::runtime_error("no listening socket");
	port_ = ntohs(address.sin_port);
}

SilentServer::~SilentServer() { close(socket_); }

mysql::ConnectOptions SilentServer::options() const {
	mysql::ConnectOptions options = ServerOptions();
	options.host = "127.0.0.1";
	options.port = port_;
	return options;
}

core::Poll Next(core::BatchSource &source, core::RowBatch **batch) {
	for (;;) {
		source.acknowledge();
		const core::Poll result = source.try_next(batch);
		if (result != core::Poll::empty)
			return result;
		pollfd ready = {source.wait_fd(), POLLIN, 0};
		if (poll(&ready, 1, 20000) == 0)
			return core::Poll::empty;
	}
}

bool ConnectionIsGone(uint64_t id) {
	mysql::Connection connection(ServerOptions());
	for (int i = 0; i < 50; ++i) {
		if (Ask(connection, "SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = " + std::to_string(id))
				.rows.empty())
			return true;
		std::this_thread::sleep_for(std::chrono::milliseconds(100));
	}
	return false;
}

std::string RunCommand(const std::string &command) {
	FILE *pipe = popen(command.c_str(), "r");
	std::string output;
	std::array<char, 4096> buffer;
	while (const size_t got = fread(buffer.data(), 1, buffer.size(), pipe))
		output.append(buffer.data(), got);
	if (pclose(pipe) != 0)
		throw std::runtime_error("failed: " + command + "\n" + output);
	return output;
}

size_t ExtraThreads() { return CountThreads() - threads_at_start; }

double Seconds(const std::function<void()> &call) {
	const auto start = std::chrono::steady_clock::now();
	call();
	return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace alkconv::live
