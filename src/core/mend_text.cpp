// Regime: C++ (may throw, never calls Postgres)
//
// Transforms of text. A value that stays as it is costs one look at its bytes and no memory.
#include "core/mend.hpp"

#include "core/code_points.hpp"
#include "core/conversion_table.hpp"
#include "core/inflate.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cstring>

namespace alkconv::core::mend {

namespace {

constexpr std::string_view kSymbolForNull = "\xE2\x90\x80"; // U+2400
constexpr std::string_view kNulEscape = "\\u0000";

// The cell becomes these bytes of the arena.
Code Replace(Cell &cell, const char *bytes, size_t size, Mended &outcome) noexcept {
	cell.in_arena = true;
	cell.bytes = {bytes, size};
	outcome = Mended::changed;
	return Code::ok;
}

// Every occurrence of `from` replaced, where `from` begins at a byte for which `at` says so.
template <class FindNext>
Code ReplaceAll(Cell &cell, size_t length, std::string_view to, Arena &arena, Mended &outcome, FindNext find) noexcept {
	const std::string_view text = cell.text();
	size_t next = find(text, 0);
	if (next == std::string_view::npos)
		return Code::ok;
	size_t count = 0;
	for (size_t at = next; at != std::string_view::npos; at = find(text, at + length))
		++count;
	const size_t size = text.size() - count * length + count * to.size();
	char *const bytes = arena.AllocateBytes(size);
	if (bytes == nullptr)
		return Code::out_of_memory;
	char *out = bytes;
	size_t from = 0;
	for (; next != std::string_view::npos; next = find(text, from)) {
		out = std::copy(text.begin() + static_cast<std::ptrdiff_t>(from),
						text.begin() + static_cast<std::ptrdiff_t>(next), out);
		out = std::copy(to.begin(), to.end(), out);
		from = next + length;
	}
	std::copy(text.begin() + static_cast<std::ptrdiff_t>(from), text.end(), out);
	return Replace(cell, bytes, size, outcome);
}

size_t FindNul(std::string_view text, size_t from) noexcept { return text.find('\0', from); }

// The escape \u0000, not the characters of it behind an escaped backslash. `from` is not within an escape.
size_t FindNulEscape(std::string_view text, size_t from) noexcept {
	for (size_t at = text.find('\\', from); at != std::string_view::npos; at = text.find('\\', at + 2))
		if (text.compare(at, kNulEscape.size(), kNulEscape) == 0)
			return at;
	return std::string_view::npos;
}

// MySQL's latin1 is cp1252, where the five bytes that cp1252 leaves open are the controls of the same number.
// Returns the byte, or -1.
int Latin1Byte(uint32_t point) noexcept {
	static constexpr uint16_t kHigh[32] = {0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
										   0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
										   0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
										   0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};
	if (point < 0x80 || (point >= 0xA0 && point <= 0xFF))
		return static_cast<int>(point);
	const auto *const found = std::find(std::begin(kHigh), std::end(kHigh), point);
	return found == std::end(kHigh) ? -1 : 0x80 + static_cast<int>(found - kHigh);
}

// The code point of the sequence, of at most three bytes: cp1252 has no others.
uint32_t CodePoint(std::string_view sequence) noexcept {
	const auto byte = [&](size_t i) { return static_cast<unsigned char>(sequence[i]); };
	switch (sequence.size()) {
	case 1: return byte(0);
	case 2: return (byte(0) & 31u) << 6 | (byte(1) & 63u);
	case 3: return (byte(0) & 15u) << 12 | (byte(1) & 63u) << 6 | (byte(2) & 63u);
	default: return UINT32_MAX;
	}
}

// False when a character is not in cp1252, or the text is not UTF-8.
bool ToLatin1(std::string_view text, char *out, size_t &size) noexcept {
	char *const start = out;
	while (!text.empty()) {
		const size_t length = Utf8SequenceLength(text);
		const int byte = length == 0 ? -1 : Latin1Byte(CodePoint(text.substr(0, length)));
		if (byte < 0)
			return false;
		*out++ = static_cast<char>(byte);
		text.remove_prefix(length);
	}
	size = static_cast<size_t>(out - start);
	return true;
}

bool IsUtf8(std::string_view text) noexcept {
	while (!text.empty()) {
		const size_t length = Utf8SequenceLength(text);
		if (length == 0)
			return false;
		text.remove_prefix(length);
	}
	return true;
}

bool IsAscii(std::string_view text) noexcept {
	return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

} // namespace

Code RepairUtf8InLatin1(const Mend &, const ConversionContext &, Cell &cell, Arena &arena, Value &,
						Mended &outcome) noexcept {
	const std::string_view text = cell.text();
	if (IsAscii(text))
		return Code::ok;
	char *const bytes = arena.AllocateBytes(text.size());
	if (bytes == nullptr)
		return Code::out_of_memory;
	size_t size = 0;
	if (!ToLatin1(text, bytes, size) || !IsUtf8({bytes, size})) {
		arena.GiveBack(bytes, text.size());
		return Code::ok;
	}
	arena.Shrink(bytes, text.size(), size);
	return Replace(cell, bytes, size, outcome);
}

Code Inflate(const Mend &, const ConversionContext &context, Cell &cell, Arena &arena, Value &,
			 Mended &outcome) noexcept {
	if (cell.bytes.size == 0)
		return Code::ok;
	std::string_view data = cell.text(), inflated;
	if (FamilyOf(context.source->kind) == Family::text) {
		char *const bytes = arena.AllocateBytes(data.size());
		if (bytes == nullptr)
			return Code::out_of_memory;
		uint64_t size = 0;
		const Code code = CodePointsToBytes(data, bytes, size);
		if (code != Code::ok)
			return code;
		data = {bytes, static_cast<size_t>(size)};
	}
	const Code code = core::Inflate(data, arena, inflated);
	return code == Code::ok ? Replace(cell, inflated.data(), inflated.size(), outcome) : code;
}

Code StripNul(const Mend &, const ConversionContext &, Cell &cell, Arena &arena, Value &, Mended &outcome) noexcept {
	return ReplaceAll(cell, 1, {}, arena, outcome, FindNul);
}

Code ReplaceNul(const Mend &, const ConversionContext &, Cell &cell, Arena &arena, Value &, Mended &outcome) noexcept {
	return ReplaceAll(cell, 1, kSymbolForNull, arena, outcome, FindNul);
}

Code TrimPad(const Mend &, const ConversionContext &, Cell &cell, Arena &arena, Value &, Mended &outcome) noexcept {
	const std::string_view text = cell.text();
	const size_t size = text.find_last_not_of(' ') + 1; // npos + 1 is 0
	if (size == text.size())
		return Code::ok;
	char *const bytes = arena.AllocateBytes(size);
	if (bytes == nullptr)
		return Code::out_of_memory;
	std::copy_n(text.begin(), size, bytes);
	return Replace(cell, bytes, size, outcome);
}

Code JsonNul(const Mend &mend, const ConversionContext &, Cell &cell, Arena &arena, Value &, Mended &outcome) noexcept {
	if (mend.transform.Is("null")) {
		if (FindNulEscape(cell.text(), 0) != std::string_view::npos)
			outcome = Mended::null;
		return Code::ok;
	}
	return ReplaceAll(cell, kNulEscape.size(), mend.transform.Is("replace") ? kSymbolForNull : std::string_view(),
					  arena, outcome, FindNulEscape);
}

Code EnumEmpty(const Mend &mend, const ConversionContext &, Cell &cell, Arena &arena, Value &,
			   Mended &outcome) noexcept {
	if (cell.bytes.size != 0)
		return Code::ok;
	if (mend.transform.Is("null")) {
		outcome = Mended::null;
		return Code::ok;
	}
	const std::string &label = mend.transform.argument;
	char *const bytes = arena.AllocateBytes(label.size());
	if (bytes == nullptr)
		return Code::out_of_memory;
	std::copy(label.begin(), label.end(), bytes);
	return Replace(cell, bytes, label.size(), outcome);
}

} // namespace alkconv::core::mend
