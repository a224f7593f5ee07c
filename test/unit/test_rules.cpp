// Regime: C++ (may throw, never calls Postgres)
//
// Patterns and precedence of rules.
#include "core/rules.hpp"

#include "core/status.hpp"
#include "core/transforms.hpp"

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
	for (const ActionInfo &info : KnownActions())
		EXPECT_EQ(ParseRuleAction(info.name, info.of_column), info.action) << info.name;
	EXPECT_STREQ(RuleActionName(RuleAction::exclude_table), "exclude");
	EXPECT_EQ(ParseRuleAction("rename", false), RuleAction::rename_table);
	EXPECT_EQ(ParseRuleAction("rename", true), RuleAction::rename_column);
	EXPECT_EQ(ParseRuleAction("exclude", true), RuleAction::exclude_table) << "CheckRule says what is wrong with it";
	try {
		ParseRuleAction("drop", true);
		FAIL();
	} catch (const Error &error) {
		EXPECT_EQ(error.code(), Code::unknown_rule);
		EXPECT_EQ(error.message(), "unknown rule action \"drop\"");
		EXPECT_EQ(error.hint(),
				  "Known actions: exclude, replace_seeded, rename, flatten, skip_index, keep_one, skip_validation, "
				  "skip_column, "
				  "target_type, collation, orphans, empty_to_null, transform, expression, secret, same_maximum.");
	}
}

TEST(Rules, TheRegistryIsInTheOrderOfTheEnumeration) {
	for (size_t i = 0; i < KnownActions().size(); i++)
		EXPECT_EQ(static_cast<size_t>(KnownActions()[i].action), i);
	for (size_t i = 0; i < KnownTransforms().size(); i++)
		EXPECT_EQ(static_cast<size_t>(KnownTransforms()[i].name), i);
}

TEST(Rules, TextNamesActionArgumentAndReason) {
	EXPECT_EQ(RuleText(MakeRule(1, true, "t", "c", RuleAction::empty_to_null, "uuid")), "empty_to_null(uuid): because");
	Rule bare = MakeRule(1, true, "t", "", RuleAction::exclude_table);
	bare.reason.clear();
	EXPECT_EQ(RuleText(bare), "exclude");
}

TEST(Rules, RenameByPattern) {
	struct Case {
		const char *pattern, *argument, *name, *renamed;
	};
	for (const Case &c : {
			 Case{"wp\\_%", "%", "wp_posts", "posts"},
			 Case{"%", "app_%", "posts", "app_posts"},
			 Case{"old\\_%\\_t", "new_%_x", "old_a_b_t", "new_a_b_x"},
			 Case{"__%", "%", "\xc3\xa4xposts", "posts"}, // characters, not bytes
			 Case{"wp\\_%", "%", "wp_", "wp_"},			  // nothing would be left
			 Case{"t", "100\\%", "t", "100%"},
			 Case{"%\\_t", "%", "a_t_t", "a_t"},
			 Case{"t", "a\\b", "t", "a\\b"},
		 }) {
		const Rule rule = MakeRule(1, true, c.pattern, "", RuleAction::rename_table, c.argument);
		EXPECT_NO_THROW(CheckRule(rule)) << c.argument;
		ASSERT_TRUE(LikeMatches(c.pattern, c.name)) << c.pattern;
		EXPECT_EQ(RenamedBy(rule, c.name), c.renamed) << c.pattern;
	}
	for (const auto &[pattern, argument] :
		 {std::pair("t", "%"), std::pair("%a%", "%"), std::pair("%", "%%"), std::pair("t\\%", "x_%")})
		EXPECT_THROW(CheckRule(MakeRule(1, true, pattern, "", RuleAction::rename_table, argument)), Error) << pattern;
	const RuleSet rules({MakeRule(1, true, "t", "c\\_%", RuleAction::rename_column, "%")});
	EXPECT_EQ(rules.TargetName("t", "c_id"), "id");
	EXPECT_EQ(rules.TargetName("t", "id"), "id");
}

TEST(Rules, OneForThisSourceOrSchemaBeforeOneForAny) {
	constexpr RuleAction kAction = RuleAction::expression;
	Rule exact = MakeRule(1, true, "user", "name", kAction, "any");
	Rule of_schema = MakeRule(2, true, "%", "%", kAction, "schema");
	of_schema.of_target_schema = true;
	Rule of_source = MakeRule(3, true, "%", "%", kAction, "source");
	of_source.of_source = true;
	EXPECT_EQ(RuleSet({exact, of_schema}).Find(kAction, "user", "name")->id, 2);
	EXPECT_EQ(RuleSet({exact, of_schema, of_source}).Find(kAction, "user", "name")->id, 3);
	Rule shipped = of_source;
	shipped.own = false;
	EXPECT_EQ(RuleSet({exact, shipped}).Find(kAction, "user", "name")->id, 1);
}

TEST(Rules, TypesCarryNothingElse) {
	for (const char *argument : {"text --", "int /* */", "int\n"})
		EXPECT_THROW(CheckRule(MakeRule(1, true, "t", "c", RuleAction::target_type, argument)), Error) << argument;
}

