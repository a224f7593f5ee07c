// Regime: C++ (may throw, never calls Postgres)
//
// Connection options: TLS modes, and combinations that are refused before anything is sent.
#include "core/status.hpp"
#include "mysql/options.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace alkconv::mysql {

namespace {

core::Error RefusalOf(const std::function<void(ConnectOptions &)> &change) {
	ConnectOptions options;
	options.user = "reader";
	options.password = "pass-word-81";
	change(options);
	try {
		CheckConnectOptions(options);
	} catch (const core::Error &e) {
		EXPECT_EQ(e.code(), core::Code::invalid_option_value);
		EXPECT_NE(e.hint(), "");
		EXPECT_EQ((e.message() + e.detail() + e.hint()).find(options.password), std::string::npos);
		return e;
	}
	ADD_FAILURE() << "accepted";
	return core::Error(core::Code::ok, "");
}

void Accept(const std::function<void(ConnectOptions &)> &change) {
	ConnectOptions options;
	change(options);
	EXPECT_NO_THROW(CheckConnectOptions(options));
}

} // namespace

TEST(MySqlOptions, SslModes) {
	EXPECT_EQ(ParseSslMode("disabled"), SslMode::disabled);
	EXPECT_EQ(ParseSslMode("PREFERRED"), SslMode::preferred);
	EXPECT_EQ(ParseSslMode("Required"), SslMode::required);
	EXPECT_EQ(ParseSslMode("verify-ca"), SslMode::verify_ca);
	EXPECT_EQ(ParseSslMode("VERIFY_identity"), SslMode::verify_identity);
	for (const char *wrong : {"", "verify", "require", "verify_full", "disabled ", "0"})
		try {
			ParseSslMode(wrong);
			ADD_FAILURE() << wrong;
		} catch (const core::Error &e) {
			EXPECT_EQ(e.code(), core::Code::invalid_option_value);
			EXPECT_NE(e.hint().find("disabled, preferred, required, verify_ca, verify_identity"), std::string::npos);
		}
	for (const SslMode mode :
		 {SslMode::disabled, SslMode::preferred, SslMode::required, SslMode::verify_ca, SslMode::verify_identity})
		EXPECT_EQ(ParseSslMode(SslModeName(mode)), mode);
}

TEST(MySqlOptions, HostsThatALibraryWouldInterpret) {
	for (const char *host : {"", "a,b", "mariadb://x", "db;ssl_verify=0", "db=1", "db x", "../x", "db\n"})
		RefusalOf([&](ConnectOptions &o) { o.host = host; });
	for (const char *host : {"localhost", "db-1.example.com", "10.0.0.5", "::1", "fe80::1%eth0", "under_score"})
		Accept([&](ConnectOptions &o) { o.host = host; });
	Accept([](ConnectOptions &o) {
		o.host = "";
		o.socket = "/run/mysqld/mysqld.sock";
	});
}

TEST(MySqlOptions, NulBytes) {
	const std::string nul("a\0b", 3);
	RefusalOf([&](ConnectOptions &o) { o.user = nul; });
	RefusalOf([&](ConnectOptions &o) { o.database = nul; });
	RefusalOf([&](ConnectOptions &o) { o.socket = nul; });
}

TEST(MySqlOptions, TlsContradictions) {
	RefusalOf([](ConnectOptions &o) { o.ssl_mode = SslMode::verify_identity; });
	RefusalOf([](ConnectOptions &o) { o.ssl_mode = SslMode::verify_ca; });
	RefusalOf([](ConnectOptions &o) { o.ssl_ca = "/ca.pem"; });
	RefusalOf([](ConnectOptions &o) { o.ssl_mode = SslMode::required, o.ssl_ca = "/ca.pem"; });
	RefusalOf([](ConnectOptions &o) {
		o.ssl_mode = SslMode::verify_identity, o.ssl_ca = "/ca.pem", o.socket = "/run/m.sock";
	});
	RefusalOf([](ConnectOptions &o) { o.ssl_cert = "/cert.pem"; });
	RefusalOf([](ConnectOptions &o) { o.ssl_key = "/key.pem"; });
	RefusalOf([](ConnectOptions &o) { o.ssl_mode = SslMode::disabled, o.ssl_cert = o.ssl_key = "/both.pem"; });
	RefusalOf([](ConnectOptions &o) { o.ssl_mode = SslMode::preferred, o.ssl_cert = o.ssl_key = "/both.pem"; });
	Accept([](ConnectOptions &o) { o.ssl_mode = SslMode::verify_identity, o.ssl_ca = "/ca.pem"; });
	Accept([](ConnectOptions &o) { o.ssl_mode = SslMode::required, o.ssl_cert = o.ssl_key = "/both.pem"; });
}

} // namespace alkconv::mysql
