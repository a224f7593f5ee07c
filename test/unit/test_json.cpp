// Regime: C++ (may throw, never calls Postgres)
//
// Which texts need no look of Postgres' json_in. The rules themselves are compared with the server by test/t/062_json_rules.pl.
#include "core/json.hpp"

#include "core/arena.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace alkconv::core {
namespace {

// In a block of exactly the size that the arena promises, so that a sanitizer sees the byte after it.
bool Accepts(JsonValidator &validator, std::string_view text) {
	const std::unique_ptr<char[]> block(new char[text.size() + Arena::kReadableBehind]);
	std::memcpy(block.get(), text.data(), text.size());
	std::memset(block.get() + text.size(), '"', Arena::kReadableBehind);
	const bool accepts = validator.Accepts({block.get(), text.size()}, true);
	EXPECT_EQ(validator.Accepts(std::string(text), false), accepts) << text;
	return accepts;
}

TEST(Json, AcceptsWhatIsStoredAsItIs) {
	JsonValidator validator;
	for (const char *text :
		 {"{}", "[]", "null", "true", "0", "-0", "1e10", "\"\"", "\"\\u0000\"", " {\"a\" : [1, 2.5, {\"a\": null}]}\n",
		  "\"\xc3\xa9\"", "\"\\ud83d\\ude00\"", "{\"a\":1,\"a\":2}", "18446744073709551615", "\"\x7f\""})
		EXPECT_TRUE(Accepts(validator, text)) << text;
}

TEST(Json, LeavesTheRestToTheServer) {
	JsonValidator validator;
	using namespace std::string_view_literals;
	for (const std::string_view text :
		 {""sv, " "sv, "{"sv, "[1,]"sv, "01"sv, "NaN"sv, "1e400"sv, "{}x"sv, "{} {}"sv, "\xef\xbb\xbf{}"sv,
		  "\"\xc3\""sv, "\"\n\""sv, "{}\0"sv, "\"\0\""sv, "[\0]"sv, "1\0"sv, "'a'"sv, "\"\\x41\""sv})
		EXPECT_FALSE(Accepts(validator, text)) << text;
}

TEST(Json, DepthAndSizeAreBounded) {
	JsonValidator validator;
	EXPECT_TRUE(Accepts(validator, std::string(100, '[') + std::string(100, ']')));
	EXPECT_FALSE(Accepts(validator, std::string(200, '[') + std::string(200, ']')));
	EXPECT_TRUE(Accepts(validator, "\"" + std::string((1 << 20) - 2, 'x') + "\""));
	EXPECT_FALSE(Accepts(validator, "\"" + std::string((1 << 20) - 1, 'x') + "\""));
	EXPECT_TRUE(Accepts(validator, "1")) << "usable afterwards";
}

TEST(Json, SizesOneByOne) {
	JsonValidator validator;
	for (size_t size = 0; size < 300; ++size) {
		EXPECT_TRUE(Accepts(validator, "\"" + std::string(size, 'x') + "\"")) << size;
		EXPECT_FALSE(Accepts(validator, "\"" + std::string(size, 'x'))) << size;
	}
}

} // namespace
} // namespace alkconv::core
