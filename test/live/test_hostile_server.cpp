// Regime: C++ (may throw, never calls Postgres)
//
// A server that speaks enough of the protocol to misbehave: asks for a local file, demands the password in clear text,
// offers no TLS, breaks off in the middle of a result. No real server does these on demand.
#include "live.hpp"

#include <functional>
#include <thread>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace alkconv::live {

using core::Code;
using mysql::Connection;
using mysql::ConnectOptions;
using mysql::SslMode;

namespace {

// Packets of the client/server protocol: 3 bytes of length, 1 of sequence, payload.
class Wire {
public:
	explicit Wire(int socket) : socket_(socket) {}
	~Wire() { close(socket_); }
	bool Read(std::string *payload) {
		unsigned char header[4];
		if (!ReadAll(header, 4))
			return false;
		payload->resize(header[0] | header[1] << 8 | header[2] << 16);
		sequence_ = static_cast<unsigned char>(header[3] + 1);
		return ReadAll(payload->data(), payload->size());
	}
	void Write(const std::string &payload) {
		const size_t size = payload.size();
		std::string packet = {static_cast<char>(size), static_cast<char>(size >> 8), static_cast<char>(size >> 16),
							  static_cast<char>(sequence_++)};
		packet += payload;
		[[maybe_unused]] const ssize_t sent = send(socket_, packet.data(), packet.size(), MSG_NOSIGNAL);
	}
	void Greet() {
		using namespace std::string_literals;
		// Capabilities without TLS (0x0800): long password, connect with db, protocol 41, transactions, secure
		// connection; plug-in auth.
		Write("\x0a"s
			  "8.0.99-fake\0"s
			  "\x01\0\0\0"s
			  "12345678\0"s
			  "\x09\xa2"s
			  "\x2d"s
			  "\x02\0"s
			  "\x08\0"s
			  "\x15"s +
			  std::string(10, '\0') + "123456789012\0"s + "caching_sha2_password\0"s);
	}
	void Ok() { Write(std::string("\0\0\0\x02\0\0\0", 7)); }
	void HangUp() { shutdown(socket_, SHUT_RDWR); }
	// Description of a column named c, varchar, utf8mb4.
	void Column() {
		Write(std::string("\x03"
						  "def\0\0\0\x01"
						  "c\0\x0c\x2d\0\xff\0\0\0\xfd\0\0\0\0\0",
						  23));
	}
	void Eof() { Write(std::string("\xfe\0\0\x02\0", 5)); }
	// A text result of one row.
	void Row(const std::vector<std::string> &values) {
		Write(std::string(1, static_cast<char>(values.size())));
		for (size_t i = 0; i < values.size(); ++i)
			Column();
		Eof();
		std::string row;
		for (const std::string &value : values)
			row += static_cast<char>(value.size()) + value;
		Write(row);
		Eof();
	}

private:
	bool ReadAll(void *to, size_t size) {
		return size == 0 || recv(socket_, to, size, MSG_WAITALL) == static_cast<ssize_t>(size);
	}
	int socket_;
	unsigned char sequence_ = 0;
};

// Accepts one client, logs it in, answers our own session statements, and hands everything else to `on_command`.
class FakeServer {
public:
	using Step = std::function<void(Wire &, const std::string &)>;
	explicit FakeServer(Step on_login, Step on_command) : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
		sockaddr_in address = {};
		address.sin_family = AF_INET;
		address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		socklen_t length = sizeof(address);
		if (bind(listener_, reinterpret_cast<sockaddr *>(&address), length) != 0 || listen(listener_, 1) != 0)
			throw std::runtime_error("no listening socket");
		getsockname(listener_, reinterpret_cast<sockaddr *>(&address), &length);
		port_ = ntohs(address.sin_port);
		thread_ = std::thread([this, on_login, on_command] { Serve(on_login, on_command); });
	}
	~FakeServer() {
		Finish();
		close(listener_);
	}
	// Waits until the client has gone; what the steps have written may be read then.
	void Finish() {
		shutdown(listener_, SHUT_RDWR);
		if (thread_.joinable())
			thread_.join();
	}
	ConnectOptions options() const {
		ConnectOptions options;
		options.port = port_;
		options.user = "victim";
		options.password = "the secret of the victim";
		return options;
	}

private:
	void Serve(const Step &on_login, const Step &on_command) {
		const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
		if (client < 0)
			return;
		Wire wire(client);
		wire.Greet();
		std::string packet;
		if (!wire.Read(&packet))
			return;
		on_login(wire, packet);
		while (wire.Read(&packet)) {
			if (packet.find("VERSION()") != std::string::npos)
				wire.Row({"8.0.99-fake", "fake", "7", "1"});
			else if (packet.compare(1, 4, "SET ") == 0)
				wire.Ok();
			else
				on_command(wire, packet);
		}
	}
	int listener_;
	uint16_t port_;
	std::thread thread_;
};

