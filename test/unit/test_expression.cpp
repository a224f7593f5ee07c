// Regime: C++ (may throw, never calls Postgres)
//
// The translator of expressions: both servers' spellings, what is refused, and hostile input. That the translations compute the
// same is shown on real servers (test/t/066_expressions.pl).
#include "core/expression.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace alkconv::core;

void Add(ExpressionScope &scope, const char *name, const char *type, const char *collation, const char *target) {
	scope.columns.push_back(
		{name, std::string("t_") + name, target, ParseSourceType(type, *collation ? "utf8mb4" : "", collation), ""});
}

ExpressionScope Scope(bool mariadb) {
	ExpressionScope scope;
	scope.mariadb = mariadb;
	Add(scope, "i", "int", "", "integer");
	Add(scope, "b", "bigint", "", "bigint");
	Add(scope, "u", "int unsigned", "", "bigint");
	Add(scope, "d", "decimal(10,2)", "", "numeric(10,2)");
	Add(scope, "f", "double", "", "double precision");
	Add(scope, "flag", "tinyint(1)", "", "boolean");
	Add(scope, "s", "varchar(50)", "utf8mb4_bin", "character varying(50)");
	Add(scope, "x", "varchar(50)", "utf8mb4_0900_bin", "character varying(50)");
	Add(scope, "c", "varchar(50)", "utf8mb4_0900_ai_ci", "character varying(50)");
	Add(scope, "e", "enum('a','B')", "utf8mb4_0900_ai_ci", "text");
	Add(scope, "day", "date", "", "date");
	Add(scope, "t", "datetime(3)", "", "timestamp(3) without time zone");
	Add(scope, "ts", "timestamp", "", "timestamp(0) with time zone");
	Add(scope, "ts3", "timestamp(3)", "", "timestamp(3) with time zone");
	Add(scope, "j", "json", "", "jsonb");
	Add(scope, "bb", "bit(8)", "", "bit(8)");
	Add(scope, "z", "int(5) unsigned zerofill", "", "bigint");
	Add(scope, "sn", "bigint", "", "numeric(20,0)");
	return scope;
}

struct Case {
	const char *source;
	const char *expected; // SQL, or a part of the refusal
};

class ExpressionTranslated : public testing::TestWithParam<std::tuple<bool, Case>> {};

TEST_P(ExpressionTranslated, Sql) {
	const auto &[mariadb, c] = GetParam();
	const Translation translation = TranslateExpression(c.source, Scope(mariadb));
	EXPECT_EQ(translation.sql, c.expected) << translation.refusal;
	EXPECT_TRUE(translation.known());
}

constexpr Case kMySql[] = {
	{"((`i` + (`b` * 2)) - 1)", R"((("t_i"::bigint + ("t_b" * 2)) - 1))"},
	{"(`s` = _utf8mb4\\'it\\\\\\'s\\')",
	 R"(((pg_catalog.rtrim("t_s"::pg_catalog.text, ' ') COLLATE pg_catalog."C") = ('it''s'::pg_catalog.text COLLATE pg_catalog."C")))"},
	{"concat(`s`,_utf8mb4\\'\xC3\x83\xC2\xA9\\')", "(\"t_s\"::pg_catalog.text || '\xC3\xA9'::pg_catalog.text)"},
	{"((0 <> `i`) and (`b` is null))", R"(((0 <> "t_i") AND ("t_b" IS NULL)))"},
	{"(case `i` when 1 then 2 else 3 end)", R"((CASE WHEN ("t_i" = 1) THEN 2 ELSE 3 END))"},
	{"(`e` = _utf8mb4\\'b\\')", R"(("t_e" = 'B'))"},
	{"json_extract(`j`,_utf8mb4\\'$.\"a b\"\\')", R"(("t_j" -> 'a b'::pg_catalog.text))"},
	{"~(5)", "(18446744073709551615 - 5::bigint)"},
	{"cast(`t` as datetime)", // a cast of Postgres rounds halves before the year 2000 down
	 R"((CASE WHEN "t_t" < '9999-12-31 23:59:59.5'::timestamp THEN pg_catalog.date_bin('1 second'::interval, "t_t" + '0.5 seconds'::interval, '0001-01-01'::timestamp) END))"},
	{"cast(`t` as datetime(1))",
	 R"((CASE WHEN "t_t" < '9999-12-31 23:59:59.95'::timestamp THEN pg_catalog.date_bin('0.1 seconds'::interval, "t_t" + '0.05 seconds'::interval, '0001-01-01'::timestamp) END))"},
	{"cast(`t` as datetime(3))", R"("t_t")"},
	{"-(9223372036854775808)", "(-9223372036854775808)"},
};
INSTANTIATE_TEST_SUITE_P(MySql, ExpressionTranslated,
						 testing::Combine(testing::Values(false), testing::ValuesIn(kMySql)));

