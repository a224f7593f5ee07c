// Regime: C++ (may throw, never calls Postgres)
//
// Merges of sorted lists.
#include "core/difference.hpp"

#include <algorithm>
#include <map>

namespace alkconv::core {

namespace {

const std::string &Text(const std::optional<std::string> &field) {
	static const std::string kNull = "NULL";
	return field.has_value() ? *field : kNull;
}

// Rows by their first field, in order.
void SortByFirstField(TextRows &rows) {
	std::sort(rows.begin(), rows.end(), [](const auto &a, const auto &b) {
		const int order = Text(a[0]).compare(Text(b[0]));
		return order != 0 ? order < 0 : std::lexicographical_compare(a.begin() + 1, a.end(), b.begin() + 1, b.end());
	});
}

// "(id)=(7)" from the excerpts of a values row; "row (a, b)=(1, x)" with all columns where the table has no key.
std::string KeyLabel(const TablePlan &table, const TableProof &proof,
					 const std::vector<std::optional<std::string>> *values) {
	if (values == nullptr)
		return "row";
	std::vector<size_t> positions = table.key;
	if (!proof.keyed) {
		positions.clear();
		for (size_t i = 0; i < table.columns.size(); ++i)
			positions.push_back(i);
	}
	std::string names, excerpts;
	for (size_t position : positions) {
		names += (names.empty() ? "" : ", ") + table.columns[position].target_name;
		excerpts += (excerpts.empty() ? "" : ", ") + Text((*values)[1 + 2 * position]);
	}
	return (proof.keyed ? "(" : "row (") + names + ")=(" + excerpts + ")";
}

// What to say of a row that both sides have, with no column to name.
const char *DescribeOccurrence(Side side) {
	switch (side) {
	case Side::source_only: return "occurs more often in the source";
	case Side::target_only: return "occurs more often in the target";
	default: return "the values differ beyond what is shown here";
	}
}

std::string DifferingColumns(const TablePlan &table, const TableProof &proof,
							 const std::vector<std::optional<std::string>> &source,
							 const std::vector<std::optional<std::string>> &target) {
	std::string text;
	for (size_t i = 0; i < table.columns.size(); ++i) {
		if (proof.columns[i].method == ProofMethod::reread || source[2 + 2 * i] == target[2 + 2 * i])
			continue;
		const auto quoted = [](const std::optional<std::string> &field) {
			return field.has_value() ? "'" + *field + "'" : std::string("NULL");
		};
		text += (text.empty() ? "" : ", ") + ("column \"" + table.columns[i].target_name + "\": source ") +
				quoted(source[1 + 2 * i]) + ", target " + quoted(target[1 + 2 * i]);
	}
	return text;
}

} // namespace

std::vector<std::string> DifferingBuckets(const TextRows &source, const TextRows &target) {
	std::map<std::string, const std::vector<std::optional<std::string>> *> expected;
	for (const auto &row : source)
		expected[Text(row[0])] = &row;
	std::vector<std::string> result;
	for (const auto &row : target) {
		const auto found = expected.find(Text(row[0]));
		if (found == expected.end() || *found->second != row)
			result.push_back(Text(row[0]));
		if (found != expected.end())
			expected.erase(found);
	}
	for (const auto &left : expected)
		result.push_back(left.first);
	std::sort(result.begin(), result.end());
	return result;
}

std::vector<DifferingKey> DifferingKeys(TextRows source, TextRows target, size_t limit) {
	SortByFirstField(source);
	SortByFirstField(target);
	std::map<std::string, Side> found;
	size_t s = 0, t = 0;
	const auto note = [&](const std::string &key, Side side) {
		const auto [place, fresh] = found.emplace(key, side);
		if (!fresh && place->second != side)
			place->second = Side::both;
	};
	while ((s < source.size() || t < target.size()) && found.size() <= limit + 1) {
		if (s < source.size() && t < target.size() && source[s] == target[t]) {
			++s, ++t;
			continue;
		}
		const bool take_source = t == target.size() || (s < source.size() && source[s] < target[t]);
		if (take_source)
			note(Text(source[s++][0]), Side::source_only);
		else
			note(Text(target[t++][0]), Side::target_only);
	}
	std::vector<DifferingKey> result;
	for (const auto &[key, side] : found)
		if (result.size() < limit)
			result.push_back({key, side});
	return result;
}

namespace {

using TextRow = std::vector<std::optional<std::string>>;

constexpr size_t kExcerpt = 80, kBefore = 30; // bytes shown, and of these before the difference

const TextRow *RowOf(const TextRows &rows, const std::string &key) {
	for (const TextRow &row : rows)
		if (row[0].has_value() && *row[0] == key)
			return &row;
	return nullptr;
}

size_t StartOfCharacter(const std::string &text, size_t at) noexcept {
	while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)
		--at;
	return at;
}

// As much of the text as is shown, around the place where it and another one part.
std::string PartAround(const std::string &text, size_t difference) {
	const size_t start = StartOfCharacter(text, difference - kBefore);
	const size_t end = StartOfCharacter(text, std::min(text.size(), start + kExcerpt));
	return "..." + text.substr(start, end - start) + (end < text.size() ? "..." : "");
}

} // namespace

