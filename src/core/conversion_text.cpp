// Regime: C++ (may throw, never calls Postgres)
//
// Text and bytes. Values that need no change point at the cell's own bytes; everything bound for a text type or an input function
// has been checked to be UTF-8 without U+0000.
#include "core/code_points.hpp"
#include "core/conversion_functions.hpp"
#include "core/decimal.hpp"
#include "core/hex.hpp"
#include "core/json.hpp"
#include "core/json_members.hpp"
#include "core/jsonb.hpp"
#include "core/render.hpp"
#include "core/text.hpp"
#include "core/uuid.hpp"
#include "core/value_builders.hpp"

#include <algorithm>
#include <limits>

namespace alkconv::core::convert {

namespace {

constexpr uint64_t kMaxNameBytes = 63; // NAMEDATALEN - 1

// Where the bytes of a text are.
enum class Place : uint8_t {
	elsewhere, // copy them
	batch,	   // they live as long as the batch
	arena,	   // made by Arena::AllocateBytes
};

Place PlaceOf(const Cell &cell) noexcept { return cell.in_arena ? Place::arena : Place::batch; }

// Text that has been scanned, for text, varchar(n), char(n) or name. Nothing is cut, also not trailing blanks, and
// char(n), which cannot tell its padding from blanks of the value (bpchar, also without a length), refuses them; MySQL's own CHAR
// arrives without any.
Code FinishText(const TargetType &target, std::string_view text, uint64_t characters, Place place, Arena &arena,
				Value &value) noexcept {
	if (target.length >= 0 && characters > static_cast<uint64_t>(target.length))
		return Code::text_too_long;
	if (target.kind == PgKind::bpchar && !text.empty() && text.back() == ' ')
		return Code::trailing_blanks;
	if (target.kind == PgKind::name && text.size() > kMaxNameBytes)
		return Code::text_too_long;
	if (target.kind == PgKind::bpchar && target.length >= 0 && characters < static_cast<uint64_t>(target.length)) {
		const uint64_t padding = static_cast<uint64_t>(target.length) - characters;
		char *const padded = arena.AllocateBytes(text.size() + padding);
		if (padded == nullptr)
			return Code::out_of_memory;
		if (!text.empty()) // an empty view may have no address at all
			std::memcpy(padded, text.data(), text.size());
		std::memset(padded + text.size(), ' ', padding);
		return SetArenaBytes(ValueKind::varlena, {padded, text.size() + padding}, value);
	}
	const ValueKind kind =
		target.kind == PgKind::name ? ValueKind::input : ValueKind::varlena; // a name is of fixed length
	switch (place) {
	case Place::elsewhere: return CopyBytes(kind, text, arena, value);
	case Place::batch: return SetBytes(kind, text, value);
	case Place::arena: return SetArenaBytes(kind, text, value);
	}
	return Code::internal;
}

template <RenderFunction render>
Code RenderedText(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	char text[kMaxRendered];
	const char *const end = render(*context.source, cell, text);
	const std::string_view rendered(text, static_cast<size_t>(end - text)); // ASCII
	return FinishText(*context.target, rendered, rendered.size(), Place::elsewhere, arena, value);
}

template <RenderFunction render>
Code RenderedInput(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	char text[kMaxRendered];
	const char *const end = render(*context.source, cell, text);
	if (end == nullptr)
		return Code::bits_too_long;
	return CopyBytes(ValueKind::input, {text, static_cast<size_t>(end - text)}, arena, value);
}

std::string_view TrimBlanks(std::string_view text) noexcept {
	constexpr std::string_view kBlanks = " \t\n\v\f\r"; // isspace, as Postgres' number input skips
	while (!text.empty() && kBlanks.find(text.front()) != std::string_view::npos)
		text.remove_prefix(1);
	while (!text.empty() && kBlanks.find(text.back()) != std::string_view::npos)
		text.remove_suffix(1);
	return text;
}

template <class Int>
Code TextToInt(const Cell &cell, ValueKind kind, Value &value) noexcept {
	const std::string_view text = TrimBlanks(cell.text());
	if (text.find('.') != std::string_view::npos) // Postgres refuses '1.0' as an integer
		return Code::invalid_text;
	int64_t number;
	const Code code = DecimalToInteger(text, std::numeric_limits<Int>::min(), std::numeric_limits<Int>::max(), number);
	return code == Code::ok ? SetInteger(kind, number, value) : code;
}

// The words for which there is no decimal. Exact by nature, so the input function may have them.
bool IsSpecialNumber(std::string_view text) noexcept {
	if (!text.empty() && (text.front() == '-' || text.front() == '+'))
		text.remove_prefix(1);
	for (const std::string_view word : {std::string_view("nan"), std::string_view("inf"), std::string_view("infinity")})
		if (text.size() == word.size() &&
			std::equal(text.begin(), text.end(), word.begin(), [](char a, char b) { return (a | 0x20) == b; }))
			return true;
	return false;
}

template <auto Parse, class F>
Code TextToFloating(const Cell &cell, F &number, Value &value) noexcept {
	const std::string_view text = TrimBlanks(cell.text());
	const Code code = Parse(text, number);
	return code == Code::invalid_text && IsSpecialNumber(text) ? SetBytes(ValueKind::input, text, value) : code;
}

bool HasLabel(const std::vector<std::string> &labels, std::string_view label) noexcept {
	for (const std::string &known : labels)
		if (known == label)
			return true;
	return false;
}

// The empty string is what MySQL stores as index 0 for text that was no label when it was written; only where '' is itself
// declared it is a label.
bool IsStoredError(const ConversionContext &context, const Cell &cell) noexcept {
	return cell.bytes.size == 0 && !HasLabel(context.source->labels, {});
}

// Bytes that a named transform made of text, in the arena; counts the value as touched.
Code DecodeCodePoints(const ConversionContext &context, const Cell &cell, Arena &arena,
					  std::string_view &bytes) noexcept {
	char *const decoded = arena.AllocateBytes(cell.bytes.size);
	if (decoded == nullptr)
		return Code::out_of_memory;
	uint64_t size = 0;
	const Code code = CodePointsToBytes(cell.text(), decoded, size);
	bytes = {decoded, static_cast<size_t>(size)};
	if (code == Code::ok && size > 0 && context.touched != nullptr)
		++*context.touched;
	return code;
}

} // namespace

Code IntegerToText(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	return RenderedText<RenderInteger>(context, cell, arena, value);
}

Code YearToText(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	return RenderedText<RenderYear>(context, cell, arena, value);
}

Code FloatToText(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	return RenderedText<RenderFloat>(context, cell, arena, value);
}

Code DoubleToText(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	return RenderedText<RenderDouble>(context, cell, arena, value);
}

Code DateToText(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	return RenderedText<RenderDate>(context, cell, arena, value);
}

Code DateTimeToText(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	return RenderedText<RenderDateTime>(context, cell, arena, value);
}

Code TimestampToText(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	return RenderedText<RenderTimestamp>(context, cell, arena, value);
}

Code TimeToText(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	return RenderedText<RenderTime>(context, cell, arena, value);
}

Code IntegerToInput(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	return RenderedInput<RenderInteger>(context, cell, arena, value);
}

Code YearToInput(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	return RenderedInput<RenderYear>(context, cell, arena, value);
}

Code FloatToInput(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	return RenderedInput<RenderFloat>(context, cell, arena, value);
}

Code DoubleToInput(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	return RenderedInput<RenderDouble>(context, cell, arena, value);
}

Code BitToInput(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	return RenderedInput<RenderBits>(context, cell, arena, value);
}

Code DateToInput(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	return RenderedInput<RenderDate>(context, cell, arena, value);
}

Code DateTimeToInput(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	return RenderedInput<RenderDateTime>(context, cell, arena, value);
}

Code TimestampToInput(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	return RenderedInput<RenderTimestamp>(context, cell, arena, value);
}

Code TimeToInput(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	return RenderedInput<RenderTime>(context, cell, arena, value);
}

Code TextToText(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	const TextScan scan = ScanText(cell.text());
	if (scan.code != Code::ok)
		return scan.code;
	return FinishText(*context.target, cell.text(), scan.characters, PlaceOf(cell), arena, value);
}

Code TextToInput(const ConversionContext &, const Cell &cell, Arena &, Value &value) noexcept {
	const TextScan scan = ScanText(cell.text());
	return scan.code == Code::ok ? SetBytes(ValueKind::input, cell.text(), value) : scan.code;
}

Code TextToJson(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	if (context.json->Accepts(cell.text(), cell.in_arena))
		return SetCellBytes(ValueKind::varlena, cell, value);
	return TextToInput(context, cell, arena, value);
}

Code TextToJsonb(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	if (context.json->Accepts(cell.text(), cell.in_arena)) {
		std::string_view container;
		const Code code = context.jsonb->Build(cell.text(), arena, container);
		if (code != Code::ok || !container.empty())
			return code == Code::ok ? SetArenaBytes(ValueKind::varlena, container, value) : code;
	}
	const Code code = TextToInput(context, cell, arena, value);
	if (code != Code::ok)
		return code;
	return HasNulEscape(cell.text()) ? Code::nul_in_json : CheckMembers(cell.text());
}

Code TextToUuid(const ConversionContext &, const Cell &cell, Arena &arena, Value &value) noexcept {
	if (cell.bytes.size == 0)
		return Code::empty_uuid;
	char *const uuid = arena.Allocate(kUuidBytes);
	if (uuid == nullptr)
		return Code::out_of_memory;
	return ParseUuid(cell.text(), uuid) ? SetBytes(ValueKind::uuid, {uuid, kUuidBytes}, value) : Code::invalid_uuid;
}

Code TextToInt2(const ConversionContext &, const Cell &cell, Arena &, Value &value) noexcept {
	return TextToInt<int16_t>(cell, ValueKind::int16, value);
}

Code TextToInt4(const ConversionContext &, const Cell &cell, Arena &, Value &value) noexcept {
	return TextToInt<int32_t>(cell, ValueKind::int32, value);
}

Code TextToInt8(const ConversionContext &, const Cell &cell, Arena &, Value &value) noexcept {
	return TextToInt<int64_t>(cell, ValueKind::int64, value);
}

Code TextToFloat4(const ConversionContext &, const Cell &cell, Arena &, Value &value) noexcept {
	value.kind = ValueKind::float32;
	return TextToFloating<DecimalToFloat>(cell, value.f32, value);
}

Code TextToFloat8(const ConversionContext &, const Cell &cell, Arena &, Value &value) noexcept {
	value.kind = ValueKind::float64;
	return TextToFloating<DecimalToDouble>(cell, value.f64, value);
}

Code TextToNumeric(const ConversionContext &context, const Cell &cell, Arena &, Value &value) noexcept {
	const std::string_view text = TrimBlanks(cell.text());
	DecimalShape shape;
	if (ParseDecimal(text, shape)) {
		const Code code = CheckNumeric(shape, context.target->precision, context.target->scale);
		if (code != Code::ok)
			return code;
	} else if (!IsSpecialNumber(text))
		return Code::invalid_text;
	return SetBytes(ValueKind::input, text, value);
}

Code TextToLabel(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	const auto &labels = context.target->labels;
	if (!labels.empty() && !HasLabel(labels, cell.text()))
		return Code::unknown_label;
	return TextToInput(context, cell, arena, value);
}

Code BytesToBytea(const ConversionContext &, const Cell &cell, Arena &, Value &value) noexcept {
	return cell.bytes.size <= kMaxPayload ? SetCellBytes(ValueKind::varlena, cell, value) : Code::value_too_large;
}

// 16 bytes are the uuid itself; its text is longer in every spelling, so the two cannot be mistaken for each other.
Code BytesToUuid(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	if (cell.bytes.size == kUuidBytes)
		return SetBytes(ValueKind::uuid, cell.text(), value);
	return TextToUuid(context, cell, arena, value);
}

Code UuidToText(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	if (cell.bytes.size != kUuidBytes)
		return TextToText(context, cell, arena, value);
	char text[kUuidTextBytes];
	FormatUuid(cell.bytes.data, text);
	return FinishText(*context.target, {text, kUuidTextBytes}, kUuidTextBytes, Place::elsewhere, arena, value);
}

Code EnumToText(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	return IsStoredError(context, cell) ? Code::unknown_label : TextToText(context, cell, arena, value);
}

Code EnumToInput(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	return IsStoredError(context, cell) ? Code::unknown_label : TextToInput(context, cell, arena, value);
}

Code EnumToLabel(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	return IsStoredError(context, cell) ? Code::unknown_label : TextToLabel(context, cell, arena, value);
}

// {"a","b"}: always quoted, so that a label NULL, braces and blanks are nothing special. Labels of a SET hold no comma.
Code SetToArray(const ConversionContext &, const Cell &cell, Arena &arena, Value &value) noexcept {
	const std::string_view members = cell.text();
	const TextScan scan = ScanText(members);
	if (scan.code != Code::ok)
		return scan.code;
	char *const literal = arena.Allocate(members.size() * 3 + 4); // each byte at worst a comma, or escaped
	if (literal == nullptr)
		return Code::out_of_memory;
	char *out = literal;
	*out++ = '{';
	if (!members.empty()) {
		*out++ = '"';
		for (const char c : members) {
			if (c == ',') {
				*out++ = '"';
				*out++ = ',';
				*out++ = '"';
				continue;
			}
			if (c == '"' || c == '\\')
				*out++ = '\\';
			*out++ = c;
		}
		*out++ = '"';
	}
	*out++ = '}';
	return SetBytes(ValueKind::input, {literal, static_cast<size_t>(out - literal)}, value);
}

Code BytesToHex(const ConversionContext &, const Cell &cell, Arena &arena, Value &value) noexcept {
	const uint64_t size = 2 + 2 * cell.bytes.size;
	if (cell.bytes.size > kMaxPayload / 2 - 1)
		return Code::value_too_large;
	char *const text = arena.AllocateBytes(size);
	if (text == nullptr)
		return Code::out_of_memory;
	text[0] = '\\';
	text[1] = 'x';
	for (uint64_t i = 0; i < cell.bytes.size; ++i)
		PutHex(static_cast<unsigned char>(cell.bytes.data[i]), text + 2 + 2 * i);
	return SetArenaBytes(ValueKind::varlena, {text, size}, value);
}

Code CodePointsToBase64(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	std::string_view bytes;
	const Code code = DecodeCodePoints(context, cell, arena, bytes);
	if (code != Code::ok)
		return code;
	const uint64_t size = Base64Size(bytes.size());
	if (size > kMaxPayload)
		return Code::value_too_large;
	char *const encoded = arena.AllocateBytes(size);
	if (encoded == nullptr)
		return Code::out_of_memory;
	EncodeBase64(bytes, encoded);
	return FinishText(*context.target, {encoded, size}, size, Place::arena, arena, value); // ASCII
}

Code CodePointsToBytea(const ConversionContext &context, const Cell &cell, Arena &arena, Value &value) noexcept {
	std::string_view bytes;
	const Code code = DecodeCodePoints(context, cell, arena, bytes);
	if (code != Code::ok)
		return code;
	return bytes.size() <= kMaxPayload ? SetArenaBytes(ValueKind::varlena, bytes, value) : Code::value_too_large;
}

} // namespace alkconv::core::convert