constexpr Case kMariaDb[] = {
	{"`i` + `b` * 2 - 1", R"((("t_i"::bigint + ("t_b" * 2)) - 1))"},
	{"`s` = 'it''s \\\\'",
	 R"(((pg_catalog.rtrim("t_s"::pg_catalog.text, ' ') COLLATE pg_catalog."C") = (E'it''s \\'::pg_catalog.text COLLATE pg_catalog."C")))"},
	{"`i` <> 0 and `b` is null or `b` = 1", R"(((("t_i" <> 0) AND ("t_b" IS NULL)) OR ("t_b" = 1)))"},
	{"`x`  not like 'a|%' escape '|'", R"(("t_x"::pg_catalog.text COLLATE pg_catalog."C" NOT LIKE 'a|%' ESCAPE '|'))"},
	{"`x` like 'a\\\\'", R"(("t_x"::pg_catalog.text COLLATE pg_catalog."C" LIKE E'a\\\\'))"},
	{"!(`i` + 1)", R"((NOT (("t_i"::bigint + 1) <> 0)))"},
	{"`I` + `sn`", R"(("t_i"::numeric + "t_sn")::bigint)"},
	{"`i` = 1 = `flag`", R"((("t_i" = 1) = "t_flag"))"},
	{"`day` + interval 1 month",
	 R"((CASE WHEN ("t_day" + pg_catalog.make_interval(months => 1::integer)) BETWEEN '0001-01-01'::timestamp AND '9999-12-31 23:59:59.999999'::timestamp THEN ("t_day" + pg_catalog.make_interval(months => 1::integer))::pg_catalog.date END))"},
	{"X'4142'", R"(E'\\x4142'::pg_catalog.bytea)"},
};
INSTANTIATE_TEST_SUITE_P(MariaDb, ExpressionTranslated,
						 testing::Combine(testing::Values(true), testing::ValuesIn(kMariaDb)));

class ExpressionRefused : public testing::TestWithParam<Case> {};

TEST_P(ExpressionRefused, Reason) {
	const Translation translation = TranslateExpression(GetParam().source, Scope(true));
	EXPECT_EQ(translation.sql, "");
	EXPECT_FALSE(translation.known());
	EXPECT_NE(translation.refusal.find(GetParam().expected), std::string::npos) << translation.refusal;
}

