// Regime: C++ (may throw, never calls Postgres)
//
// Patterns and precedence of rules.
#include "core/rules.hpp"

#include "core/status.hpp"

#include <gtest/gtest.h>

namespace alkconv::core {
namespace {

Rule MakeRule(int64_t id, bool own, const char *table, const char *column, RuleAction action,
			  const char *argument = "") {
	Rule rule;
	rule.id = id;
	rule.own = own;
	rule.table_pattern = table;
	rule.column_pattern = column;
	rule.action = action;
	rule.argument = argument;
	rule.reason = "because";
	return rule;
}

TEST(Like, MatchesAsSqlDoes) {
	const struct {
		const char *pattern, *text;
		bool matches;
	} cases[] = {
		{"", "", true},
		{"", "a", false},
		{"%", "", true},
		{"%", "anything", true},
		{"abc", "abc", true},
		{"abc", "ABC", false},
		{"abc", "abcd", false},
		{"abc", "ab", false},
		{"a%", "a", true},
		{"%a", "bba", true},
		{"%a", "bab", false},
		{"%a%b%", "xxaxxbxx", true},
		{"%a%b%", "xxbxxaxx", false},
		{"%ab%ab", "abaab", true},
		{"%aab", "aaaab", true},
		{"a%%b", "ab", true},
		{"_", "a", true},
		{"_", "", false},
		{"_", "ab", false},
		{"_", "ü", true}, // a character, not a byte
		{"__", "ü", false},
		{"_", "\xF0\x9F\x98\x80", true},
		{"%_", "ü", true},
		{"a_c", "aüc", true},
		{"%\xC3\xBC", "aü", true},
		{"a\\_c", "a_c", true},
		{"a\\_c", "abc", false},
		{"100\\%", "100%", true},
		{"100\\%", "1000", false},
		{"a\\\\b", "a\\b", true},
		{"a\\", "a\\", true}, // nothing to escape: itself
		{"a\\bc", "abc", true},
	};
	for (const auto &c : cases)
		EXPECT_EQ(LikeMatches(c.pattern, c.text), c.matches) << c.pattern << " and " << c.text;
}

TEST(Like, ManyWildcardsTakeNoLongerThanFew) {
	// exponential in a naive matcher
	std::string pattern, text(5000, 'a');
	for (int i = 0; i < 200; i++)
		pattern += "%a";
	EXPECT_FALSE(LikeMatches(pattern + "%b", text));
	EXPECT_TRUE(LikeMatches(pattern, text));
}

TEST(Rules, ActionsAreParsedByNameAndUnknownOnesListed) {
	for (const RuleAction action : {RuleAction::exclude_table, RuleAction::skip_column, RuleAction::replace_seeded,
									RuleAction::empty_to_null, RuleAction::transform})
		EXPECT_EQ(ParseRuleAction(RuleActionName(action)), action);
	EXPECT_STREQ(RuleActionName(RuleAction::exclude_table), "exclude");
	try {
		ParseRuleAction("drop");
		FAIL();
	} catch (const Error &error) {
		EXPECT_EQ(error.code(), Code::unknown_rule);
		EXPECT_EQ(error.message(), "unknown rule action \"drop\"");
		EXPECT_EQ(error.hint(), "Known actions: exclude, skip_column, replace_seeded, empty_to_null, transform.");
	}
}

TEST(Rules, TextNamesActionArgumentAndReason) {
	EXPECT_EQ(RuleText(MakeRule(1, true, "t", "c", RuleAction::empty_to_null, "uuid")), "empty_to_null(uuid): because");
	Rule bare = MakeRule(1, true, "t", "", RuleAction::exclude_table);
	bare.reason.clear();
	EXPECT_EQ(RuleText(bare), "exclude");
}

TEST(Rules, TheMostSpecificGoverns) {
	constexpr RuleAction kAction = RuleAction::transform;
	// by id: the ranks of the header, the governing one last
	const RuleSet rules({
		MakeRule(1, false, "%", "%", kAction, "profile, patterns"),
		MakeRule(2, false, "user", "%", kAction, "profile, exact table"),
		MakeRule(3, false, "%", "name", kAction, "profile, exact column"),
		MakeRule(4, false, "user", "name", kAction, "profile, both exact"),
		MakeRule(5, true, "%", "%", kAction, "own, patterns"),
	});
	EXPECT_EQ(rules.Find(kAction, "user", "name")->id, 5);

	const RuleSet profile({rules.rules().begin() + 1, rules.rules().end()});
	EXPECT_EQ(profile.Find(kAction, "user", "name")->id, 4);
	EXPECT_EQ(profile.Find(kAction, "user", "age")->id, 2);
	EXPECT_EQ(profile.Find(kAction, "space", "name")->id, 3);
	EXPECT_EQ(profile.Find(kAction, "space", "age")->id, 1);
	EXPECT_EQ(profile.Find(RuleAction::skip_column, "user", "name"), nullptr);

	std::vector<int64_t> order;
	for (const Rule *rule : rules.FindAll(kAction, "user", "name"))
		order.push_back(rule->id);
	EXPECT_EQ(order, (std::vector<int64_t>{5, 4, 3, 2, 1}));
}

TEST(Rules, EqualRanksAreSettledByTheLowerId) {
	const RuleSet rules({
		MakeRule(8, false, "u%", "%", RuleAction::transform, "later"),
		MakeRule(7, false, "%r", "%", RuleAction::transform, "earlier"),
	});
	EXPECT_EQ(rules.Find(RuleAction::transform, "user", "c")->id, 7);
}

TEST(Rules, NamesWithUnderscoresAreExact) {
	const RuleSet rules({
		MakeRule(1, false, "session_device%", "", RuleAction::exclude_table),
		MakeRule(2, false, "session_devices", "", RuleAction::exclude_table),
		MakeRule(3, false, "session\\_logs", "", RuleAction::exclude_table),
		MakeRule(4, false, "session%", "", RuleAction::exclude_table),
	});
	EXPECT_EQ(rules.Find(RuleAction::exclude_table, "session_devices")->id, 2);
	EXPECT_EQ(rules.Find(RuleAction::exclude_table, "session_logs")->id, 3);
	EXPECT_EQ(rules.Find(RuleAction::exclude_table, "sessionXlogs")->id, 4);
	EXPECT_EQ(rules.Find(RuleAction::exclude_table, "Session"), nullptr);
}

TEST(Rules, RulesThatSayNothingAreRefused) {
	const Rule wrong[] = {
		MakeRule(1, true, "", "", RuleAction::exclude_table),
		MakeRule(1, true, "t", "c", RuleAction::exclude_table),
		MakeRule(1, true, "t", "c", RuleAction::replace_seeded),
		MakeRule(1, true, "t", "", RuleAction::skip_column),
		MakeRule(1, true, "t", "", RuleAction::empty_to_null),
		MakeRule(1, true, "t", "c", RuleAction::transform),
		MakeRule(1, true, "t", "c", RuleAction::skip_column, "x"),
	};
	for (const Rule &rule : wrong)
		EXPECT_THROW(RuleSet({rule}), Error)
			<< rule.table_pattern << "." << rule.column_pattern << " " << RuleText(rule);
}

} // namespace
} // namespace alkconv::core
