// Regime: C++ (may throw, never calls Postgres)
//
// Names that occur twice, in text of any form and depth. test/t/064_jsonb_bytes.pl compares it with the server.
#include "core/json_members.hpp"

#include "core/conversion_functions.hpp"
#include "core/json.hpp"
#include "core/jsonb.hpp"

#include <gtest/gtest.h>

#include <string>

namespace alkconv::core {
namespace {

constexpr const char *kTwice[] = {
	R"({"a":1,"a":2})",
	R"({"a":1,"b":2,"a":1})",
	R"([{"a":{"b":{},"b":[]}}])",
	R"({"":0,"":0})",
	R"({"a":1,"\u0061":2})",
	R"({"\ud83d\ude00":1,"😀":2})",
	R"({"é":1,"\u00E9":2})",
	R"({"\n":1,"\u000a":2})",
	R"({"\/":1,"/":2})",
	R"( { "a" : "{" , "a" : "}" } )",
	R"({"a":[{"x":1},"a"],"a":null})",
	R"([1e400,{"a":1e-99999,"a":-1}])",
};

constexpr const char *kOnce[] = {
	"",
	"1",
	"\"a\"",
	R"(["a","a"])",
	R"({"a":"a","b":"a"})",
	R"({"a":{"a":{"a":1}}})",
	R"([{"a":1},{"a":2}])",
	R"({"a\\":1,"a\"":2,"a":3})",
	R"({"a":"\",\"a\":","b":"\\"})",
	R"({"a":1,"A":2})",
	R"({"\u00e9":1,"e":2})",
};

// What the server refuses for other reasons, wherever it is cut or damaged, is only not to be read beyond.
constexpr const char *kBroken[] = {
	"{",
	"[",
	"}",
	"]]",
	"{\"",
	"{\"\\",
	"{\"\\u",
	"{\"\\u12",
	"\"\\",
	"\"a",
	"{\"\\uD800",
	"{\"\\ud800\\",
	"{\"\\ud800\\u",
	"{\"\\ud800\\u12",
	"{\"\\ud800\\u0061\"",
	"{\"\\udc00\"",
	"{\"\\uzzzz\":1",
	",,,",
	"{,}",
	"[}",
	"{]",
};

TEST(JsonMembers, NamesThatOccurTwice) {
	for (const char *text : kTwice)
		EXPECT_EQ(CheckMembers(text), Code::duplicate_member) << text;
	for (const char *text : kOnce)
		EXPECT_EQ(CheckMembers(text), Code::ok) << text;
	for (const char *text : kBroken)
		EXPECT_EQ(CheckMembers(text), Code::ok) << text;
}

TEST(JsonMembers, CutAnywhere) {
	for (const char *text : kTwice)
		for (size_t size = std::string_view(text).size() - 1; size > 0; --size) {
			const std::string cut(text, size); // of its own, so that reading beyond it is noticed
			(void) CheckMembers(cut);
		}
}

TEST(JsonMembers, DeepAndLong) {
	const size_t depth = 1000000;
	const std::string open(depth, '['), close(depth, ']');
	EXPECT_EQ(CheckMembers(open + R"({"a":1,"a":2})" + close), Code::duplicate_member);
	EXPECT_EQ(CheckMembers(open + R"({"a":1,"b":2})" + close), Code::ok);
	EXPECT_EQ(CheckMembers("{\"a\":" + open + close + ",\"a\":1}"), Code::duplicate_member);
	std::string many = "{";
	for (int i = 0; i < 200000; ++i)
		many += "\"" + std::to_string(i) + "\":{\"x\":" + std::to_string(i) + "},";
	EXPECT_EQ(CheckMembers(many + "\"x\":0}"), Code::ok);
	EXPECT_EQ(CheckMembers(many + "\"\\u0037\":0}"), Code::duplicate_member);
}

// What the reader does not make itself is checked all the same.
TEST(JsonMembers, TextThatIsLeftToTheServer) {
	JsonValidator validator;
	JsonbBuilder builder;
	Arena arena;
	ConversionContext context;
	context.json = &validator;
	context.jsonb = &builder;
	const std::string deep = std::string(200, '[') + std::string(200, ']'),
					  large = "\"" + std::string(1 << 20, 'x') + "\"";
	for (const std::string &rest : {deep, large}) {
		for (const char *name : {"a", "b"}) {
			const std::string text = "{\"a\":" + rest + ",\"" + name + "\":0}";
			Cell cell = {};
			cell.kind = CellKind::bytes;
			cell.bytes.data = text.data();
			cell.bytes.size = text.size();
			Value value = {};
			EXPECT_FALSE(validator.Accepts(text, false));
			EXPECT_EQ(convert::TextToJsonb(context, cell, arena, value),
					  *name == 'a' ? Code::duplicate_member : Code::ok);
		}
	}
}

} // namespace
} // namespace alkconv::core