constexpr Case kRefused[] = {
	{"`c` = 'a'", "utf8mb4_0900_ai_ci"},
	{"`c` like 'a%'", "utf8mb4_0900_ai_ci"},
	{"`s` < 'a'", "pads them with blanks"},
	{"`s` = `x`", "of several"},
	{"concat(`bb`)", "bits are used as a text"},
	{"concat(b'101')", "bits are used as a text"},
	{"hex(`bb`)", "hex() of bits"},
	{"concat(`z`)", "ZEROFILL"},
	{"`s` = 5", "compares a text with an integer"},
	{"`i` + '5'", "a text is used as a number"},
	{"`i` / 3", "rounds the quotient"},
	{"`u` - 1", "unsigned -"},
	{"~`i`", "may be negative"},
	{"year(`ts`)", "a timestamp is used as a datetime"},
	{"`t` > '2020-00-00'", "no date that Postgres has"},
	{"`t` > '20200101'", "is used as a date"},
	{"`e` = 'c'", "none of its labels"},
	{"lower(`s`)", "tables of letters"},
	{"round(`f`,1)", "floating-point"},
	{"cast(`t` as datetime)", "rounded or cut off"},
	{"pow(`i`,2)", "function pow() is not translated"},
	{"`nowhere` + 1", "column `nowhere`"},
	{"`s` regexp 'a'", "regular expressions"},
	{"json_extract(`j`,'$.*')", "JSON path"},
	{"`i` +", "ends too early"},
	{"(`i`", "is missing"},
	{"`i` `b`", "is not understood"},
	{"'a", "not closed"},
	{"", "ends too early"},
	{"`i` = 1; drop table t", "code 59"},
	{"concat(`s`,'\xff')", "not UTF-8"},
	{"concat(`s`,'\\0')", "U+0000"},
};
INSTANTIATE_TEST_SUITE_P(All, ExpressionRefused, testing::ValuesIn(kRefused));

std::string Repeated(const std::string &part, int times) {
	std::string text;
	for (int i = 0; i < times; ++i)
		text += part;
	return text;
}

// A range of one number is no literal: the value may be NULL all the same.
constexpr Case kOneNumberOrNull[] = {
	{"-if(`flag`, 1, NULL)", R"((- (CASE WHEN "t_flag" THEN 1 ELSE NULL END)::bigint))"},
	{"(`i` > 0) = if(`flag`, 1, NULL)", R"((("t_i" > 0)::integer = (CASE WHEN "t_flag" THEN 1 ELSE NULL END)))"},
	{"greatest(if(`flag`, 1, NULL), 5)",
	 R"((CASE WHEN (CASE WHEN "t_flag" THEN 1 ELSE NULL END) IS NOT NULL THEN GREATEST((CASE WHEN "t_flag" THEN 1 ELSE NULL END), 5) END))"},
	{"-(`i` * 0)", R"((- ("t_i"::bigint * 0)))"},
	{"8 div if(`flag`, 2, NULL)", R"((8::bigint / NULLIF((CASE WHEN "t_flag" THEN 2 ELSE NULL END), 0)))"},
};
INSTANTIATE_TEST_SUITE_P(OneNumberOrNull, ExpressionTranslated,
						 testing::Combine(testing::Values(true), testing::ValuesIn(kOneNumberOrNull)));

constexpr Case kNoLiteral[] = {
	{"left(`s`, if(`flag`, 3, NULL))", "that is no literal"},
	{"`i` / if(`flag`, 2, NULL)", "rounds the quotient"},
	{"`u` >> if(`flag`, 2, NULL)", "by a number that is not known"},
	{"json_array(`i` * 0)", "other values than literals"},
};
INSTANTIATE_TEST_SUITE_P(NoLiteral, ExpressionRefused, testing::ValuesIn(kNoLiteral));

TEST(Expression, AConditionKeepsItsNull) {
	SourceColumn column;
	column.type = ParseSourceType("tinyint(1)", "", "");
	const std::pair<const char *, const char *> cases[] = {
		{"if((`day` is null),1,NULL)", R"(((CASE WHEN ("t_day" IS NULL) THEN 1 ELSE NULL END) <> 0))"},
		{"(case when `flag` then 1 end)", R"(((CASE WHEN "t_flag" THEN 1 END) <> 0))"},
		{"nullif(1,`i`)", R"(((CASE WHEN (1 = "t_i") THEN NULL ELSE 1 END) <> 0))"},
		{"(`i` * 0)", R"((("t_i"::bigint * 0) <> 0))"},
		{"1", "true"},
	};
	for (const auto &[source, expected] : cases) {
		column.generation_expression = source;
		EXPECT_EQ(TranslateGenerated(column, "boolean", Scope(false)).sql, expected) << source;
	}
}

