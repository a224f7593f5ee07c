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

const char *CodeName(core::Code code) noexcept {
	using core::Code;
	switch (code) {
	case Code::ok: return "ok";
	case Code::out_of_range: return "out_of_range";
	case Code::not_boolean: return "not_boolean";
	case Code::inexact_number: return "inexact_number";
	case Code::zero_date: return "zero_date";
	case Code::partial_date: return "partial_date";
	case Code::date_out_of_range: return "date_out_of_range";
	case Code::invalid_encoding: return "invalid_encoding";
	case Code::nul_in_text: return "nul_in_text";
	case Code::nul_in_json: return "nul_in_json";
	case Code::text_too_long: return "text_too_long";
	case Code::trailing_blanks: return "trailing_blanks";
	case Code::bits_too_long: return "bits_too_long";
	case Code::invalid_uuid: return "invalid_uuid";
	case Code::empty_uuid: return "empty_uuid";
	case Code::invalid_text: return "invalid_text";
	case Code::code_point_beyond_byte: return "code_point_beyond_byte";
	case Code::unknown_label: return "unknown_label";
	case Code::value_too_large: return "value_too_large";
	case Code::null_for_not_null: return "null_for_not_null";
	case Code::cannot_convert: return "cannot_convert";
	case Code::missing_target: return "missing_target";
	case Code::ambiguous_name: return "ambiguous_name";
	case Code::not_null_without_source: return "not_null_without_source";
	case Code::unknown_rule: return "unknown_rule";
	case Code::unknown_option: return "unknown_option";
	case Code::invalid_option_value: return "invalid_option_value";
	case Code::duplicate_object: return "duplicate_object";
	case Code::unsupported: return "unsupported";
	case Code::connection_failed: return "connection_failed";
	case Code::connection_lost: return "connection_lost";
	case Code::authentication_failed: return "authentication_failed";
	case Code::unknown_database: return "unknown_database";
	case Code::tls_refused: return "tls_refused";
	case Code::source_privilege: return "source_privilege";
	case Code::source_error: return "source_error";
	case Code::source_timeout: return "source_timeout";
	case Code::interrupted: return "interrupted";
	case Code::out_of_memory: return "out_of_memory";
	case Code::internal: return "internal";
	}
	return nullptr;
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