TEST(Rules, TheMostSpecificGoverns) {
	constexpr RuleAction kAction = RuleAction::expression;
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
		MakeRule(8, false, "u%", "%", RuleAction::expression, "later"),
		MakeRule(7, false, "%r", "%", RuleAction::expression, "earlier"),
	});
	EXPECT_EQ(rules.Find(RuleAction::expression, "user", "c")->id, 7);
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

TEST(Rules, TransformsAreGovernedNameByNameAndOrdered) {
	const RuleSet rules({
		MakeRule(1, false, "%", "%", RuleAction::transform, "trim_pad"),
		MakeRule(2, false, "%", "%", RuleAction::transform, "zero_date(null)"),
		MakeRule(3, true, "%", "born", RuleAction::transform, "zero_date(1900-01-01)"),
		MakeRule(4, true, "%", "%", RuleAction::transform, "zero_date(-infinity)"),
		MakeRule(5, true, "%", "%", RuleAction::transform, "strip_nul"),
	});
	const auto transforms = [&](const char *column) {
		std::string text;
		for (const Rule *rule : rules.Transforms("t", column))
			text += rule->argument + " ";
		return text;
	};
	EXPECT_EQ(transforms("born"), "strip_nul trim_pad zero_date(1900-01-01) ");
	EXPECT_EQ(transforms("died"), "strip_nul trim_pad zero_date(-infinity) ");
}

TEST(Rules, TransformsAreReadAndWritten) {
	const struct {
		const char *text;
		TransformName name;
		const char *argument;
		bool quoted;
	} cases[] = {
		{"strip_nul", TransformName::strip_nul, "", false},
		{"zero_date(null)", TransformName::zero_date, "null", false},
		{"zero_date(1970-01-01)", TransformName::zero_date, "1970-01-01", false},
		{"zero_date('1970-01-01')", TransformName::zero_date, "1970-01-01", true},
		{"partial_date(first)", TransformName::partial_date, "first", false},
		{"json_nul(replace)", TransformName::json_nul, "replace", false},
		{"enum_empty(null)", TransformName::enum_empty, "null", false},
		{"enum_empty('null')", TransformName::enum_empty, "null", true},
		{"enum_empty(not (yet))", TransformName::enum_empty, "not (yet)", false},
	};
	for (const auto &c : cases) {
		const Transform transform = ParseTransform(c.text);
		EXPECT_EQ(transform.name, c.name) << c.text;
		EXPECT_EQ(transform.argument, c.argument) << c.text;
		EXPECT_EQ(transform.quoted, c.quoted) << c.text;
		EXPECT_EQ(TransformText(transform), c.text);
	}
	EXPECT_FALSE(ParseTransform("enum_empty('null')").Is("null"));
	for (const char *wrong : {"",
							  "zip",
							  "Strip_nul",
							  "strip_nul()",
							  "strip_nul(x)",
							  "zero_date",
							  "zero_date()",
							  "zero_date(1970)",
							  "zero_date(1970-02-30)",
							  "zero_date(0000-00-00)",
							  "zero_date('null')",
							  "zero_date(first)",
							  "partial_date(-infinity)",
							  "partial_date(1970-01-01)",
							  "json_nul(reject)",
							  "enum_empty()",
							  "enum_empty('')",
							  "enum_empty( null )",
							  "strip_nul ",
							  "strip_nul,trim_pad",
							  "(null)"})
		EXPECT_THROW(ParseTransform(wrong), Error) << wrong;
	try {
		ParseTransform("zero_date(never)");
		FAIL();
	} catch (const Error &error) {
		EXPECT_EQ(error.message(), "transform zero_date does not take the argument \"never\"");
		EXPECT_EQ(error.hint(), "Write zero_date(...) with one of: null, -infinity, reject, or a date as YYYY-MM-DD.");
	}
}

TEST(Rules, RulesThatSayNothingAreRefused) {
	const Rule wrong[] = {
		MakeRule(1, true, "", "", RuleAction::exclude_table),
		MakeRule(1, true, "t", "c", RuleAction::exclude_table),
		MakeRule(1, true, "t", "c", RuleAction::replace_seeded),
		MakeRule(1, true, "t", "", RuleAction::skip_column),
		MakeRule(1, true, "t", "", RuleAction::empty_to_null),
		MakeRule(1, true, "t", "c", RuleAction::transform),
		MakeRule(1, true, "t", "c", RuleAction::transform, "zip"),
		MakeRule(1, true, "t", "c", RuleAction::skip_column, "x"),
		MakeRule(1, true, "t", "", RuleAction::rename_table),
		MakeRule(1, true, "t", "c", RuleAction::rename_column),
		MakeRule(1, true, "t", "c", RuleAction::rename_column, std::string(64, 'n').c_str()),
		MakeRule(1, true, "t", "c", RuleAction::target_type),
		MakeRule(1, true, "t", "c", RuleAction::collation),
		MakeRule(1, true, "t", "c", RuleAction::expression),
		MakeRule(1, true, "t", "c", RuleAction::orphans),
		MakeRule(1, true, "t", "c", RuleAction::orphans, "keep"),
		MakeRule(1, true, "t", "", RuleAction::flatten, "x"),
	};
	for (const Rule &rule : wrong)
		EXPECT_THROW(RuleSet({rule}), Error)
			<< rule.table_pattern << "." << rule.column_pattern << " " << RuleText(rule);
}

} // namespace
} // namespace alkconv::core