TEST(Expression, NestingIsBounded) {
	const ExpressionScope scope = Scope(true);
	for (const char *open :
		 {"(", "-", "!", "not ", "abs(", "case when ", "1 between 2 and ", "1 + interval ", "binary "})
		EXPECT_NE(TranslateExpression(Repeated(open, 3000) + "1", scope).refusal.find("nested more than 100 levels"),
				  std::string::npos)
			<< open;
	for (const char *chain : {" + 1", " = 1", " is null", " xor 1", " collate utf8mb4_bin"})
		EXPECT_NE(TranslateExpression("1" + Repeated(chain, 2000), scope).refusal.find("nested more than 100 levels"),
				  std::string::npos)
			<< chain;
	EXPECT_TRUE(TranslateExpression("1 = 1" + Repeated(" or `i` = 1", 2000), scope).known());
	EXPECT_NE(TranslateExpression(std::string(70000, ' ') + "1", scope).refusal.find("longer than"), std::string::npos);
}

TEST(Expression, RepeatedPartsDoNotGrowWithoutBound) {
	const std::string nested = Repeated("greatest(`i`,", 30) + "`i`" + Repeated(")", 30);
	EXPECT_NE(TranslateExpression(nested, Scope(true)).refusal.find("longer than 65536 bytes"), std::string::npos);
}

TEST(Expression, ConditionsAndIndexParts) {
	const ExpressionScope scope = Scope(true);
	EXPECT_EQ(TranslateCondition("`i`", scope).sql, R"(("t_i" <> 0))");
	EXPECT_EQ(TranslateCondition("`flag`", scope).sql, R"("t_flag")");
	EXPECT_FALSE(TranslateCondition("rand()", scope).known());
	EXPECT_FALSE(TranslateCondition("`s`", scope).known());
	EXPECT_FALSE(TranslateIndexPart("`day` > curdate()", scope).known());
	EXPECT_EQ(TranslateIndexPart("char_length(`c`)", scope).sql, R"(pg_catalog.length("t_c"::pg_catalog.text))");
}

struct ColumnCase {
	const char *type, *collation, *target, *source, *expected; // expected: "! ..." for a part of the refusal
};

void Expect(const Translation &translation, const ColumnCase &c) {
	const std::string expected = c.expected;
	if (expected.rfind("! ", 0) != 0) {
		EXPECT_EQ(translation.sql, expected) << translation.refusal;
		return;
	}
	EXPECT_NE(translation.refusal.find(expected.substr(2)), std::string::npos) << translation.refusal;
	EXPECT_EQ(translation.sql, "");
}

SourceColumn Column(const ColumnCase &c) {
	SourceColumn column;
	column.type = ParseSourceType(c.type, *c.collation ? "utf8mb4" : "", c.collation);
	column.generation_expression = c.source;
	column.default_text = c.source;
	return column;
}

class ExpressionGenerated : public testing::TestWithParam<ColumnCase> {};

TEST_P(ExpressionGenerated, Sql) {
	Expect(TranslateGenerated(Column(GetParam()), GetParam().target, Scope(true)), GetParam());
}

