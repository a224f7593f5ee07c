// Regime: C++ (may throw, never calls Postgres)
//
// Only as much of a value is looked at as can be shown, so a value of 64 MB costs no more than a short one.
#include "core/excerpt.hpp"

#include "core/conversion_table.hpp"
#include "core/hex.hpp"
#include "core/render.hpp"
#include "core/text.hpp"
#include "core/uuid.hpp"

namespace alkconv::core {

namespace {

constexpr std::string_view kCut = "...";

bool IsShownAsHex(const SourceType &source, const Cell &cell) {
	switch (FamilyOf(source.kind)) {
	case Family::binary:
	case Family::shape:
	case Family::opaque:
	case Family::unknown:
	case Family::bit: // one whose bytes do not have the length of its type
		return true;
	case Family::uuid: return cell.bytes.size == kUuidBytes;
	default: return false;
	}
}

// C0, DEL and C1 control characters.
bool IsControl(std::string_view character) noexcept {
	const auto first = static_cast<unsigned char>(character[0]);
	if (character.size() == 1)
		return first < 0x20 || first == 0x7F;
	return character.size() == 2 && first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
}

// \xNN for each byte
std::string Escaped(std::string_view bytes) {
	std::string out;
	for (const char c : bytes) {
		char digits[2];
		PutHex(static_cast<unsigned char>(c), digits);
		out.append("\\x").append(digits, 2);
	}
	return out;
}

// Takes pieces that must not be cut, and cuts between them.
class Cutter {
public:
	explicit Cutter(size_t limit) : limit_(limit) {}

	// False when the piece does not fit.
	bool Add(std::string_view piece) {
		if (text_.size() + piece.size() > limit_)
			return false;
		text_.append(piece);
		if (text_.size() + kCut.size() <= limit_)
			room_for_mark_ = text_.size();
		return true;
	}

	std::string Finish(bool cut) && {
		if (cut) {
			text_.resize(room_for_mark_);
			text_.append(kCut);
		}
		return std::move(text_);
	}

private:
	size_t limit_;
	size_t room_for_mark_ = 0;
	std::string text_;
};

std::string HexExcerpt(std::string_view bytes, size_t limit) {
	Cutter out(limit);
	bool fits = out.Add("\\x");
	for (size_t i = 0; fits && i < bytes.size(); ++i) {
		char digits[2];
		PutHex(static_cast<unsigned char>(bytes[i]), digits);
		fits = out.Add({digits, 2});
	}
	return std::move(out).Finish(!fits);
}

// The rendered text of a scalar, or empty for cells that are bytes.
std::string Rendered(const SourceType &source, const Cell &cell) {
	const RenderFunction render = RenderFor(source);
	if (render == nullptr)
		return {};
	char text[kMaxRendered];
	const char *const end = render(source, cell, text);
	return end == nullptr ? std::string() : std::string(text, static_cast<size_t>(end - text));
}

} // namespace

bool IsPrintable(std::string_view text) noexcept {
	while (!text.empty()) {
		const size_t length = Utf8SequenceLength(text);
		if (length == 0 || IsControl(text.substr(0, length)))
			return false;
		text.remove_prefix(length);
	}
	return true;
}

void CopyPrintable(char *to, size_t capacity, std::string_view text) noexcept {
	constexpr size_t kEscaped = 4; // \xNN
	char *const end = to + capacity - 1;
	while (!text.empty()) {
		const size_t length = Utf8SequenceLength(text);
		const bool plain = length > 0 && !IsControl(text.substr(0, length));
		if (static_cast<size_t>(end - to) < (plain ? length : kEscaped))
			break;
		if (plain) {
			text.copy(to, length);
			to += length;
		} else {
			*to++ = '\\';
			*to++ = 'x';
			PutHex(static_cast<unsigned char>(text[0]), to);
			to += 2;
		}
		text.remove_prefix(plain ? length : 1);
	}
	*to = '\0';
}

std::string ExcerptOfText(std::string_view text, size_t limit) {
	Cutter out(limit);
	bool fits = true;
	while (fits && !text.empty()) {
		const size_t length = Utf8SequenceLength(text);
		const std::string_view character = text.substr(0, length == 0 ? 1 : length);
		fits = out.Add(length == 0 || IsControl(character) ? std::string_view(Escaped(character)) : character);
		text.remove_prefix(character.size());
	}
	return std::move(out).Finish(!fits);
}

std::string ExcerptUpTo(const SourceType &source, const Cell &cell, size_t limit) {
	if (cell.kind == CellKind::null)
		return "null";
	if (!CellFits(CellKindsOf(source), cell))
		return "(unreadable)";
	std::string rendered = Rendered(source, cell);
	if (!rendered.empty() || cell.kind != CellKind::bytes)
		return rendered;
	return IsShownAsHex(source, cell) ? HexExcerpt(cell.text(), limit) : ExcerptOfText(cell.text(), limit);
}

std::string Excerpt(const SourceType &source, const Cell &cell) { return ExcerptUpTo(source, cell, kExcerptBytes); }

std::string ExcerptOfText(std::string_view text) { return ExcerptOfText(text, kExcerptBytes); }

std::string CanonicalText(const SourceType &source, const Cell &cell) {
	if (cell.kind == CellKind::null || !CellFits(CellKindsOf(source), cell))
		return {};
	std::string rendered = Rendered(source, cell);
	if (!rendered.empty() || cell.kind != CellKind::bytes)
		return rendered;
	const std::string_view bytes = cell.text();
	if (!IsShownAsHex(source, cell))
		return std::string(bytes);
	if (source.kind == MySqlKind::uuid) {
		std::string text(kUuidTextBytes, '\0');
		FormatUuid(cell.bytes.data, text.data());
		return text;
	}
	std::string hex(2 + bytes.size() * 2, '\\');
	hex[1] = 'x';
	for (size_t i = 0; i < bytes.size(); ++i)
		PutHex(static_cast<unsigned char>(bytes[i]), hex.data() + 2 + i * 2);
	return hex;
}

} // namespace alkconv::core
