// Regime: C++ (may throw, never calls Postgres)
//
// How to reach a MySQL or MariaDB server. Filled from the foreign server's options and the user mapping; the password
// never appears in a message.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace alkconv::mysql {

// As in the MySQL client (--ssl-mode). Never weaker than asked: what the client library cannot do is refused.
enum class SslMode : uint8_t { disabled, preferred, required, verify_ca, verify_identity };

// Parses "disabled", "preferred", "required", "verify_ca", "verify_identity" (any case; hyphens as underscores).
// Raises Error(invalid_option_value) with the list as hint.
SslMode ParseSslMode(std::string_view text);

struct ConnectOptions {
	std::string host = "127.0.0.1";
	uint16_t port = 3306;
	std::string socket; // path of a unix socket; wins over host when set
	std::string database;
	std::string user, password;
	SslMode ssl_mode = SslMode::preferred;
	std::string ssl_ca, ssl_cert, ssl_key;
	uint32_t connect_timeout = 10; // seconds
	uint32_t read_timeout = 0;	   // seconds a single read or write may take; 0: no limit
};

const char *SslModeName(SslMode mode) noexcept;

// Raises Error(invalid_option_value) for options that contradict each other or that a client library could misread: a
// host that is no host, ssl_ca without verification (it would feel safe and be none), verification without ssl_ca, a
// host name to verify on a socket, half a client certificate. Connection calls it first; a validator may call it
// earlier. Pure: looks at no file.
void CheckConnectOptions(const ConnectOptions &options);

} // namespace alkconv::mysql
