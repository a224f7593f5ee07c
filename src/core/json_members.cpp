// Regime: C++ (may throw, never calls Postgres)
//
// One pass without recursion that keeps the names of the objects that are open, and compares those of one object when it closes.
#include "core/json_members.hpp"

#include "core/hex.hpp"
#include "core/json_escapes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <string>
#include <vector>

namespace alkconv::core {

namespace {

class MemberSearch {
public:
	explicit MemberSearch(std::string_view json) noexcept : text_(json) {}

	// The first fault of the text ends the search: the server does not take it then.
	bool FindsDuplicate() {
		bool is_name = false; // the next string
		while (at_ < text_.size()) {
			switch (text_[at_++]) {
			case '{': Open(is_name = true); break;
			case '[': Open(is_name = false); break;
			case ',': is_name = !open_.empty() && open_.back().object; break;
			case ':': is_name = false; break;
			case '"':
				if (!ReadString(is_name))
					return false;
				break;
			case '}':
			case ']':
				if (open_.empty())
					return false;
				if (HasDuplicate(open_.back()))
					return true;
				Close();
				break;
			default: break; // blanks, numbers and words
			}
		}
		return false;
	}

private:
	struct Container {
		bool object;
		size_t names, decoded; // what was in use when it was opened
	};
	struct Name {
		size_t offset, size;
		bool decoded; // its bytes lie in decoded_, not in the text
	};

	std::string_view text_;
	size_t at_ = 0;
	std::vector<Container> open_;
	std::vector<Name> names_; // of all that are open, the innermost object's last
	std::string decoded_;

	void Open(bool object) { open_.push_back({object, names_.size(), decoded_.size()}); }

	void Close() {
		names_.resize(open_.back().names);
		decoded_.resize(open_.back().decoded);
		open_.pop_back();
	}

	std::string_view Bytes(const Name &name) const noexcept {
		return (name.decoded ? std::string_view(decoded_) : text_).substr(name.offset, name.size);
	}

	bool HasDuplicate(const Container &object) {
		const auto first = names_.begin() + static_cast<std::ptrdiff_t>(object.names);
		std::sort(first, names_.end(), [this](const Name &a, const Name &b) { return Bytes(a) < Bytes(b); });
		return std::adjacent_find(first, names_.end(), [this](const Name &a, const Name &b) {
				   return Bytes(a) == Bytes(b);
			   }) != names_.end();
	}

	// Behind the quote that begins a string; behind the one that ends it afterwards.
	bool ReadString(bool is_name) {
		const size_t start = at_, decoded = decoded_.size();
		bool escaped = false;
		for (size_t plain = start;; plain = at_) {
			while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\')
				++at_;
			if (at_ == text_.size())
				return false;
			const bool ends = text_[at_] == '"';
			escaped |= !ends;
			if (is_name && escaped)
				decoded_.append(text_, plain, at_ - plain);
			++at_;
			if (ends)
				break;
			if (is_name ? !ReadEscape() : ++at_ > text_.size())
				return false;
		}
		if (is_name)
			names_.push_back(escaped ? Name{decoded, decoded_.size() - decoded, true}
									 : Name{start, at_ - 1 - start, false});
		return true;
	}

	// Behind a backslash.
	bool ReadEscape() {
		if (at_ == text_.size())
			return false;
		const char c = text_[at_++];
		if (c != 'u') {
			decoded_ += Unescaped(c);
			return true;
		}
		uint32_t point = 0, low = 0;
		if (!ReadHex(point) || IsLowSurrogate(point))
			return false;
		if (IsHighSurrogate(point)) {
			if (text_.compare(at_, 2, "\\u") != 0)
				return false;
			at_ += 2;
			if (!ReadHex(low) || !IsLowSurrogate(low))
				return false;
			point = OfSurrogates(point, low);
		}
		char utf8[4];
		decoded_.append(utf8, static_cast<size_t>(PutUtf8(utf8, point) - utf8));
		return true;
	}

	bool ReadHex(uint32_t &number) noexcept {
		if (text_.size() - at_ < 4)
			return false;
		number = 0;
		for (const size_t end = at_ + 4; at_ < end; ++at_) {
			const int value = HexValue(text_[at_]);
			if (value < 0)
				return false;
			number = number << 4 | static_cast<uint32_t>(value);
		}
		return true;
	}
};

} // namespace

Code CheckMembers(std::string_view json) noexcept {
	try {
		return MemberSearch(json).FindsDuplicate() ? Code::duplicate_member : Code::ok;
	} catch (const std::bad_alloc &) {
		return Code::out_of_memory;
	}
}

} // namespace alkconv::core