constexpr ColumnCase kGenerated[] = {
	{"int", "", "integer", "`i` > 1", R"(("t_i" > 1)::integer)"},
	{"tinyint(1)", "", "boolean", "`i` > 1", R"(("t_i" > 1))"},
	{"tinyint(1)", "", "boolean", "`i`", "! an integer goes into a column of type boolean"},
	{"double", "", "double precision", "`i`", R"("t_i"::double precision)"},
	{"decimal(5,1)", "", "numeric(5,1)", "`f`", "! floating-point number is rounded"},
	{"char(5)", "utf8mb4_bin", "character varying(5)", "`s`", R"(pg_catalog.rtrim("t_s"::pg_catalog.text, ' '))"},
	{"varchar(30)", "utf8mb4_bin", "character varying(30)", "`i`", R"("t_i"::pg_catalog.text)"},
	{"varchar(30)", "utf8mb4_bin", "character varying(30)", "`f`", "! a floating-point number is used as a text"},
	{"datetime", "", "timestamp(0) without time zone", "current_timestamp()", "! another at other times"},
	{"date", "", "date", "cast(`t` as date)", R"("t_t"::pg_catalog.date)"},
	{"date", "", "date", "`t`", "! a datetime goes into a column of type date"},
	{"datetime(3)", "", "timestamp(3) without time zone", "`t`", R"("t_t")"},
	{"datetime(2)", "", "timestamp(2) without time zone", "`t`", "! rounded or cut off"},
	{"timestamp", "", "timestamp", "`day`", "! a time without a zone"},
	{"timestamp(0)", "", "timestamp with time zone", "if(`flag`,`ts`,`ts3`)", "! a timestamp is rounded"},
	{"timestamp(3)", "", "timestamp(3)", "`ts3`", R"(("t_ts3" AT TIME ZONE 'UTC'))"},
	{"time", "", "interval", "if(`flag`,time'10:00:00',time'10:00:00.5')", "! a time is rounded"},
};
INSTANTIATE_TEST_SUITE_P(All, ExpressionGenerated, testing::ValuesIn(kGenerated));

TEST(Expression, MySqlRoundsWhatAColumnHasNoDigitsFor) {
	const ColumnCase c{"datetime(2)", "", "timestamp(2) without time zone", "`t`", ""};
	EXPECT_EQ(TranslateGenerated(Column(c), c.target, Scope(false)).sql,
			  "(CASE WHEN \"t_t\" < '9999-12-31 23:59:59.995'::timestamp THEN pg_catalog.date_bin('0.01 "
			  "seconds'::interval, \"t_t\" + '0.005 seconds'::interval, '0001-01-01'::timestamp) END)");
}

class ExpressionDefaultMySql : public testing::TestWithParam<ColumnCase> {};
class ExpressionDefaultMySqlExpression : public testing::TestWithParam<ColumnCase> {};
class ExpressionDefaultMariaDb : public testing::TestWithParam<ColumnCase> {};

TEST_P(ExpressionDefaultMySql, Sql) {
	Expect(TranslateDefault(Column(GetParam()), GetParam().target, false), GetParam());
}

TEST_P(ExpressionDefaultMySqlExpression, Sql) {
	SourceColumn column = Column(GetParam());
	column.default_is_expression = true;
	Expect(TranslateDefault(column, GetParam().target, false), GetParam());
}

TEST_P(ExpressionDefaultMariaDb, Sql) {
	Expect(TranslateDefault(Column(GetParam()), GetParam().target, true), GetParam());
}

