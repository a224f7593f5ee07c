// Regime: C++ (may throw, never calls Postgres)
//
// Guesses where to cut a segment of a key, between its smallest and its largest value. The server then says which real
// key stands next to each guess; a bad guess costs balance and nothing else. Pure.
#pragma once

#include "core/types.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace alkconv::mysql {

// The characters that keys were seen to hold: uuids need 17, not all that can be printed.
class Alphabet {
public:
	void Add(std::string_view utf8);
	// Ascending, fewer than 2 * `count` of those from `first` to `last` (either may be the smaller; 0: none): what can be
	// printed in ASCII until enough text was seen, and `last`. With `fold`, lower case stands for both.
	std::vector<char32_t> Between(char32_t first, char32_t last, size_t count, bool fold) const;

private:
	std::set<char32_t> seen_;
	size_t characters_ = 0;
};

// About `count` SQL expressions between two values (as the server sends them) of a column that ClassOf() knows; less or
// none where the values are too close. In no order that the server would agree on. `failures`: how often before guesses
// at the same values were of no use; texts then guess as many characters further on.
std::vector<std::string> CandidateExpressions(const core::SourceType &type, const std::string &first,
											  const std::string &last, size_t count, const Alphabet &alphabet,
											  size_t failures = 0);

} // namespace alkconv::mysql
