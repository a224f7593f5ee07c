// Regime: C++ (may throw, never calls Postgres)
//
// Reads text that is known to be valid, so it looks only for where things end. The depth is bounded by JsonValidator.
#include "core/jsonb_nodes.hpp"

#include "core/json_escapes.hpp"
#include "core/numeric_format.hpp"

#include <cstring>

namespace alkconv::core {

namespace {

constexpr size_t kEntryRoom = 4;
constexpr size_t kPadding = 3;
constexpr size_t kHeaderRoom = 4; // of a container

bool IsOfNumber(char c) noexcept {
	return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || (c | 0x20) == 'e';
}

const char *Find(const char *at, const char *end, char c) noexcept {
	return static_cast<const char *>(std::memchr(at, c, static_cast<size_t>(end - at)));
}

} // namespace

Code JsonbNodes::Read(std::string_view json) {
	nodes_.clear();
	made_size_ = 0;
	room_ = kHeaderRoom; // of the array around a lone scalar
	text_ = at_ = json.data();
	end_ = at_ + json.size();
	complete_ = true;
	return ReadValue() ? Code::ok : Code::nul_in_json;
}

// These return false at the escape \u0000.
bool JsonbNodes::ReadValue() {
	SkipBlanks();
	switch (*at_) {
	case '{': return ReadObject();
	case '[': return ReadArray();
	case '"': return ReadString();
	case 'n': ReadWord(JsonbNode::Kind::null, 4); return true;
	case 't': ReadWord(JsonbNode::Kind::true_, 4); return true;
	case 'f': ReadWord(JsonbNode::Kind::false_, 5); return true;
	default: ReadNumber(); return true;
	}
}

bool JsonbNodes::ReadArray() {
	const size_t self = nodes_.size();
	Add(JsonbNode::Kind::array, false, 0, 0);
	uint32_t elements = 0;
	++at_;
	SkipBlanks();
	while (*at_ != ']') {
		if (*at_ == ',')
			++at_;
		if (!ReadValue())
			return false;
		++elements;
		SkipBlanks();
	}
	++at_;
	nodes_[self].size = elements;
	nodes_[self].next = static_cast<uint32_t>(nodes_.size());
	return true;
}

bool JsonbNodes::ReadObject() {
	const size_t self = nodes_.size();
	Add(JsonbNode::Kind::object, false, 0, 0);
	uint32_t pairs = 0;
	++at_;
	SkipBlanks();
	while (*at_ != '}') {
		if (*at_ == ',') {
			++at_;
			SkipBlanks();
		}
		if (!ReadString())
			return false;
		SkipBlanks();
		++at_; // the colon
		if (!ReadValue())
			return false;
		++pairs;
		SkipBlanks();
	}
	++at_;
	nodes_[self].size = pairs;
	nodes_[self].next = static_cast<uint32_t>(nodes_.size());
	return true;
}

bool JsonbNodes::ReadString() {
	const char *const start = ++at_;
	const char *const quote = Find(start, end_, '"');
	if (const char *const escape = Find(start, quote, '\\'); escape != nullptr)
		return ReadEscaped(start, escape);
	at_ = quote + 1;
	Add(JsonbNode::Kind::string, false, static_cast<size_t>(start - text_), static_cast<size_t>(quote - start));
	return true;
}

// No escape is shorter than the character for which it stands.
bool JsonbNodes::ReadEscaped(const char *start, const char *escape) {
	char *const made = Make(static_cast<size_t>(end_ - start));
	char *out = made;
	at_ = start;
	for (const char *plain_end = escape;;) {
		std::memcpy(out, at_, static_cast<size_t>(plain_end - at_));
		out += plain_end - at_;
		at_ = plain_end;
		if (*at_ == '"')
			break;
		++at_;
		if (*at_ == 'u') {
			const uint32_t point = ReadCodePoint();
			if (point == 0)
				return false;
			out = PutUtf8(out, point);
		} else
			*out++ = Unescaped(*at_++);
		for (plain_end = at_; *plain_end != '"' && *plain_end != '\\';)
			++plain_end;
	}
	++at_;
	const auto size = static_cast<size_t>(out - made);
	Add(JsonbNode::Kind::string, true, made_size_, size);
	made_size_ += size;
	return true;
}

// At the u of an escape; behind it afterwards, or behind the second one of a pair of surrogates.
uint32_t JsonbNodes::ReadCodePoint() noexcept {
	const uint32_t point = ReadHex();
	if (!IsHighSurrogate(point))
		return point;
	++at_; // the backslash
	return OfSurrogates(point, ReadHex());
}

uint32_t JsonbNodes::ReadHex() noexcept {
	uint32_t number = 0;
	++at_;
	for (const char *const behind = at_ + 4; at_ < behind; ++at_)
		number = number << 4 | static_cast<uint32_t>(*at_ <= '9' ? *at_ - '0' : (*at_ | 0x20) - 'a' + 10);
	return number;
}

void JsonbNodes::ReadNumber() {
	const char *const start = at_;
	while (at_ < end_ && IsOfNumber(*at_))
		++at_;
	const std::string_view number(start, static_cast<size_t>(at_ - start));
	const size_t size = WriteNumeric(number, Make(NumericRoom(number.size())));
	Add(JsonbNode::Kind::numeric, true, made_size_, size);
	made_size_ += size;
	complete_ = complete_ && size > 0;
}

void JsonbNodes::ReadWord(JsonbNode::Kind kind, size_t length) {
	at_ += length;
	Add(kind, false, 0, 0);
}

void JsonbNodes::SkipBlanks() noexcept {
	while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t'))
		++at_;
}

// Room behind what has been made so far.
char *JsonbNodes::Make(size_t room) {
	if (made_.size() - made_size_ < room)
		made_.resize(2 * made_.size() + room);
	return made_.data() + made_size_;
}

void JsonbNodes::Add(JsonbNode::Kind kind, bool made, size_t offset, size_t size) {
	nodes_.push_back({kind, made, static_cast<uint32_t>(offset), static_cast<uint32_t>(size),
					  static_cast<uint32_t>(nodes_.size() + 1)});
	room_ += kEntryRoom + kPadding + kHeaderRoom + size; // a container's header, or a string or numeric
}

} // namespace alkconv::core
