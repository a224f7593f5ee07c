// Regime: C++ (may throw, never calls Postgres)
//
// Round trips of random uuids in every spelling, and what is no uuid. Spellings of whole conversions are in conversions.tsv.
#include "core/uuid.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <random>
#include <string>

namespace alkconv::core {
namespace {

TEST(Uuid, Trap22EverySpellingComesBack) {
	std::mt19937_64 random(22);
	for (int round = 0; round < 5000; ++round) {
		std::string bytes(kUuidBytes, '\0');
		for (char &c : bytes)
			c = static_cast<char>(random());
		std::string text(kUuidTextBytes, '\0');
		FormatUuid(bytes.data(), text.data());

		std::string upper = text, plain, quads;
		for (char &c : upper)
			c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
		for (const char c : text)
			if (c != '-') {
				if (!plain.empty() && plain.size() % 4 == 0)
					quads += '-';
				plain += c;
				quads += c;
			}
		for (const std::string &spelling : {text, upper, plain, quads, "{" + text + "}", "{" + plain + "}"}) {
			std::string parsed(kUuidBytes, '\0');
			ASSERT_TRUE(ParseUuid(spelling, parsed.data())) << spelling;
			ASSERT_EQ(parsed, bytes) << spelling;
		}
	}
}

TEST(Uuid, OneWrongCharacterAnywhereIsRefused) {
	const std::string good = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
	char out[kUuidBytes];
	ASSERT_TRUE(ParseUuid(good, out));
	for (size_t at = 0; at < good.size(); ++at)
		for (int byte = 0; byte < 256; ++byte) {
			std::string text = good;
			text[at] = static_cast<char>(byte);
			const bool hyphen = at == 8 || at == 13 || at == 18 || at == 23;
			const bool digit =
				(byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
			ASSERT_EQ(ParseUuid(text, out), hyphen ? byte == '-' : digit) << at << " " << byte;
		}
	for (size_t length = 0; length < good.size(); ++length)
		ASSERT_FALSE(ParseUuid(good.substr(0, length), out)) << length;
	for (const std::string extra : {"0", "-", " ", "}"}) {
		EXPECT_FALSE(ParseUuid(good + extra, out));
		EXPECT_FALSE(ParseUuid(extra + good, out));
	}
	for (const char *text : {"{}", "{", "}", "{0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
							 "{{0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9}}", "0a1b2c3d--4e5f-6071-8293-a4b5c6d7e8f9",
							 "-0a1b2c3d4e5f60718293a4b5c6d7e8f9", "0a-1b2c3d4e5f60718293a4b5c6d7e8f9"})
		EXPECT_FALSE(ParseUuid(text, out)) << text;
}

} // namespace
} // namespace alkconv::core