constexpr ColumnCase kMySqlDefaults[] = {
	{"int", "", "integer", "-5", "(-5)"},
	{"tinyint(1)", "", "boolean", "1", "true"},
	{"tinyint(1)", "", "boolean", "2", "! boolean"},
	{"decimal(5,2)", "", "numeric(5,2)", "1.50", "1.50"},
	{"double", "", "double precision", "1e30", "'1e30'::double precision"},
	{"bit(4)", "", "bit(4)", "b'101'", "B'0101'"},
	{"bit(1)", "", "boolean", "b'1'", "true"},
	{"varchar(10)", "utf8mb4_bin", "character varying(10)", "it's\\", R"(E'it''s\\')"},
	{"varchar(10)", "utf8mb4_bin", "character varying(10)", "NULL", "'NULL'"},
	{"char(5)", "utf8mb4_bin", "character varying(5)", "", "''"},
	{"char(36)", "utf8mb4_bin", "uuid", "00000000-0000-4000-8000-000000000000",
	 "'00000000-0000-4000-8000-000000000000'::uuid"},
	{"char(36)", "utf8mb4_bin", "uuid", "", "! uuid"},
	{"date", "", "date", "2020-01-01", "'2020-01-01'::pg_catalog.date"},
	{"date", "", "date", "0000-00-00", "! no date that Postgres has"},
	{"datetime", "", "timestamp(0) without time zone", "0000-00-00 00:00:00", "! no date that Postgres has"},
	{"datetime(3)", "", "timestamp(3) without time zone", "2020-01-01 10:00:00.500",
	 "'2020-01-01 10:00:00.500'::timestamp"},
	{"datetime", "", "timestamp(0) without time zone", "CURRENT_TIMESTAMP",
	 "pg_catalog.date_trunc('second', LOCALTIMESTAMP)"},
	{"timestamp(6)", "", "timestamp(6) with time zone", "CURRENT_TIMESTAMP(6)", "CURRENT_TIMESTAMP"},
	{"timestamp", "", "timestamp(0) with time zone", "2020-01-01 00:00:00", "! time zone of whoever"},
	{"timestamp", "", "timestamptz", "CURRENT_TIMESTAMP", "pg_catalog.date_trunc('second', CURRENT_TIMESTAMP)"},
	{"timestamp", "", "TIMESTAMP", "CURRENT_TIMESTAMP",
	 "pg_catalog.date_trunc('second', (CURRENT_TIMESTAMP AT TIME ZONE 'UTC'))"},
	{"timestamp(6)", "", "timestamp(6) without time zone", "CURRENT_TIMESTAMP(6)",
	 "(CURRENT_TIMESTAMP AT TIME ZONE 'UTC')"},
	{"timestamp", "", "text", "CURRENT_TIMESTAMP", "! goes into a column of type text"},
	{"datetime", "", "timestamptz", "CURRENT_TIMESTAMP", "! goes into a column of type timestamptz"},
	{"time", "", "interval", "-01:02:03", "'-01:02:03'::interval"},
	{"time", "", "time without time zone", "-01:02:03", "! a text goes into"},
	{"enum('a','b')", "utf8mb4_bin", "text", "b", "'b'"},
	{"enum('a','b')", "utf8mb4_bin", "public.color", "b", "'b'::public.color"},
	{"set('a','b')", "utf8mb4_bin", "text[]", "a,b", "ARRAY['a', 'b']::text[]"},
	{"set('a','b')", "utf8mb4_bin", "text[]", "", "ARRAY[]::text[]"},
	{"varbinary(2)", "", "bytea", "0x6162", R"(E'\\x6162'::pg_catalog.bytea)"},
	{"varbinary(9)", "", "bytea", "0x6162", "! cuts a binary default off"},
	{"varbinary(9)", "", "bytea", "", R"(E'\\x'::pg_catalog.bytea)"},
};
INSTANTIATE_TEST_SUITE_P(All, ExpressionDefaultMySql, testing::ValuesIn(kMySqlDefaults));

constexpr ColumnCase kMySqlExpressionDefaults[] = {
	{"int", "", "integer", "(1 + 2)", "(1::bigint + 2)"},
	{"char(36)", "utf8mb4_bin", "uuid", "uuid()", "pg_catalog.gen_random_uuid()"},
	{"char(36)", "utf8mb4_bin", "character varying(36)", "uuid()",
	 "pg_catalog.rtrim(pg_catalog.gen_random_uuid()::pg_catalog.text, ' ')"},
	{"binary(16)", "", "bytea", "uuid_to_bin(uuid())", "pg_catalog.uuid_send(pg_catalog.gen_random_uuid())"},
	{"binary(16)", "", "uuid", "uuid_to_bin(uuid(),true)", "pg_catalog.gen_random_uuid()"},
	{"json", "", "jsonb", "json_object(_utf8mb4\\'k\\',json_array(1,NULL,true))",
	 R"('{"k": [1, null, true]}'::pg_catalog.jsonb)"},
	{"json", "", "jsonb", "_utf8mb4\\'{\"a\":1}\\'", R"('{"a":1}'::pg_catalog.jsonb)"},
	{"json", "", "jsonb", "_utf8mb4\\'{\\'", "! no JSON"},
	{"text", "utf8mb4_bin", "text", "_utf8mb4\\'abc\\'", "'abc'"},
	{"blob", "", "bytea", "0x00ff", R"(E'\\x00ff'::pg_catalog.bytea)"},
	{"date", "", "date", "curdate()", "CURRENT_DATE"},
	{"int", "", "integer", "(`i` + 1)", "! column `i`"},
};
INSTANTIATE_TEST_SUITE_P(All, ExpressionDefaultMySqlExpression, testing::ValuesIn(kMySqlExpressionDefaults));

