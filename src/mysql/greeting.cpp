// Regime: C++ (may throw, never calls Postgres)
//
// The first packet of a server.
#include "mysql/greeting.hpp"

namespace alkconv::mysql {

Greeting ParseGreeting(std::string_view bytes) noexcept {
	constexpr size_t kHeader = 4;		   // length (3), sequence number
	constexpr size_t kBetween = 4 + 8 + 1; // connection id, first part of the challenge, filler
	constexpr unsigned char kProtocol = 10, kError = 0xff;
	constexpr unsigned kCapabilityTls = 0x0800; // CLIENT_SSL
	if (bytes.size() <= kHeader)
		return Greeting::incomplete;
	const auto byte = [bytes](size_t at) { return static_cast<unsigned char>(bytes[at]); };
	const size_t size = kHeader + (byte(0) | static_cast<size_t>(byte(1)) << 8 | static_cast<size_t>(byte(2)) << 16);
	if (byte(kHeader) == kError)
		return Greeting::error;
	if (byte(kHeader) != kProtocol)
		return Greeting::other;
	const size_t version_end = bytes.find('\0', kHeader + 1);
	const size_t capabilities = version_end + 1 + kBetween;
	if (version_end == std::string_view::npos || bytes.size() < capabilities + 2)
		return bytes.size() < size ? Greeting::incomplete : Greeting::other;
	return ((byte(capabilities) | byte(capabilities + 1) << 8) & kCapabilityTls) != 0 ? Greeting::with_tls
																					  : Greeting::without_tls;
}

} // namespace alkconv::mysql
