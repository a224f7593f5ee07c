// Regime: C++ (may throw, never calls Postgres)
//
// json_accepts [IMPLEMENTATION]: reads texts as lines of hex, writes 1 or 0 for each: does core::JsonValidator accept it? With the name of one
// of simdjson's implementations it uses that one; "list" names those that this processor runs.
#include "core/arena.hpp"
#include "core/json.hpp"

#include <cstdio>
#include <cstring>
#include <iostream>
#include <string>

#include <simdjson.h>

int main(int argc, char **argv) {
	using namespace alkconv::core;
	const std::string wanted = argc > 1 ? argv[1] : "";
	for (const auto *implementation : simdjson::get_available_implementations()) {
		if (!implementation->supported_by_runtime_system())
			continue;
		if (wanted == "list")
			std::puts(implementation->name().c_str());
		if (wanted == implementation->name())
			simdjson::get_active_implementation() = implementation;
	}
	if (wanted == "list")
		return 0;
	if (!wanted.empty() && simdjson::get_active_implementation()->name() != wanted) {
		std::fprintf(stderr, "no implementation %s\n", wanted.c_str());
		return 1;
	}
	JsonValidator validator;
	Arena arena;
	for (std::string line; std::getline(std::cin, line);) {
		std::string text;
		for (size_t i = 0; i + 1 < line.size(); i += 2)
			text.push_back(static_cast<char>(std::stoi(line.substr(i, 2), nullptr, 16)));
		arena.Reset();
		char *const copy = arena.AllocateBytes(text.size());
		std::memcpy(copy, text.data(), text.size());
		// What follows the text in the arena must not matter.
		std::memset(copy + text.size(), line.size() % 4 == 0 ? '}' : '"', Arena::kReadableBehind);
		const bool accepts = validator.Accepts({copy, text.size()}, true);
		if (accepts != validator.Accepts(text, false)) {
			std::fprintf(stderr, "depends on what follows: %s\n", line.c_str());
			return 1;
		}
		std::puts(accepts ? "1" : "0");
	}
	return 0;
}
