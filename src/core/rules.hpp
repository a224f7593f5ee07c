// Regime: C++ (may throw, never calls Postgres)
//
// Rules: what the DBA, or a profile, decides explicitly. A rule applies to the tables and columns whose names match its
// patterns (LIKE syntax, % and _, backslash escapes; compared case-sensitively against the source's names). The most
// specific rule wins: the DBA's own before the profile's, one for this source before one for any, one for this target
// schema before one for any, an exact column before a pattern, an exact table before a pattern, then the lower id. A pattern is exact for a name that it spells literally: "session_devices" is exact for
// that table, although _ matches any character.
#pragma once

#include "core/conversion.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace alkconv::core {

enum class RuleAction : uint8_t {
	// of tables
	exclude_table,	 // table stays in the source
	replace_seeded,	 // rows that the application seeded into the target are replaced by the source's
	rename_table,	 // argument: name of the target table, in which % stands for what the pattern's % matches
	flatten,		 // a partitioned table becomes a plain one (mode create)
	skip_index,		 // argument: name of an index of the source that is not made (mode create)
	keep_one,		 // argument: keep_one.hpp; of rows that are equal under a key of the target one is copied
	skip_validation, // argument: name of a CHECK of the source that is made NOT VALID (mode create)
	// of columns
	skip_column,   // source column stays in the source
	rename_column, // argument: name of the target column, likewise
	target_type,   // argument: type of the target column (mode create)
	collation,	   // argument: collation of the target column (mode create)
	orphans,	   // argument: what becomes of values of a foreign key that have no parent: "delete" the row, or "null"
	empty_to_null, // '' becomes NULL, where the source is a character type and the target column is nullable;
	// argument: only for this target type (as format_type() names it, without modifiers), empty: any
	transform,	  // argument: a transform (transforms.hpp)
	expression,	  // argument: SQL expression of the target's server over `value`, the source's value as text
	secret,		  // messages and records show a hash in place of the values
	same_maximum, // the column's highest value has to be the same on both sides, whether or not the table is copied
};

struct Rule {
	int64_t id = 0;
	bool own = false;			   // the DBA's own; otherwise it came with the profile
	bool of_source = false;		   // it is for this source only
	bool of_target_schema = false; // it is for this target schema only
	uint32_t author = 0;		   // role of the target's server: expressions run with its privileges
	std::string table_pattern;
	std::string column_pattern; // empty for table actions
	RuleAction action = RuleAction::exclude_table;
	std::string argument;
	std::string reason;
};

// What lists and messages say of an action.
struct ActionInfo {
	RuleAction action;
	const char *name; // as stored in alkconv.rule; "rename" is one name for tables and columns
	bool of_column;
	enum class Argument : uint8_t { none, optional, required } takes;
	const char *argument; // what it is; nullptr: none
	const char *what;	  // one clause
};
const std::vector<ActionInfo> &KnownActions();

// Parses the action's name; `of_column` says whether the rule has a column pattern. Raises Error(unknown_rule) with the
// list of the known ones as hint.
RuleAction ParseRuleAction(std::string_view name, bool of_column);
const char *RuleActionName(RuleAction action) noexcept;

// Raises Error(invalid_option_value or unknown_rule) for a rule that says nothing: no table pattern, a column action
// without a column pattern or a table action with one, an argument where the action takes none, none where it needs
// one, a transform that does not exist. What only the target's server knows (types, collations, expressions) is not
// looked at.
void CheckRule(const Rule &rule);

// "empty_to_null(uuid): why": how plans and reports name a rule.
std::string RuleText(const Rule &rule);

// The name that a rule with action rename gives to a table or column which it matches: its argument, where % stands for what the pattern's % matches
// and \% for itself. A name that nothing would be left of stays.
std::string RenamedBy(const Rule &rule, std::string_view name);

// SQL LIKE without a database: % any run, _ one character (UTF-8), backslash escapes.
bool LikeMatches(std::string_view pattern, std::string_view text) noexcept;

// True when the pattern spells `text`, either as it stands or with its escapes taken away and no wildcard in it.
bool SpellsExactly(std::string_view pattern, std::string_view text) noexcept;

class RuleSet {
public:
	RuleSet() = default;
	// Raises what CheckRule raises.
	explicit RuleSet(std::vector<Rule> rules);

	// The rule that governs a table (column empty) or column for an action, or nullptr.
	const Rule *Find(RuleAction action, std::string_view table, std::string_view column = {}) const noexcept;
	// The names that rules give in the target; their own where none does.
	std::string TargetName(std::string_view table) const;
	std::string TargetName(std::string_view table, std::string_view column) const;
	// All rules that match, the governing one first: for actions whose argument narrows them further.
	std::vector<const Rule *> FindAll(RuleAction action, std::string_view table, std::string_view column = {}) const;
	// The governing one of those with this argument.
	const Rule *FindWith(RuleAction action, std::string_view table, std::string_view argument) const;
	// The governing rule of each transform of a column, in the order in which transforms are applied.
	std::vector<const Rule *> Transforms(std::string_view table, std::string_view column) const;
	// The salt of the hashes that stand for a secret column's values in messages; empty: the column is not secret.
	std::string SecretSalt(std::string_view table, std::string_view column) const;
	void SetSalt(std::string salt) { salt_ = std::move(salt); }
	const std::vector<Rule> &rules() const noexcept { return rules_; }

	// The names of zones that rules of wall_time give, but for offsets, which are known without a server.
	std::vector<std::string> ZoneNames() const;
	// What these zones are, and what wall times mean where no rule says it.
	void SetZones(std::vector<ZonePointer> zones, WallTimes wall_times);
	// Raises Error(invalid_option_value) for a name that SetZones has not given.
	ZonePointer ZoneNamed(const std::string &name) const;
	const WallTimes &wall_times() const noexcept { return wall_times_; }

private:
	std::vector<Rule> rules_; // own ones first, then by id
	std::string salt_ = "0";  // hex digits; of this run
	std::vector<ZonePointer> zones_;
	WallTimes wall_times_;
};

} // namespace alkconv::core
