// Regime: C++ (may throw, never calls Postgres)
//
// Binary JSON against bytes written down by the rules of jsonb.h. test/t/064_jsonb_bytes.pl compares it with the server's.
#include "core/jsonb.hpp"

#include "core/json.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace alkconv::core {
namespace {

std::string U16(uint32_t number) {
	const auto half = static_cast<uint16_t>(number);
	std::string bytes(sizeof half, '\0');
	std::memcpy(bytes.data(), &half, sizeof half);
	return bytes;
}

std::string U32(uint32_t number) {
	std::string bytes(sizeof number, '\0');
	std::memcpy(bytes.data(), &number, sizeof number);
	return bytes;
}

template <class... Numbers>
std::string Words(Numbers... numbers) {
	return (U32(static_cast<uint32_t>(numbers)) + ...);
}

// A whole number from 1 to 9999.
std::string Small(uint32_t number) {
	return U32(__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 8 : 8 << 2) + U16(0x8000) + U16(number);
}

struct Built {
	Code code;
	std::string bytes;
};

Built Build(JsonbBuilder &builder, const std::string &text) {
	JsonValidator validator;
	EXPECT_TRUE(validator.Accepts(text, false)) << text;
	const std::unique_ptr<char[]> exact(new char[text.size()]); // a sanitizer sees the byte after it
	std::memcpy(exact.get(), text.data(), text.size());
	Arena arena;
	std::string_view container;
	const Code code = builder.Build({exact.get(), text.size()}, arena, container);
	EXPECT_EQ(arena.used(), container.empty() ? 0 : (Arena::kHeaderRoom + container.size() + 7) / 8 * 8) << text;
	return {code, std::string(container)};
}

constexpr uint32_t kArray = 0x40000000, kObject = 0x20000000, kScalar = 0x50000001; // the header of a lone scalar
constexpr uint32_t kEnd = 0x80000000;												// an entry tells the end
constexpr uint32_t kNumeric = 0x10000000, kFalse = 0x20000000, kTrue = 0x30000000, kNull = 0x40000000,
				   kContainer = 0x50000000;

TEST(Jsonb, Bytes) {
	struct {
		const char *text;
		std::string bytes;
	} cases[] = {
		{"{}", Words(kObject)},
		{" [ ] ", Words(kArray)},
		{"null", Words(kScalar, kEnd | kNull)},
		{"true\n", Words(kScalar, kEnd | kTrue)},
		{" false", Words(kScalar, kEnd | kFalse)},
		{"\"\"", Words(kScalar, kEnd)},
		{"\"abc\"", Words(kScalar, kEnd | 3) + "abc"},
		{"12", Words(kScalar, kEnd | kNumeric | 8) + Small(12)},
		{"1.50", Words(kScalar, kEnd | kNumeric | 10) + U32(__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 10 : 10 << 2) +
					 U16(0x8100) + U16(1) + U16(5000)},
		{"[null,true,false]", Words(kArray | 3, kEnd | kNull, kTrue, kFalse)},
		// padding counts as part of what begins behind it
		{"[\"a\",1,\"bcde\",2]", Words(kArray | 4, kEnd | 1, kNumeric | 11, 4, kNumeric | 8) + "a" +
									 std::string(3, '\0') + Small(1) + "bcde" + Small(2)},
		{"[[],{}]", Words(kArray | 2, kEnd | kContainer | 4, kContainer | 4, kArray, kObject)},
		{"[\"ab\",[true],\"c\",{}]", Words(kArray | 4, kEnd | 2, kContainer | 10, 1, kContainer | 7) + "ab" +
										 std::string(2, '\0') + Words(kArray | 1, kEnd | kTrue) + "c" +
										 std::string(3, '\0') + Words(kObject)},
		// keys, then values
		{"{\"a\":\"x\",\"b\":\"y\"}", Words(kObject | 2, kEnd | 1, 1, 1, 1) + "abxy"},
		{"{\"b\" : 1}", Words(kObject | 1, kEnd | 1, kNumeric | 11) + "b" + std::string(3, '\0') + Small(1)},
		// the shorter key first, then byte by byte, unsigned
		{"{\"bb\":\"1\",\"b\":\"2\",\"\":\"3\",\"a\":\"4\",\"\xc3\xa9\":\"5\"}",
		 Words(kObject | 5, kEnd, 1, 1, 2, 2, 1, 1, 1, 1, 1) + "abbb\xc3\xa9"
															   "34215"},
		{"{\"a\":{\"b\":{\"d\":\"1\",\"c\":\"2\"}},\"A\":\"3\"}",
		 Words(kObject | 2, kEnd | 1, 1, 1, kContainer | 41) + "Aa3" + std::string(1, '\0') +
			 Words(kObject | 1, kEnd | 1, kContainer | 27) + "b" + std::string(3, '\0') +
			 Words(kObject | 2, kEnd | 1, 1, 1, 1) + "cd21"},
		// escapes
		{"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", Words(kScalar, kEnd | 8) + "\"\\/\b\f\n\r\t"},
		{"\"a\\u0041b\\u00e9\\u20AC\\ud83d\\ude00\\u0001\\\\u0000\"",
		 Words(kScalar, kEnd | 19) + "aAb\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\x01\\u0000"},
	};
	JsonbBuilder builder;
	for (const auto &c : cases) {
		const Built built = Build(builder, c.text);
		EXPECT_EQ(built.code, Code::ok) << c.text;
		EXPECT_EQ(built.bytes, c.bytes) << c.text;
	}
}

TEST(Jsonb, Every32ndEntryTellsTheEnd) {
	JsonbBuilder builder;
	std::string text, entries, bytes;
	for (uint32_t i = 0; i < 70; ++i) {
		text += (i == 0 ? "[" : ",") + std::string("\"xy\"");
		entries += U32(i % 32 == 0 ? kEnd | (i + 1) * 2 : 2);
		bytes += "xy";
	}
	EXPECT_EQ(Build(builder, text + "]").bytes, U32(kArray | 70) + entries + bytes);

	// of an object the values go on where the keys end
	text.clear(), entries.clear(), bytes.clear();
	for (uint32_t i = 0; i < 20; ++i) {
		text += (i == 0 ? "{" : ",") + ("\"" + std::string(1, static_cast<char>('a' + i)) + "\":\"v\"");
		bytes += static_cast<char>('a' + i);
	}
	for (uint32_t i = 0; i < 40; ++i)
		entries += U32(i % 32 == 0 ? kEnd | (i + 1) : 1);
	EXPECT_EQ(Build(builder, text + "}").bytes, U32(kObject | 20) + entries + bytes + std::string(20, 'v'));
}

TEST(Jsonb, LeavesNumbersBeyondTheFormatToTheServer) {
	JsonbBuilder builder;
	for (const std::string &text : {std::string("1e-16384"), "[1,{\"a\":0." + std::string(16384, '0') + "1}]"}) {
		const Built built = Build(builder, text);
		EXPECT_EQ(built.code, Code::ok) << text;
		EXPECT_EQ(built.bytes, "") << text;
	}
}

TEST(Jsonb, RefusesNulEscapes) {
	JsonbBuilder builder;
	for (const char *text : {"\"\\u0000\"", "[\"a\\\\\\u0000\"]", "{\"\\u0000\":1}", "{\"a\":\"\\u0000\",\"a\":1}"})
		EXPECT_EQ(Build(builder, text).code, Code::nul_in_json) << text;
	EXPECT_EQ(Build(builder, "\"\\\\u0000\"").code, Code::ok);
}

TEST(Jsonb, DeepAndLarge) {
	JsonbBuilder builder;
	std::string nested;
	for (uint32_t depth = 127; depth > 0; --depth)
		nested += Words(kArray | 1, kEnd | kContainer | ((depth - 1) * 8 + 4));
	EXPECT_EQ(Build(builder, std::string(128, '[') + std::string(128, ']')).bytes.size(), 128u * 8 - 4);
	EXPECT_EQ(Build(builder, std::string(128, '[') + std::string(128, ']')).bytes, nested + U32(kArray));
	const std::string large(1000000, 'x');
	EXPECT_EQ(Build(builder, "\"" + large + "\"").bytes, Words(kScalar, kEnd | 1000000) + large);
	std::string ones = "[1";
	for (int i = 1; i < 500000; ++i)
		ones += ",1";
	EXPECT_EQ(Build(builder, ones + "]").bytes.size(), 4u + 500000u * 12);
	EXPECT_EQ(Build(builder, "[]").bytes, U32(kArray)) << "usable afterwards";
}

} // namespace
TEST(Jsonb, NamesThatOccurTwiceAreRefused) {
	JsonbBuilder builder;
	for (const char *text :
		 {"{\"a\":1,\"a\":\"z\"}", "{\"a\":1,\"a\":1}", "[{\"b\":[{\"a\":\"1\",\"b\":\"2\",\"\\u0061\":[]}]}]",
		  "{\"\":1,\"\":2}", "{\"a\":1e-20000,\"a\":2}",
		  "[1e-20000,{\"a\":1,\"a\":2}]"}) // the server reads such numbers itself
		EXPECT_EQ(Build(builder, text).code, Code::duplicate_member) << text;
	for (const char *text : {"{\"a\":1,\"A\":2}", "{\"a\":{\"a\":1}}", "[{\"a\":1},{\"a\":2}]"})
		EXPECT_EQ(Build(builder, text).code, Code::ok) << text;
}

} // namespace alkconv::core
