// Regime: C++ (may throw, never calls Postgres)
//
// Postgres' binary form of JSON, made in the reader's thread, so that jsonb_in need not do it in the backend's.
#pragma once

#include "core/arena.hpp"
#include "core/status.hpp"

#include <memory>
#include <string_view>

namespace alkconv::core {

// Scratch memory that is used again for each text; of one thread at a time.
class JsonbBuilder {
public:
	JsonbBuilder();
	~JsonbBuilder();

	// `json` is text that JsonValidator accepts. `container`: the payload, as Arena::AllocateBytes gives it, of the very value that jsonb_in
	// makes of the text; empty when that has to decide (numbers beyond what WriteNumeric takes). nul_in_json for the escape \u0000,
	// duplicate_member for an object in which a name occurs twice (jsonb_in would drop all but the last without a word), out_of_memory.
	// Rules: JsonbValueToJsonb and its callees (jsonb_util.c), the same in 15 to 18.
	Code Build(std::string_view json, Arena &arena, std::string_view &container) noexcept;

private:
	struct State;
	std::unique_ptr<State> state_;
};

} // namespace alkconv::core
