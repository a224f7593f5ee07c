// Regime: C++ (may throw, never calls Postgres)
//
// What a server said to one question. An answer is data of somebody else's making: a proxy, a patched or a hostile server can give any number of
// rows and columns, NULLs, texts where numbers stand, or no result at all. So its shape is checked when it arrives, and its fields are read by the
// accessors here, which raise Error(unexpected_answer) where a field is not what it must be.
#pragma once

#include "core/status.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alkconv::core {

// The text result of a query, from either server; nullopt is NULL.
using TextRows = std::vector<std::vector<std::optional<std::string>>>;

// What answers may take at most, unless their question knows better: some hundred times what they take.
constexpr size_t kMostAnswerBytes = size_t{256} * 1024 * 1024;

// Of those that grow with what is in doubt, such as the digests of the rows of a large table's buckets.
constexpr size_t kMostRowsBytes = 4 * kMostAnswerBytes;

enum class AnswerRows : uint8_t { any, at_most_one, one };

// What an answer must look like. Rows are as wide as the answer says it is, so that a field within `columns` can be read without asking again.
struct AnswerShape {
	const char *about; // what was asked for, a literal: "the digest of a table"
	size_t columns;	   // kByName: at least one; they are found by their names
	AnswerRows rows;
	size_t most_bytes = kMostAnswerBytes; // of memory

	static constexpr size_t kByName = 0;
};

struct TextResult {
	std::vector<std::string> columns;
	TextRows rows;
	const char *about = "a query"; // a literal

	const std::optional<std::string> &Get(size_t row, size_t column) const;
	const std::optional<std::string> &Get(size_t row, std::string_view column) const;
	// Not NULL.
	const std::string &Text(size_t row, size_t column) const;
	const std::string &Text(size_t row, std::string_view column) const;
	// Not NULL, decimal digits of a number below 2^64.
	uint64_t Number(size_t row, size_t column) const;
	uint64_t Number(size_t row, std::string_view column) const;
	// Not NULL, a number between -2^63 and 2^63 - 1.
	int64_t Signed(size_t row, std::string_view column) const;
	// As Number, but NULL is 0.
	uint64_t NumberOrZero(size_t row, std::string_view column) const;

	bool Has(std::string_view column) const noexcept;
};

// The number that decimal digits spell; nothing for anything else, blanks, signs and 2^64 included.
std::optional<uint64_t> ParseCount(std::string_view text) noexcept;

// The fault of an answer: `what` is wrong with the answer about `about`.
Error UnexpectedAnswer(const char *about, const std::string &what);

// Raises when the answer to `sql` has not this shape. `server` describes the server, for the detail.
void CheckShape(const TextResult &answer, const AnswerShape &shape, const std::string &sql, const std::string &server);

} // namespace alkconv::core
