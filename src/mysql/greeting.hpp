// Regime: C++ (may throw, never calls Postgres)
//
// The first packet of a server, as far as it says whether TLS is to be had. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace alkconv::mysql {

enum class Greeting : uint8_t {
	incomplete, // more bytes are needed
	error,		// a refusal; the client library will say which
	other,		// nothing that a MySQL server says
	without_tls,
	with_tls,
};

// `bytes`: what a server has sent so far, from its first byte on. Protocol::HandshakeV10 of the client/server protocol.
Greeting ParseGreeting(std::string_view bytes) noexcept;

} // namespace alkconv::mysql
