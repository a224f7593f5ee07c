// Regime: C++ (may throw, never calls Postgres)
//
// The one way to the fields of an answer.
#include "core/answer.hpp"

#include "core/excerpt.hpp"

#include <algorithm>
#include <charconv>

namespace alkconv::core {

namespace {

constexpr size_t kShownSql = 160; // bytes
// Of answers whose columns are found by name: SHOW and the catalog have some twenty.
constexpr size_t kMostNamedColumns = 100;

constexpr const char *kHint = "A proxy between the servers, or the server itself, does not answer as MySQL or MariaDB "
							  "does; nothing was taken from the answer.";

std::string CountOf(size_t count, const char *what) {
	return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

// What is wrong with the shape, or nothing.
std::string Fault(const TextResult &answer, const AnswerShape &shape) {
	if (answer.columns.empty())
		return "it is no result at all";
	if (shape.columns == AnswerShape::kByName && answer.columns.size() > kMostNamedColumns)
		return "it has " + CountOf(answer.columns.size(), "column");
	if (shape.columns != AnswerShape::kByName && answer.columns.size() != shape.columns)
		return "it has " + CountOf(answer.columns.size(), "column") + " instead of " + std::to_string(shape.columns);
	if (shape.rows == AnswerRows::one && answer.rows.size() != 1)
		return "it has " + CountOf(answer.rows.size(), "row") + " instead of one";
	if (shape.rows == AnswerRows::at_most_one && answer.rows.size() > 1)
		return "it has " + CountOf(answer.rows.size(), "row") + " instead of one or none";
	return "";
}

// 1, 2, ... for readers of the message.
std::string Place(size_t row, const std::string &column) {
	return "column " + column + " of row " + std::to_string(row + 1);
}

std::string ColumnName(const TextResult &answer, size_t column) {
	return column < answer.columns.size() && !answer.columns[column].empty()
			   ? '"' + ExcerptOfText(answer.columns[column], kExcerptBytes) + '"'
			   : std::to_string(column + 1);
}

size_t Find(const TextResult &answer, std::string_view name) {
	const auto found = std::find(answer.columns.begin(), answer.columns.end(), name);
	if (found == answer.columns.end())
		throw UnexpectedAnswer(answer.about, "it has no column \"" + std::string(name) + '"');
	return static_cast<size_t>(found - answer.columns.begin());
}

} // namespace

std::optional<uint64_t> ParseCount(std::string_view text) noexcept {
	uint64_t number = 0;
	const char *const end = text.data() + text.size();
	const auto parsed = std::from_chars(text.data(), end, number);
	if (text.empty() || parsed.ec != std::errc() || parsed.ptr != end)
		return std::nullopt;
	return number;
}

Error UnexpectedAnswer(const char *about, const std::string &what) {
	return Error(Code::unexpected_answer,
				 std::string("the MySQL server's answer about ") + about + " is not one: " + what)
		.Hint(kHint);
}

void CheckShape(const TextResult &answer, const AnswerShape &shape, const std::string &sql, const std::string &server) {
	const std::string fault = Fault(answer, shape);
	if (!fault.empty())
		throw UnexpectedAnswer(shape.about, fault).Detail(server + ". Statement: " + ExcerptOfText(sql, kShownSql));
}

const std::optional<std::string> &TextResult::Get(size_t row, size_t column) const {
	if (row >= rows.size() || column >= rows[row].size())
		throw UnexpectedAnswer(about, "it lacks " + Place(row, ColumnName(*this, column)));
	return rows[row][column];
}

const std::optional<std::string> &TextResult::Get(size_t row, std::string_view column) const {
	return Get(row, Find(*this, column));
}

const std::string &TextResult::Text(size_t row, size_t column) const {
	const std::optional<std::string> &field = Get(row, column);
	if (!field)
		throw UnexpectedAnswer(about, Place(row, ColumnName(*this, column)) + " is NULL");
	return *field;
}

const std::string &TextResult::Text(size_t row, std::string_view column) const {
	return Text(row, Find(*this, column));
}

uint64_t TextResult::Number(size_t row, size_t column) const {
	const std::string &text = Text(row, column);
	const std::optional<uint64_t> number = ParseCount(text);
	if (!number)
		throw UnexpectedAnswer(about, Place(row, ColumnName(*this, column)) + " is no number: \"" +
										  ExcerptOfText(text, kExcerptBytes) + '"');
	return *number;
}

uint64_t TextResult::Number(size_t row, std::string_view column) const { return Number(row, Find(*this, column)); }

int64_t TextResult::Signed(size_t row, std::string_view column) const {
	const std::string &text = Text(row, column);
	int64_t number = 0;
	const char *const end = text.data() + text.size();
	const auto parsed = std::from_chars(text.data(), end, number);
	if (text.empty() || parsed.ec != std::errc() || parsed.ptr != end)
		throw UnexpectedAnswer(about, Place(row, std::string(column)) + " is no number: \"" +
										  ExcerptOfText(text, kExcerptBytes) + '"');
	return number;
}

uint64_t TextResult::NumberOrZero(size_t row, std::string_view column) const {
	return Get(row, column) ? Number(row, column) : 0;
}

bool TextResult::Has(std::string_view column) const noexcept {
	return std::find(columns.begin(), columns.end(), column) != columns.end();
}

} // namespace alkconv::core
