// Regime: C++ (may throw, never calls Postgres)
//
// A container is a header with the number of its children, an entry for each of them, and then their bytes; of an object first all keys, then
// all values, sorted by key. Numerics and containers begin at multiples of four bytes; the padding belongs to them. An entry tells the length,
// every 32nd one the end, counted from the first child. The root has no entry.
#include "core/jsonb.hpp"

#include "core/jsonb_nodes.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>
#include <vector>

namespace alkconv::core {

namespace {

// jsonb.h: JENTRY_*, JB_*
constexpr uint32_t kLengthMask = 0x0FFFFFFF;
constexpr uint32_t kTypeMask = 0x70000000;
constexpr uint32_t kHasOffset = 0x80000000;
constexpr uint32_t kString = 0;
constexpr uint32_t kNumeric = 0x10000000;
constexpr uint32_t kFalse = 0x20000000;
constexpr uint32_t kTrue = 0x30000000;
constexpr uint32_t kNull = 0x40000000;
constexpr uint32_t kContainer = 0x50000000;
constexpr uint32_t kScalarFlag = 0x10000000;
constexpr uint32_t kObjectFlag = 0x20000000;
constexpr uint32_t kArrayFlag = 0x40000000;
constexpr uint32_t kOffsetStride = 32;

using Kind = JsonbNode::Kind;

void Put32(char *out, uint32_t number) noexcept { std::memcpy(out, &number, sizeof number); }

// Writes the children's entries while their bytes are being written behind them.
class Entries {
public:
	explicit Entries(char *out) noexcept : out_(out) {}

	void Add(uint32_t entry) noexcept {
		total_ += entry & kLengthMask;
		Put32(out_, count_ % kOffsetStride == 0 ? (entry & kTypeMask) | total_ | kHasOffset : entry);
		out_ += sizeof entry;
		++count_;
	}

private:
	char *out_;
	uint32_t total_ = 0;
	uint32_t count_ = 0;
};

} // namespace

struct JsonbBuilder::State {
	JsonbNodes nodes;
	std::vector<uint32_t> keys; // of the objects being written: indexes of nodes, the innermost object's last
	char *start = nullptr;
	char *out = nullptr;
	bool duplicates = false;

	void WriteRoot(char *to);
	uint32_t WriteNode(uint32_t index);
	uint32_t WriteArray(uint32_t index);
	uint32_t WriteObject(uint32_t index);
	uint32_t WriteBytes(const JsonbNode &node) noexcept;
	size_t SortKeys(uint32_t index, size_t base);
	void Pad() noexcept;
	Entries Open(uint32_t header, size_t entries) noexcept;
};

void JsonbBuilder::State::Pad() noexcept {
	for (; (out - start) % 4 != 0; ++out)
		*out = '\0';
}

Entries JsonbBuilder::State::Open(uint32_t header, size_t entries) noexcept {
	Pad();
	Put32(out, header);
	const Entries result(out + sizeof header);
	out += sizeof header + entries * sizeof(uint32_t);
	return result;
}

void JsonbBuilder::State::WriteRoot(char *to) {
	start = out = to;
	keys.clear();
	const Kind kind = nodes[0].kind;
	if (kind == Kind::array || kind == Kind::object) {
		WriteNode(0);
		return;
	}
	Entries entries = Open(kArrayFlag | kScalarFlag | 1, 1);
	entries.Add(WriteNode(0));
}

uint32_t JsonbBuilder::State::WriteNode(uint32_t index) {
	const JsonbNode &node = nodes[index];
	const char *const before = out;
	switch (node.kind) {
	case Kind::null: return kNull;
	case Kind::false_: return kFalse;
	case Kind::true_: return kTrue;
	case Kind::string: return kString | WriteBytes(node);
	case Kind::numeric:
		Pad();
		WriteBytes(node);
		return kNumeric | static_cast<uint32_t>(out - before);
	case Kind::array: return kContainer | WriteArray(index);
	case Kind::object: return kContainer | WriteObject(index);
	}
	return kNull;
}

uint32_t JsonbBuilder::State::WriteBytes(const JsonbNode &node) noexcept {
	if (node.size > 0)
		std::memcpy(out, nodes.bytes(node), node.size);
	out += node.size;
	return node.size;
}

uint32_t JsonbBuilder::State::WriteArray(uint32_t index) {
	const char *const before = out;
	const JsonbNode &node = nodes[index];
	Entries entries = Open(kArrayFlag | node.size, node.size);
	for (uint32_t child = index + 1; child < node.next; child = nodes[child].next)
		entries.Add(WriteNode(child));
	return static_cast<uint32_t>(out - before);
}

uint32_t JsonbBuilder::State::WriteObject(uint32_t index) {
	const char *const before = out;
	const size_t base = keys.size();
	const size_t pairs = SortKeys(index, base);
	Entries entries = Open(kObjectFlag | static_cast<uint32_t>(pairs), 2 * pairs);
	for (size_t i = 0; i < pairs; ++i)
		entries.Add(WriteNode(keys[base + i]));
	for (size_t i = 0; i < pairs; ++i)
		entries.Add(WriteNode(keys[base + i] + 1));
	keys.resize(base);
	return static_cast<uint32_t>(out - before);
}

// Shorter ones first, then byte by byte. Returns how many there are.
size_t JsonbBuilder::State::SortKeys(uint32_t index, size_t base) {
	const JsonbNode &node = nodes[index];
	for (uint32_t key = index + 1; key < node.next; key = nodes[key + 1].next)
		keys.push_back(key);
	const auto compare = [this](uint32_t a, uint32_t b) noexcept {
		const JsonbNode &left = nodes[a], &right = nodes[b];
		if (left.size != right.size)
			return left.size < right.size ? -1 : 1;
		return left.size == 0 ? 0 : std::memcmp(nodes.bytes(left), nodes.bytes(right), left.size);
	};
	const auto first = keys.begin() + static_cast<std::ptrdiff_t>(base);
	std::sort(first, keys.end(), [&compare](uint32_t a, uint32_t b) noexcept { return compare(a, b) < 0; });
	duplicates = duplicates || std::adjacent_find(first, keys.end(), [&compare](uint32_t a, uint32_t b) noexcept {
								   return compare(a, b) == 0;
							   }) != keys.end();
	return keys.size() - base;
}

JsonbBuilder::JsonbBuilder() : state_(std::make_unique<State>()) {}
JsonbBuilder::~JsonbBuilder() = default;

Code JsonbBuilder::Build(std::string_view json, Arena &arena, std::string_view &container) noexcept {
	container = {};
	try {
		if (const Code code = state_->nodes.Read(json); code != Code::ok)
			return code;
		const size_t room = state_->nodes.room();
		char *const bytes = arena.AllocateBytes(room);
		if (bytes == nullptr)
			return Code::out_of_memory;
		state_->duplicates = false;
		state_->WriteRoot(bytes);
		if (state_->duplicates || !state_->nodes.complete()) {
			arena.GiveBack(bytes, room);
			return state_->duplicates ? Code::duplicate_member : Code::ok;
		}
		const auto size = static_cast<size_t>(state_->out - bytes);
		arena.Shrink(bytes, room, size);
		container = {bytes, size};
		return Code::ok;
	} catch (const std::bad_alloc &) {
		return Code::out_of_memory;
	}
}

} // namespace alkconv::core
