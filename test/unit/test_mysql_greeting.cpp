// Regime: C++ (may throw, never calls Postgres)
//
// Greetings as servers send them, whole, cut anywhere, and wrong.
#include "mysql/greeting.hpp"

#include <gtest/gtest.h>

#include <string>

namespace alkconv::mysql {

namespace {

using namespace std::string_literals;

std::string Packet(const std::string &payload) {
	return std::string{static_cast<char>(payload.size()), static_cast<char>(payload.size() >> 8), '\0', '\0'} + payload;
}

std::string HandshakeV10(const std::string &version, const std::string &capabilities) {
	return Packet("\x0a" + version + "\0"s + "\x07\0\0\0"s + "challeng\0"s + capabilities + "\xff\x02\0\xff\xdf\x15"s +
				  std::string(10, '\0') + "second part.\0caching_sha2_password\0"s);
}

} // namespace

TEST(MySqlGreeting, Capabilities) {
	EXPECT_EQ(ParseGreeting(HandshakeV10("9.7.4-2", "\xff\xff")), Greeting::with_tls);
	EXPECT_EQ(ParseGreeting(HandshakeV10("9.7.4-2", "\xff\xf7")), Greeting::without_tls);
	EXPECT_EQ(ParseGreeting(HandshakeV10("5.5.5-10.11.6-MariaDB-log", "\0\x08"s)), Greeting::with_tls);
	EXPECT_EQ(ParseGreeting(HandshakeV10("", "\xff\0"s)), Greeting::without_tls);
}

TEST(MySqlGreeting, ArrivesInPieces) {
	const std::string whole = HandshakeV10("9.7.4", "\xff\xff");
	const size_t needed = 4 + 1 + 6 + 13 + 2;
	for (size_t size = 0; size < whole.size(); ++size)
		EXPECT_EQ(ParseGreeting(std::string_view(whole).substr(0, size)),
				  size < needed ? Greeting::incomplete : Greeting::with_tls)
			<< size;
}

TEST(MySqlGreeting, AnythingElse) {
	EXPECT_EQ(ParseGreeting(Packet("\xff\x10\x04Too many connections"s)), Greeting::error);
	EXPECT_EQ(ParseGreeting("SSH-2.0-OpenSSH_9.2\r\n"), Greeting::other);
	EXPECT_EQ(ParseGreeting(Packet("\x0a"s)), Greeting::other) << "a packet that ends too early";
	EXPECT_EQ(ParseGreeting(Packet("\x0a"
								   "9.7.4\0\x07\0"s)),
			  Greeting::other);
	EXPECT_EQ(ParseGreeting(""), Greeting::incomplete);
}

} // namespace alkconv::mysql
