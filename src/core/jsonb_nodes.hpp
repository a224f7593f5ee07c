// Regime: C++ (may throw, never calls Postgres)
//
// JSON text in parts, as JsonbBuilder needs them: every string without its escapes, every number as a numeric.
#pragma once

#include "core/status.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace alkconv::core {

struct JsonbNode {
	enum class Kind : uint8_t { null, false_, true_, string, numeric, array, object };

	Kind kind;
	bool made;		 // string: its bytes lie in JsonbNodes::made, not in the text; numerics always do
	uint32_t offset; // where its bytes begin
	uint32_t size;	 // bytes; array: elements; object: pairs
	uint32_t next;	 // index of the node behind this one and all that it contains
};

// The parts in the order of the text; of an object each key, followed by its value. Memory is used again.
class JsonbNodes {
public:
	// `json` is text that JsonValidator accepts; it is looked at later, too. Returns nul_in_json for the escape \u0000. Throws std::bad_alloc.
	Code Read(std::string_view json);
	// False when the text holds a number beyond what WriteNumeric takes; its node is empty.
	bool complete() const noexcept { return complete_; }

	const JsonbNode &operator[](size_t index) const noexcept { return nodes_[index]; }
	const char *bytes(const JsonbNode &node) const noexcept { return (node.made ? made_.data() : text_) + node.offset; }
	// Not less than what the container of all takes.
	size_t room() const noexcept { return room_; }

private:
	bool ReadValue();
	bool ReadArray();
	bool ReadObject();
	bool ReadString();
	void ReadNumber();
	bool ReadEscaped(const char *start, const char *escape);
	uint32_t ReadHex() noexcept;
	uint32_t ReadCodePoint() noexcept;
	void ReadWord(JsonbNode::Kind kind, size_t length);
	void SkipBlanks() noexcept;
	char *Make(size_t room);
	void Add(JsonbNode::Kind kind, bool made, size_t offset, size_t size);

	std::vector<JsonbNode> nodes_;
	std::vector<char> made_; // `made_size_` of it are in use
	size_t made_size_ = 0;
	size_t room_ = 0;
	const char *text_ = nullptr;
	const char *at_ = nullptr;
	const char *end_ = nullptr;
	bool complete_ = true;
};

} // namespace alkconv::core
