// Regime: C++ (may throw, never calls Postgres)
//
// By families of types.
#include "core/literal_default.hpp"

#include "core/conversion_table.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace alkconv::core {

namespace {

// Digits without zeros at either end.
size_t SignificantDigits(const std::string &number) {
	const size_t end = std::min(number.find_first_of("eE"), number.size());
	size_t digits = 0, zeros = 0;
	for (size_t i = 0; i < end; ++i) {
		if (number[i] < '0' || number[i] > '9' || (digits == 0 && number[i] == '0'))
			continue;
		zeros = number[i] == '0' ? zeros + 1 : 0;
		++digits;
	}
	return digits - zeros;
}

// So many decimal digits any float has.
size_t KeptDigits(MySqlKind kind) noexcept { return kind == MySqlKind::float_ ? 6 : 15; }

bool HasDeclaredDecimals(const SourceType &type) { return type.text.find(',') != std::string::npos; }

const char *DoubtAboutNumber(const SourceType &type, const std::string &text) {
	if (type.kind == MySqlKind::double_ && !HasDeclaredDecimals(type))
		return nullptr; // shown with as many digits as it takes
	// what has as many digits as are shown may have had more
	const size_t most = KeptDigits(type.kind) - (type.kind == MySqlKind::float_ && !HasDeclaredDecimals(type) ? 1 : 0);
	return SignificantDigits(text) > most ? "information_schema shows fewer digits than it may have" : nullptr;
}

const char *DoubtAboutBytes(const SourceType &type, const std::string &text, bool mariadb) {
	if (mariadb)
		return text.find('?') == std::string::npos || text[0] != '\''
				   ? nullptr
				   : "information_schema shows a question mark, which may stand for any byte";
	const bool whole = text.size() < 2 || (text.size() - 2) / 2 >= type.length; // 0x6162
	return whole ? nullptr : "information_schema cuts a binary default off at its first zero byte";
}

} // namespace

const char *DoubtAboutDefault(const SourceColumn &column, bool mariadb) {
	if (!column.default_text || column.default_is_expression || column.generated || column.default_value)
		return nullptr;
	const std::string &text = *column.default_text;
	switch (FamilyOf(column.type.kind)) {
	case Family::float_:
	case Family::double_: return DoubtAboutNumber(column.type, text);
	case Family::binary: return DoubtAboutBytes(column.type, text, mariadb);
	case Family::timestamp:
		return mariadb || IsClock(column) ||
					   text.compare(0, 10, "0000-00-00") == 0 // of which there is one in all zones
				   ? nullptr
				   : "information_schema spells the default in the time zone of whoever made the table";
	case Family::text:
	case Family::enum_:
	case Family::set:
		return IsWide(column.type) && text.find('?') != std::string::npos
				   ? "information_schema shows a question mark, which may stand for any character beyond utf8mb3"
				   : nullptr;
	default: return nullptr;
	}
}

bool IsClock(const SourceColumn &column) {
	static constexpr std::string_view kName = "CURRENT_TIMESTAMP";
	return (column.type.kind == MySqlKind::timestamp || column.type.kind == MySqlKind::datetime) &&
		   column.default_text && column.default_text->compare(0, kName.size(), kName) == 0;
}

bool IsPlainClock(const SourceColumn &column) {
	if (!column.default_text || (!column.default_is_expression && !IsClock(column)))
		return false;
	std::string text = *column.default_text;
	std::transform(text.begin(), text.end(), text.begin(),
				   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
	const std::string digits = std::to_string(column.type.fsp);
	for (const std::string name : {"current_timestamp", "now"})
		if (text == name + "(" + digits + ")" || (digits == "0" && (text == name + "()" || text == name)))
			return true;
	return false;
}

bool IsWide(const SourceType &type) {
	static constexpr const char *kWide[] = {"utf8mb4", "utf16", "utf16le", "utf32", "gb18030"};
	return std::any_of(std::begin(kWide), std::end(kWide),
					   [&](const char *charset) { return type.charset == charset; });
}

} // namespace alkconv::core
