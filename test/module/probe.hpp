// Regime: C++ (may throw, never calls Postgres)
//
// What the boundary's tests watch and throw: an object that counts itself and writes down its life, and one place that
// throws every kind of exception that can reach pg::edge.
#pragma once

#include "core/status.hpp"

#include <string>

namespace alkconv::test {

// An object with a destructor. Not trivially destructible, so a jump over it shows as a count that stays above zero.
class Probe {
public:
	explicit Probe(char name);
	Probe(char name, bool broken); // throws Error(unsupported) when `broken`, after its member has been made
	~Probe();
	Probe(const Probe &) = delete;
	Probe &operator=(const Probe &) = delete;

	static long live() noexcept;
	// "+a +b -b -a": what was made and destroyed since clear_events(), at most 1 kB of it.
	static const char *events() noexcept;
	static void clear_events() noexcept;

private:
	std::string payload_; // heap memory, so that a skipped destructor is a leak as well
	char name_;
};

// Throws what `kind` names: "error" (core::Error of `code` with every field set), "bad_alloc", "length_error",
// "runtime_error", "optional", "system_error", "int", "long_message" (texts longer than edge carries), "long_what".
[[noreturn]] void Throw(const std::string &kind, core::Code code);

} // namespace alkconv::test
