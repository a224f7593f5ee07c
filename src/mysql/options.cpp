// Regime: C++ (may throw, never calls Postgres)
//
// Spelling and validity of the connection options.
#include "mysql/options.hpp"

#include "core/status.hpp"

#include <algorithm>
#include <iterator>

namespace alkconv::mysql {

namespace {

constexpr const char *kSslModes[] = {"disabled", "preferred", "required", "verify_ca", "verify_identity"};

char FoldOptionCharacter(char c) {
	if (c >= 'A' && c <= 'Z')
		return static_cast<char>(c - 'A' + 'a');
	return c == '-' ? '_' : c;
}

bool IsHostCharacter(char c) {
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
		   c == '_' || c == ':' || c == '%';
}

} // namespace

SslMode ParseSslMode(std::string_view text) {
	std::string folded(text.size(), '\0');
	std::transform(text.begin(), text.end(), folded.begin(), FoldOptionCharacter);
	const auto found = std::find(std::begin(kSslModes), std::end(kSslModes), folded);
	if (found == std::end(kSslModes))
		throw core::Error(core::Code::invalid_option_value,
						  "invalid value for option \"ssl_mode\": \"" + std::string(text) + "\"")
			.Hint("Valid values are: disabled, preferred, required, verify_ca, verify_identity.");
	return static_cast<SslMode>(found - std::begin(kSslModes));
}

const char *SslModeName(SslMode mode) noexcept { return kSslModes[static_cast<size_t>(mode)]; }

void CheckConnectOptions(const ConnectOptions &options) {
	const auto refuse = [](std::string message, std::string hint) {
		throw core::Error(core::Code::invalid_option_value, std::move(message)).Hint(std::move(hint));
	};
	for (const std::string *text : {&options.host, &options.socket, &options.database, &options.user, &options.password,
									&options.ssl_ca, &options.ssl_cert, &options.ssl_key})
		if (text->find('\0') != std::string::npos)
			refuse("a connection option contains a NUL byte",
				   "Remove it; the client library would cut the text there.");
	// libmariadb reads "a;b=c" as a connection string, "x://" as a plug-in and "a,b" as a list of hosts: a host name
	// could then change options such as the TLS mode.
	if (options.socket.empty() && !std::all_of(options.host.begin(), options.host.end(), IsHostCharacter))
		refuse("invalid value for option \"host\": \"" + options.host + "\"", "Give one host name or one IP address.");
	if (options.socket.empty() && options.host.empty())
		refuse("option \"host\" is empty", "Give a host name, an IP address, or option \"socket\".");
	const bool verifies = options.ssl_mode == SslMode::verify_ca || options.ssl_mode == SslMode::verify_identity;
	if (verifies && options.ssl_ca.empty())
		refuse(std::string("ssl_mode \"") + SslModeName(options.ssl_mode) + "\" needs option \"ssl_ca\"",
			   "Set ssl_ca to the file of the authority that signed the server's certificate; the system's list on "
			   "Debian is "
			   "/etc/ssl/certs/ca-certificates.crt.");
	if (options.ssl_mode == SslMode::verify_identity && !options.socket.empty())
		refuse("ssl_mode \"verify_identity\" has no host name to verify on a unix socket",
			   "Set ssl_mode to disabled, preferred or required; a socket does not leave the machine.");
	if (!verifies && !options.ssl_ca.empty())
		refuse(std::string("option \"ssl_ca\" is set, but ssl_mode \"") + SslModeName(options.ssl_mode) +
				   "\" verifies nothing",
			   "Set ssl_mode to verify_identity, or remove ssl_ca.");
	if (options.ssl_cert.empty() != options.ssl_key.empty())
		refuse("options \"ssl_cert\" and \"ssl_key\" belong together", "Set both, or neither.");
	if (options.ssl_mode < SslMode::required && !options.ssl_cert.empty())
		refuse(std::string("options \"ssl_cert\" and \"ssl_key\" are set, but ssl_mode \"") +
				   SslModeName(options.ssl_mode) + "\" can do without TLS",
			   "Set ssl_mode to required or verify_identity, or remove them.");
}

} // namespace alkconv::mysql
