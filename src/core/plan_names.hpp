// Regime: C++ (may throw, never calls Postgres)
//
// Pairs the names of the two sides, for tables and for columns alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alkconv::core {

// How two names were found to be the same, in the order in which it is tried.
enum class NameLevel : uint8_t { exact, folded_case, snake_case };

struct NameMatch {
	std::optional<size_t> target; // none: no target of that name, or ambiguous
	NameLevel level = NameLevel::exact;
	std::vector<size_t> candidates;	 // ambiguous: the targets it could be
	std::vector<size_t> competitors; // ambiguous: the other sources that have the same target
	bool ambiguous() const noexcept { return !candidates.empty(); }
};

// "createdDate", "CreatedDate" and "created_date" become "created_date"; "resourceID" "resource_id"; "HTTPServer"
// "http_server".
std::string SnakeCase(std::string_view name);

// One NameMatch per source. An exact pair is settled before any folding is tried, and settled targets are no candidates
// any more.
std::vector<NameMatch> MatchNames(const std::vector<std::string> &sources, const std::vector<std::string> &targets);

} // namespace alkconv::core
