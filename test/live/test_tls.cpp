// Regime: C++ (may throw, never calls Postgres)
//
// TLS exactly as asked, with certificates made here: never weaker, whatever the client library's own defaults are.
#include "live.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

namespace alkconv::live {

using core::Code;
using mysql::Connection;
using mysql::ConnectOptions;
using mysql::SslMode;

namespace {

// libmariadb cannot check the chain without the host name, nor, from 3.4 on, the name of a loopback address.
bool LibraryVerifiesAnything() { return std::string(std::getenv("ALKCONV_TEST_CLIENT_LIBRARY")) == "mysql"; }

// A certificate authority, another one that signed nothing, a server certificate for the name "localhost" alone and one
// for the address 127.0.0.1 alone.
class Certificates {
public:
	Certificates() : folder_(std::string(std::getenv("ALKCONV_RUN")) + "/tls-" + std::to_string(getpid())) {
		std::filesystem::create_directory(folder_);
		MakeAuthority("ca");
		MakeAuthority("other");
		MakeServer("name", "DNS:localhost");
		MakeServer("address", "IP:127.0.0.1");
		for (const auto &entry : std::filesystem::directory_iterator(folder_))
			chmod(entry.path().c_str(), 0644); // the server runs as another account
		chmod(folder_.c_str(), 0755);
	}
	~Certificates() { std::filesystem::remove_all(folder_); }
	std::string Path(const std::string &name) const { return folder_ + "/" + name; }

private:
	void MakeAuthority(const std::string &name) const {
		RunCommand("openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=" + name +
				   " -addext basicConstraints=critical,CA:TRUE -keyout " + Path(name + ".key") + " -out " +
				   Path(name + ".pem") + " 2>&1");
	}
	void MakeServer(const std::string &name, const std::string &subject) const {
		std::ofstream(Path(name + ".ext")) << "subjectAltName = " << subject << '\n';
		RunCommand("cd " + folder_ + " && openssl req -newkey rsa:2048 -nodes -subj /CN=server -keyout " + name +
				   ".key -out " + name + ".csr 2>&1 && openssl x509 -req -in " + name +
				   ".csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile " + name + ".ext -out " + name +
				   ".pem 2>&1");
	}
	std::string folder_;
};

class TlsTest : public testing::Test {
protected:
	static void SetUpTestSuite() {
		certificates = new Certificates;
		server = new ExtraServer("tls" + std::to_string(getpid()), ServerSettings("name"));
		plain_server =
			new ExtraServer("notls" + std::to_string(getpid()), {ServerIsMariaDb() ? "--skip-ssl" : "--tls-version="});
	}
	static void TearDownTestSuite() {
		delete plain_server;
		delete server;
		delete certificates;
	}
	static std::vector<std::string> ServerSettings(const std::string &certificate) {
		return {"--ssl-ca=" + certificates->Path("ca.pem"), "--ssl-cert=" + certificates->Path(certificate + ".pem"),
				"--ssl-key=" + certificates->Path(certificate + ".key")};
	}
	static ConnectOptions Options(SslMode mode, const std::string &ca = "", const std::string &host = "localhost") {
		ConnectOptions options = server->options();
		options.host = host;
		options.ssl_mode = mode;
		options.ssl_ca = ca.empty() ? "" : certificates->Path(ca);
		return options;
	}
	static Code Refusal(const ConnectOptions &options) {
		const core::Error e = ErrorOf([&] { Connection connection(options); });
		EXPECT_NE(e.hint(), "") << e.what();
		return e.code();
	}