std::vector<size_t> ColumnsAlike(const TablePlan &table, const TableProof &proof, const TextRows &source,
								 const TextRows &target) {
	std::vector<size_t> columns;
	for (size_t i = 0; i < proof.columns.size(); ++i) {
		const auto alike = [&](const TextRow &row) {
			const TextRow *other = row[0].has_value() ? RowOf(target, *row[0]) : nullptr;
			return other != nullptr && row[2 + 2 * i] != (*other)[2 + 2 * i] && row[1 + 2 * i] == (*other)[1 + 2 * i];
		};
		if (proof.columns[i].method == ProofMethod::digest && table.columns[i].secret.empty() &&
			std::any_of(source.begin(), source.end(), alike))
			columns.push_back(i);
	}
	return columns;
}

TextRows WithDifferingParts(TextRows rows, const std::vector<size_t> &columns, const TextRows &own,
							const TextRows &other) {
	for (TextRow &row : rows) {
		const TextRow *mine = row[0].has_value() ? RowOf(own, *row[0]) : nullptr;
		const TextRow *theirs = row[0].has_value() ? RowOf(other, *row[0]) : nullptr;
		for (size_t n = 0; mine != nullptr && theirs != nullptr && n < columns.size(); ++n) {
			const std::string &a = Text((*mine)[1 + n]), &b = Text((*theirs)[1 + n]);
			const auto at =
				static_cast<size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
			if (at > kBefore && a != b && row[1 + 2 * columns[n]].has_value())
				row[1 + 2 * columns[n]] = PartAround(a, at);
		}
	}
	return rows;
}

std::string DescribeDifferences(const TablePlan &table, const TableProof &proof, const std::vector<DifferingKey> &keys,
								const TextRows &source, const TextRows &target) {
	const auto find = [](const TextRows &rows,
						 const std::string &key) -> const std::vector<std::optional<std::string>> * {
		for (const auto &row : rows)
			if (row[0].has_value() && *row[0] == key)
				return &row;
		return nullptr;
	};
	std::string text;
	for (const DifferingKey &key : keys) {
		const auto *ours = find(target, key.key);
		const auto *theirs = find(source, key.key);
		std::string line = KeyLabel(table, proof, theirs != nullptr ? theirs : ours) + ": ";
		if (theirs == nullptr)
			line += "only in the target";
		else if (ours == nullptr)
			line += "missing in the target";
		else {
			const std::string columns = DifferingColumns(table, proof, *theirs, *ours);
			line += columns.empty() ? DescribeOccurrence(key.side) : columns;
		}
		text += (text.empty() ? "" : "; ") + line;
	}
	return text;
}

std::vector<size_t> DifferingColumns(const TextRows &source, const TextRows &target,
									 const std::vector<size_t> &columns) {
	std::vector<size_t> differing;
	for (size_t n = 0; n < columns.size(); ++n) {
		const auto first = static_cast<std::ptrdiff_t>(n * kDigestColumns);
		if (!std::equal(source[0].begin() + first, source[0].begin() + first + kDigestColumns,
						target[0].begin() + first))
			differing.push_back(columns[n]);
	}
	return differing;
}

std::vector<size_t> DoubtfulColumns(const TextRows &counts, const std::vector<size_t> &columns) {
	std::vector<size_t> doubtful;
	for (size_t n = 0; n < columns.size(); ++n)
		if (counts[0][n] && *counts[0][n] != "0")
			doubtful.push_back(columns[n]);
	return doubtful;
}

} // namespace alkconv::core
