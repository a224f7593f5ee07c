// Regime: C++ (may throw, never calls Postgres)
//
// Descriptions come from the source, which may be hostile: what is not understood is no value.
#include "core/partition_bounds.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <limits>

namespace alkconv::core {

std::optional<std::vector<size_t>> PlainColumns(const SourceTable &table, const std::string &expression) {
	std::vector<size_t> columns;
	std::string name;
	bool quoted = false;
	const auto take = [&] {
		for (size_t c = 0; c < table.columns.size(); c++)
			if (table.columns[c].name == name) {
				columns.push_back(c);
				name.clear();
				return true;
			}
		return false;
	};
	for (const char c : expression) {
		if (c == '`')
			quoted = !quoted;
		else if (quoted || (c != ',' && c != ' '))
			name += c;
		else if (c == ',' && !take())
			return std::nullopt;
	}
	if (!take())
		return std::nullopt;
	return columns;
}

std::vector<std::string> SplitValues(const std::string &description) {
	std::vector<std::string> values(1);
	bool quoted = false;
	for (const char c : description) {
		if (c == '\'')
			quoted = !quoted;
		if (c == ',' && !quoted)
			values.emplace_back();
		else if (c != ' ' || quoted)
			values.back() += c;
	}
	return values;
}

bool IsInteger(const std::string &value) noexcept {
	const size_t start = value.empty() || value[0] != '-' ? 0 : 1;
	return value.size() > start && std::all_of(value.begin() + static_cast<std::ptrdiff_t>(start), value.end(),
											   [](char c) { return c >= '0' && c <= '9'; });
}

std::string BoundValue(const SourceColumn &column, const std::string &shown) {
	int64_t number = 0;
	if (!column.type.is_unsigned || !IsInteger(shown) || shown[0] != '-' ||
		std::from_chars(shown.data(), shown.data() + shown.size(), number).ec != std::errc())
		return shown;
	return std::to_string(static_cast<uint64_t>(number));
}

bool IsWithin(const std::string &integer, int64_t low, int64_t high) noexcept {
	int64_t number = 0;
	return std::from_chars(integer.data(), integer.data() + integer.size(), number).ec == std::errc() &&
		   number >= low && number <= high;
}

bool HasBoundBeyondBigint(const SourceTable &table, size_t column) {
	const auto columns = PlainColumns(table, table.partitioning.expression);
	if (!columns || std::find(columns->begin(), columns->end(), column) == columns->end())
		return false;
	constexpr int64_t kLow = std::numeric_limits<int64_t>::min(), kHigh = std::numeric_limits<int64_t>::max();
	for (const SourcePartitioning::Partition &partition : table.partitioning.partitions)
		for (const std::string &shown : SplitValues(partition.description)) {
			const std::string value = BoundValue(table.columns[column], shown);
			if (IsInteger(value) && !IsWithin(value, kLow, kHigh))
				return true;
		}
	return false;
}

} // namespace alkconv::core