	static Certificates *certificates;
	static ExtraServer *server, *plain_server;
};
Certificates *TlsTest::certificates = nullptr;
ExtraServer *TlsTest::server = nullptr, *TlsTest::plain_server = nullptr;

} // namespace

TEST_F(TlsTest, ModesThatVerifyNothing) {
	EXPECT_EQ(Connection(Options(SslMode::disabled)).cipher(), "");
	EXPECT_NE(Connection(Options(SslMode::preferred)).cipher(), "")
		<< "encrypted, and its unknown authority is no obstacle";
	EXPECT_NE(Connection(Options(SslMode::required)).cipher(), "");
}

TEST_F(TlsTest, VerifyIdentity) {
	EXPECT_NE(Connection(Options(SslMode::verify_identity, "ca.pem")).cipher(), "");
	// The name is not in the certificate; 127.1 is the same address, and libmariadb does not know that.
	EXPECT_EQ(Refusal(Options(SslMode::verify_identity, "ca.pem", "127.1")), Code::tls_refused);
	EXPECT_EQ(Refusal(Options(SslMode::verify_identity, "ca.pem", "127.0.0.1")), Code::tls_refused);
	EXPECT_EQ(Refusal(Options(SslMode::verify_identity, "other.pem")), Code::tls_refused) << "another authority";
	EXPECT_EQ(Refusal(Options(SslMode::verify_identity, "other.pem", "127.0.0.1")), Code::tls_refused);
	EXPECT_EQ(Refusal(Options(SslMode::verify_identity, "missing.pem")), Code::tls_refused);
}

TEST_F(TlsTest, VerifyIdentityOfAnAddress) {
	const ExtraServer addressed("tlsip" + std::to_string(getpid()), ServerSettings("address"));
	ConnectOptions options = addressed.options();
	options.ssl_mode = SslMode::verify_identity;
	options.ssl_ca = certificates->Path("ca.pem");
	options.host = "127.0.0.1";
	if (LibraryVerifiesAnything())
		EXPECT_NE(Connection(options).cipher(), "");
	else
		EXPECT_EQ(Refusal(options), Code::tls_refused) << "refused, not weakened";
	options.host = "localhost";
	EXPECT_EQ(Refusal(options), Code::tls_refused);
}

TEST_F(TlsTest, VerifyCa) {
	if (!LibraryVerifiesAnything()) {
		EXPECT_EQ(Refusal(Options(SslMode::verify_ca, "ca.pem")), Code::tls_refused) << "refused, not weakened";
		return;
	}
	EXPECT_NE(Connection(Options(SslMode::verify_ca, "ca.pem", "127.0.0.1")).cipher(), "");
	EXPECT_EQ(Refusal(Options(SslMode::verify_ca, "other.pem")), Code::tls_refused);
}

TEST_F(TlsTest, ContradictionsAreRefused) {
	EXPECT_EQ(Refusal(Options(SslMode::verify_identity)), Code::invalid_option_value);
	EXPECT_EQ(Refusal(Options(SslMode::required, "ca.pem")), Code::invalid_option_value);
}

TEST_F(TlsTest, ServerWithoutTls) {
	ConnectOptions options = plain_server->options();
	options.ssl_mode = SslMode::preferred;
	EXPECT_EQ(Connection(options).cipher(), "");
	for (const SslMode mode : {SslMode::required, SslMode::verify_identity}) {
		options.ssl_mode = mode;
		options.ssl_ca = mode == SslMode::required ? "" : certificates->Path("ca.pem");
		EXPECT_EQ(Refusal(options), Code::tls_refused);
	}
}

TEST_F(TlsTest, AccountThatDemandsTls) {
	Connection root(Options(SslMode::required));
	root.Execute("CREATE USER 'careful'@'%' IDENTIFIED BY '" + ServerOptions().password + "' REQUIRE SSL");
	ConnectOptions options = Options(SslMode::disabled);
	options.user = "careful";
	EXPECT_EQ(Refusal(options), Code::authentication_failed);
	options.ssl_mode = SslMode::required;
	EXPECT_TRUE(Connection(options).Ping());
}

TEST_F(TlsTest, ServerThatDemandsTls) {
	Connection root(Options(SslMode::required));
	root.Execute("SET GLOBAL require_secure_transport = ON");
	// MariaDB 10 says no more than "access denied".
	const bool vague = root.mariadb() && root.version_number() < 110000;
	EXPECT_EQ(Refusal(Options(SslMode::disabled)), vague ? Code::authentication_failed : Code::tls_refused);
	EXPECT_TRUE(Connection(Options(SslMode::preferred)).Ping());
	root.Execute("SET GLOBAL require_secure_transport = OFF");
}

// Without TLS the first login of an account needs the server's RSA key; later ones are served from the server's cache.
TEST_F(TlsTest, CachingSha2WithAndWithoutTls) {
	Connection root(Options(SslMode::required));
	if (root.mariadb())
		GTEST_SKIP() << "caching_sha2_password is MySQL's";
	for (const SslMode mode : {SslMode::disabled, SslMode::required}) {
		root.Execute(
			"CREATE USER 'fresh'@'%' IDENTIFIED WITH caching_sha2_password BY 'a long password, 31 bytes of it'");
		ConnectOptions options = Options(mode);
		options.user = "fresh";
		options.password = "a long password, 31 bytes of it";
		EXPECT_TRUE(Connection(options).Ping());
		EXPECT_TRUE(Connection(options).Ping());
		options.password += "!";
		EXPECT_EQ(Refusal(options), Code::authentication_failed);
		root.Execute("DROP USER 'fresh'@'%'");
	}
}

} // namespace alkconv::live
