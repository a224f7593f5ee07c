// Regime: C++ (may throw, never calls Postgres)
//
// Recognises JSON that Postgres' json type is sure to accept, so that its input function need not read it again.
#pragma once

#include <memory>
#include <string_view>

namespace alkconv::core {

// Scratch memory that is used again for each text; of one thread at a time.
class JsonValidator {
public:
	JsonValidator();
	~JsonValidator();

	// True: the bytes are UTF-8 without U+0000 that json_in stores as they are, under all settings. False says nothing: the input function
	// decides (numbers beyond a double or 64 bits, lone surrogates, deep nesting, very long texts and want of memory are among that).
	// `in_arena`: at least Arena::kReadableBehind bytes may be read behind the text; otherwise it is copied first.
	bool Accepts(std::string_view text, bool in_arena) noexcept;

private:
	struct State;
	std::unique_ptr<State> state_;
};

} // namespace alkconv::core