constexpr ColumnCase kMariaDbDefaults[] = {
	{"int", "", "integer", "NULL", ""},
	{"int", "", "integer", "-5", "(-5)"},
	{"varchar(10)", "utf8mb4_bin", "character varying(10)", "'NULL'", "'NULL'"},
	{"varchar(10)", "utf8mb4_bin", "character varying(10)", "'it''s\\\\x'", R"(E'it''s\\x')"},
	{"datetime(6)", "", "timestamp(6) without time zone", "current_timestamp(6)", "LOCALTIMESTAMP"},
	{"timestamp", "", "timestamp(0) with time zone", "current_timestamp()",
	 "pg_catalog.date_trunc('second', CURRENT_TIMESTAMP)"},
	{"timestamp(6)", "", "timestamp(6) with time zone", "(current_timestamp(6) + interval 1 hour)",
	 "(CASE WHEN (CURRENT_TIMESTAMP + pg_catalog.make_interval(secs => 1::double precision * 3600.0::double "
	 "precision)) BETWEEN "
	 "'0001-01-01'::timestamp AND '9999-12-31 23:59:59.999999'::timestamp THEN (CURRENT_TIMESTAMP + "
	 "pg_catalog.make_interval(secs => 1::double precision * 3600.0::double precision)) END)"},
	{"timestamp", "", "timestamp(0) with time zone", "'2020-02-29 10:11:12'",
	 "'2020-02-29 10:11:12+00'::timestamp with time zone"},
	{"timestamp", "", "timestamp", "'2020-02-29 10:11:12'",
	 "('2020-02-29 10:11:12+00'::timestamp with time zone AT TIME ZONE 'UTC')"},
	{"timestamp", "", "timestamp(0) with time zone", "'0000-00-00 00:00:00'", "! no date that Postgres has"},
	{"binary(3)", "", "bytea", "x'616200'", R"(E'\\x616200'::pg_catalog.bytea)"},
	{"binary(3)", "", "bytea", R"('ab\0')", R"(E'\\x616200'::pg_catalog.bytea)"},
	{"varbinary(9)", "", "bytea", "'\xc3\xa9'", R"(E'\\xc3a9'::pg_catalog.bytea)"},
	{"varbinary(9)", "", "bytea", "'a?'", "! may stand for any byte"},
	{"varbinary(9)", "", "bytea", "x'613f'", R"(E'\\x613f'::pg_catalog.bytea)"},
	{"varchar(9)", "utf8mb4_bin", "text", "'a?'", "! any character beyond utf8mb3"},
	{"bit(4)", "", "bit(4)", "b'101'", "B'0101'"},
	{"json", "", "jsonb", "'{\"a\": \"x\\\\ny\"}'", R"(E'{"a": "x\\ny"}'::pg_catalog.jsonb)"},
	{"year", "", "smallint", "2020", "2020"},
	{"uuid", "", "uuid", "uuid()", "pg_catalog.gen_random_uuid()"},
	{"inet6", "", "inet", "'::1'", "'::1'::inet"},
};
INSTANTIATE_TEST_SUITE_P(All, ExpressionDefaultMariaDb, testing::ValuesIn(kMariaDbDefaults));

TEST(Expression, NoDefault) {
	SourceColumn column;
	column.type = ParseSourceType("int", "", "");
	const Translation translation = TranslateDefault(column, "integer", false);
	EXPECT_EQ(translation.sql, "");
	EXPECT_TRUE(translation.known());
}

} // namespace