void LogIn(Wire &wire, const std::string &) {
	wire.Write("\x01\x03"); // the scrambled password is right
	wire.Ok();
}
void Ignore(Wire &wire, const std::string &) { wire.Ok(); }

} // namespace

TEST(HostileServer, FileRequestIsRefused) {
	std::string answer = "nothing";
	FakeServer server(LogIn, [&](Wire &wire, const std::string &) {
		wire.Write("\xfb/etc/passwd");
		if (!wire.Read(&answer))
			answer.clear();
		wire.Ok();
	});
	ErrorOf([&] { Connection(server.options()).Execute("SELECT 1"); });
	server.Finish();
	EXPECT_EQ(answer, "") << "nothing of the file was sent";
}

TEST(HostileServer, ClearTextPasswordIsNotGiven) {
	std::string answer;
	FakeServer server(
		[&](Wire &wire, const std::string &) {
			wire.Write(std::string("\xfe") + "mysql_clear_password" + std::string(1, '\0'));
			wire.Read(&answer);
			wire.Ok();
		},
		Ignore);
	EXPECT_EQ(ErrorOf([&] { Connection connection(server.options()); }).code(), Code::authentication_failed);
	server.Finish();
	EXPECT_EQ(answer.find("secret"), std::string::npos);
}

// Asks for the full login of caching_sha2_password, as a server that does not know the account yet.
TEST(HostileServer, PasswordIsNotSentInClearWithoutTls) {
	for (const SslMode mode : {SslMode::disabled, SslMode::preferred}) {
		std::string answer;
		FakeServer server(
			[&](Wire &wire, const std::string &) {
				wire.Write("\x01\x04");
				wire.Read(&answer);
				wire.HangUp();
			},
			Ignore);
		ConnectOptions options = server.options();
		options.ssl_mode = mode;
		ErrorOf([&] { Connection connection(options); });
		server.Finish();
		EXPECT_EQ(answer, "\x02") << "it asks for the server's RSA key";
	}
}

TEST(HostileServer, WithoutTlsIsRefusedWhenTlsIsRequired) {
	std::string login = "nothing";
	FakeServer server([&](Wire &, const std::string &packet) { login = packet; }, Ignore);
	ConnectOptions options = server.options();
	options.ssl_mode = SslMode::required;
	EXPECT_EQ(ErrorOf([&] { Connection connection(options); }).code(), Code::tls_refused);
	server.Finish();
	EXPECT_EQ(login, "nothing");
}

TEST(HostileServer, WithoutTlsIsAcceptedWhenTlsIsPreferred) {
	const FakeServer server(LogIn, Ignore);
	Connection connection(server.options());
	EXPECT_EQ(connection.cipher(), "");
	EXPECT_EQ(connection.version_number(), 80099u);
	EXPECT_EQ(connection.id(), 7u);
}

TEST(HostileServer, LinkThatBreaksInAResultIsLost) {
	const FakeServer server(LogIn, [](Wire &wire, const std::string &) {
		wire.Write("\x01");
		wire.Column();
		wire.Eof();
		wire.Write("\x01x");
		wire.HangUp();
	});
	Connection connection(server.options());
	EXPECT_EQ(ErrorOf([&] { Ask(connection, "SELECT c"); }).code(), Code::connection_lost);
}

} // namespace alkconv::live
