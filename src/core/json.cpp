// Regime: C++ (may throw, never calls Postgres)
//
// simdjson's DOM parser, because its On-Demand parser checks only what is asked for. Only a wrong "yes" would do harm; the differences that
// could give one are closed here, and test/t/062_json_rules.pl looks for others against the server.
#include "core/json.hpp"

#include "core/arena.hpp"

#include <cstring>

#include <simdjson.h>

namespace alkconv::core {

namespace {

static_assert(Arena::kReadableBehind >= simdjson::SIMDJSON_PADDING);

// MySQL's own JSON nests 100 deep at most. json_in recurses: 100 kB, the least max_stack_depth, are enough for these.
constexpr size_t kMaxDepth = 128;
// The parser takes up to 13 bytes of memory for one of text.
constexpr size_t kMaxText = size_t{1} << 20;
constexpr size_t kLeastCapacity = size_t{1} << 14;

size_t CapacityFor(size_t size) noexcept {
	size_t capacity = kLeastCapacity;
	while (capacity < size)
		capacity *= 2;
	return capacity;
}

} // namespace

struct JsonValidator::State {
	simdjson::dom::parser parser{kMaxText};
	simdjson::dom::document document;

	// In powers of two, so that texts that grow one by one do not allocate each.
	bool Reserve(size_t size) noexcept {
		if (size <= parser.capacity() && size <= document.capacity())
			return true;
		const size_t capacity = CapacityFor(size);
		return parser.allocate(capacity, kMaxDepth) == simdjson::SUCCESS &&
			   document.allocate(capacity) == simdjson::SUCCESS;
	}
};

JsonValidator::JsonValidator() : state_(std::make_unique<State>()) {}
JsonValidator::~JsonValidator() = default;

bool JsonValidator::Accepts(std::string_view text, bool in_arena) noexcept {
	if (text.empty() || text.size() > kMaxText)
		return false;
	if (text.front() == '\xEF') // perhaps a byte order mark, which simdjson skips and Postgres refuses
		return false;
	if (std::memchr(text.data(), '\0', text.size()) != nullptr)
		return false;
	return state_->Reserve(text.size()) &&
		   state_->parser.parse_into_document(state_->document, text.data(), text.size(), !in_arena).error() ==
			   simdjson::SUCCESS;
}

} // namespace alkconv::core
