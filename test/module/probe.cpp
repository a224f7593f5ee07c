// Regime: C++ (may throw, never calls Postgres)
//
// Counting and throwing for the boundary's tests.
#include "probe.hpp"

#include <cstring>
#include <new>
#include <optional>
#include <stdexcept>
#include <system_error>

namespace alkconv::test {
namespace {

constexpr size_t kEventBytes = 1024;

long live_probes = 0;
char event_text[kEventBytes];
size_t event_length = 0;

void note(char sign, char name) noexcept {
	if (event_length + 4 > kEventBytes)
		return;
	if (event_length > 0)
		event_text[event_length++] = ' ';
	event_text[event_length++] = sign;
	event_text[event_length++] = name;
	event_text[event_length] = '\0';
}

// `count` times a character of three bytes.
std::string Long(size_t count) {
	std::string text;
	for (size_t i = 0; i < count; ++i)
		text += "\xE2\x82\xAC";
	return text;
}

} // namespace

Probe::Probe(char name) : payload_(100, name), name_(name) {
	++live_probes;
	note('+', name);
}

Probe::Probe(char name, bool broken) : payload_(100, name), name_(name) {
	if (broken)
		throw core::Error(core::Code::unsupported, "probe refuses to be made");
	++live_probes;
	note('+', name);
}

Probe::~Probe() {
	--live_probes;
	note('-', name_);
}

long Probe::live() noexcept { return live_probes; }

const char *Probe::events() noexcept { return event_text; }

void Probe::clear_events() noexcept {
	event_length = 0;
	event_text[0] = '\0';
}

void Throw(const std::string &kind, core::Code code) {
	if (kind == "error")
		throw core::Error(code, "message of 100% the fault")
			.Detail("detail %s")
			.Hint("hint %s")
			.At("the table", "the column");
	if (kind == "bad_alloc")
		throw std::bad_alloc();
	if (kind == "length_error")
		std::string().append(std::string().max_size() + 1, 'x');
	if (kind == "runtime_error")
		throw std::runtime_error("a runtime error");
	if (kind == "optional")
		(void) std::optional<int>().value();
	if (kind == "system_error")
		throw std::system_error(std::make_error_code(std::errc::permission_denied), "a system error");
	if (kind == "int")
		throw 42;
	if (kind == "long_message")
		throw core::Error(core::Code::out_of_range, Long(1000))
			.Detail(Long(1000))
			.Hint(Long(1000))
			.At(Long(1000), Long(1000));
	if (kind == "long_what")
		throw std::runtime_error("x" + Long(1000));
	throw core::Error(core::Code::internal, "unknown kind of exception: " + kind);
}

} // namespace alkconv::test
