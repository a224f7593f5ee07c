// Regime: C++ (may throw, never calls Postgres)
//
// The named transforms of rules: which exist, what argument each takes, and the order in which those of one column are
// applied, which is the order of the enumeration. The list that SQL shows, the check of alkconv.rule and the plan all
// come from the one registry here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace alkconv::core {

enum class TransformName : uint8_t {
	parent_spelling, // in the source's SQL, before a value travels
	utf8_in_latin1_repair,
	inflate,
	strip_nul,
	replace_nul,
	trim_pad,
	json_nul,
	enum_empty,
	empty_to_null,
	zero_date,
	partial_date,
	wall_time,
	uuid_swap,
	clamp,
	tinyint_to_boolean,
	code_points_to_base64,
	code_points_to_bytea,
};

struct TransformInfo {
	TransformName name;
	const char *text;	   // how rules spell it
	const char *arguments; // what may stand in parentheses, for messages; nullptr: it takes none
	const char *what;	   // one clause for lists
};

// All of them, in the order in which they are applied.
const std::vector<TransformInfo> &KnownTransforms();
const TransformInfo &InfoOf(TransformName name) noexcept;

// One transform as a rule gives it.
struct Transform {
	TransformName name = TransformName::parent_spelling;
	std::string argument; // without quotes
	bool quoted = false;  // it stood in quotes: a word such as null is a label then

	bool operator==(const Transform &o) const { return name == o.name && argument == o.argument && quoted == o.quoted; }
	bool Is(const char *word) const noexcept { return !quoted && argument == word; }
};

// Reads NAME or NAME(ARGUMENT); the argument may stand in single quotes. Raises Error(unknown_rule) with the list of
// those that exist, or of the arguments that the transform takes, as hint.
Transform ParseTransform(std::string_view text);
// The opposite.
std::string TransformText(const Transform &transform);

// A date of zero_date's argument, YYYY-MM-DD; false for what is none.
bool ParseDateArgument(std::string_view text, int32_t &year, uint32_t &month, uint32_t &day) noexcept;

} // namespace alkconv::core
