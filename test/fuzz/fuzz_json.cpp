// Regime: C++ (may throw, never calls Postgres)
//
// JSON: the judgement does not depend on what lies behind the text, and of every text that is accepted jsonb is made, or left to
// the server; of names that occur twice both ways of looking say the same.
#include "core/json.hpp"
#include "core/json_members.hpp"
#include "core/jsonb.hpp"
#include "core/text.hpp"
#include "fuzz.hpp"

#include <cstring>
#include <string_view>

using namespace alkconv::core;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	static JsonValidator validator;
	static JsonbBuilder builder;
	static Arena arena;
	arena.Reset();
	char *const copy = arena.AllocateBytes(size);
	if (size > 0)
		std::memcpy(copy, data, size);
	std::memset(copy + size, size % 2 == 0 ? '}' : '"', Arena::kReadableBehind);
	const std::string_view text(copy, size);
	const bool accepts = validator.Accepts(text, true);
	Require(accepts == validator.Accepts({reinterpret_cast<const char *>(data), size}, false));
	const bool duplicate = CheckMembers({reinterpret_cast<const char *>(data), size}) == Code::duplicate_member;
	if (!accepts)
		return 0;
	Require(ScanText(text).code == Code::ok);
	std::string_view container;
	const Code code = builder.Build(text, arena, container);
	Require(code == Code::ok || (code == Code::nul_in_json && HasNulEscape(text)) || code == Code::duplicate_member);
	Require(code == Code::nul_in_json || duplicate == (code == Code::duplicate_member));
	if (code == Code::ok && !container.empty())
		Require(container.size() >= 4); // its header
	return 0;
}
