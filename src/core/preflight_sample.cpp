// Regime: C++ (may throw, never calls Postgres)
//
// Keys, values and their way back.
#include "core/preflight_sample.hpp"

#include "core/answer.hpp"
#include "core/conversion_table.hpp"
#include "core/digest_mysql.hpp"
#include "core/excerpt.hpp"
#include "core/hex.hpp"
#include "core/preflight.hpp"
#include "core/preflight_conditions.hpp"
#include "core/secret.hpp"

namespace alkconv::core {

namespace {

namespace my = digest::mysql;

constexpr const char *kSampleCharacters = "81"; // one more than is shown, so that a cut is noticed

// A value as text, in utf8mb4.
std::string Shown(const std::string &x, const SourceType &type) {
	if (type.kind == MySqlKind::vector) // MySQL lets LEFT have none
		return "CONCAT('\\\\x',LOWER(HEX(" + x + ")))";
	switch (FamilyOf(type.kind)) {
	case Family::binary:
	case Family::shape:
	case Family::opaque:
	case Family::unknown: return "CONCAT('\\\\x',LOWER(HEX(LEFT(" + x + "," + kSampleCharacters + "))))";
	case Family::text:
	case Family::enum_:
	case Family::set: return my::Characters(x, type);
	case Family::bit: return my::Bits(x, type);
	default: return "CONVERT(" + my::AsChar(x) + " USING utf8mb4) COLLATE utf8mb4_bin";
	}
}

// The column of a plan that is this column of the source, or nullptr.
const ColumnPlan *PlannedColumn(const TablePlan &table, size_t source) {
	for (const ColumnPlan &column : table.columns)
		if (column.source == source)
			return &column;
	return nullptr;
}

std::string Cut(const std::string &text) { return "LEFT(" + text + "," + kSampleCharacters + ")"; }

// Numbers sort as numbers: all of one width, none negative.
std::string Sorted(const std::string &x, const SourceType &type) {
	if (FamilyOf(type.kind) == Family::integer)
		return "LPAD(CAST(" + x + " AS DECIMAL(20,0))+9223372036854775808,20,'0')";
	return Cut(Shown(x, type));
}

std::string FromHex(std::string_view hex) {
	std::string bytes;
	for (size_t i = 0; i + 1 < hex.size(); i += 2)
		bytes += static_cast<char>(HexValue(hex[i]) * 16 + HexValue(hex[i + 1]));
	return bytes;
}

} // namespace

std::string SampleText(const std::string &value) { return ExcerptOfText(value, kExcerptBytes); }

RowKey KeyOf(const SourceTable &source, const TablePlan &table) {
	std::vector<size_t> columns;
	for (const size_t position : table.key)
		columns.push_back(table.columns[position].source);
	if (columns.empty()) // a rule skips a part of it
		columns = source.RowIdentity();
	std::string names, values, position;
	for (const size_t column : columns) {
		const SourceColumn &part = source.columns[column];
		const std::string x = my::Identifier(part.name);
		names += (names.empty() ? "" : ", ") + part.name;
		const ColumnPlan *planned = PlannedColumn(table, column);
		values +=
			(values.empty() ? "" : ",', ',") + (planned != nullptr ? ShownValue(*planned) : Cut(Shown(x, part.type)));
		position += (position.empty() ? "" : ",'\\0',") + Sorted(x, part.type);
	}
	if (columns.empty())
		return {};
	return {"CONCAT(" + RegexLiteral("(" + names + ")=(") + "," + values + ",')')", "CONCAT(" + position + ")"};
}

std::string ShownValue(const ColumnPlan &column) {
	const std::string shown = Shown(my::Identifier(column.source_name), column.source_type);
	return column.secret.empty() ? Cut(shown) : MysqlMask(column.secret, shown);
}

std::string ShownValues(const std::vector<const ColumnPlan *> &columns) {
	if (columns.size() == 1)
		return ShownValue(*columns[0]);
	std::string list;
	for (const ColumnPlan *column : columns)
		list += ",IFNULL(" + ShownValue(*column) + ",'null')";
	return "CONCAT_WS(', '" + list + ")";
}

std::string SampleExpression(const RowKey &key, const std::string &value) {
	const auto hex = [](const std::string &text) { return text.empty() ? std::string("''") : "HEX(" + text + ")"; };
	return "CONCAT(" + hex(key.position) + ",':'," + hex(key.shown) + ",':',IFNULL(HEX(" + value + "),'-'))";
}

void ReadSample(const std::optional<std::string> &sample, Finding &finding) {
	if (!sample)
		return;
	const size_t first = sample->find(':');
	const size_t second = first == std::string::npos ? first : sample->find(':', first + 1);
	if (second == std::string::npos)
		throw UnexpectedAnswer("samples of values", "\"" + ExcerptOfText(*sample, kExcerptBytes) + "\" is none");
	const std::string_view text = *sample;
	const std::string_view value = text.substr(second + 1);
	finding.sampled = true;
	finding.sample_key = FromHex(text.substr(first + 1, second - first - 1));
	finding.sample_value = value == "-" ? "null" : SampleText(FromHex(value));
}

} // namespace alkconv::core
