// Regime: C++ (may throw, never calls Postgres)
//
// Which columns are asked about their rows, and how foreign keys share the answers.
#include "core/facts.hpp"

#include "core/default_type.hpp"
#include "mysql/fact_sql.hpp"

#include <gtest/gtest.h>

namespace alkconv::core {
namespace {

SourceColumn From(const char *name, const char *type) {
	SourceColumn column;
	column.name = name;
	column.type = ParseSourceType(type, "", "");
	return column;
}

SourceTable TableOf(const char *name, std::vector<SourceColumn> columns) {
	SourceTable table;
	table.name = name;
	table.columns = std::move(columns);
	return table;
}

struct Asked {
	const char *type;
	const char *default_text; // nullptr: none
	bool auto_increment;
	const char *predicate; // nullptr: no question
};

// The spelling that Postgres gives back: another one would change without a rule.
constexpr const char *kLowerCaseUuid =
	"CONVERT(`c` USING utf8mb4) COLLATE utf8mb4_bin REGEXP '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'";

const Asked kAsked[] = {
	{"tinyint(1)", nullptr, false, "`c` IN (0, 1)"},
	{"tinyint(1)", "1", false, "`c` IN (0, 1)"},
	{"tinyint(1)", "2", false, nullptr},
	{"tinyint(1)", nullptr, true, nullptr},
	{"tinyint(1) unsigned", nullptr, false, nullptr},
	{"tinyint", nullptr, false, nullptr},
	{"tinyint(4)", nullptr, false, nullptr},
	{"bigint unsigned", "0", true, "`c` <= 9223372036854775807"},
	{"bigint", nullptr, false, nullptr},
	{"time(3)", "'10:00:00'", false, "`c` BETWEEN TIME'00:00:00' AND TIME'24:00:00'"},
	{"char(36)", nullptr, false, kLowerCaseUuid},
	{"char(36)", "''", false, nullptr},
	{"char(36)", "uuid()", false, nullptr},
	{"char(36)", "NULL", false, nullptr},
	{"char(35)", nullptr, false, nullptr},
	{"varchar(36)", nullptr, false, nullptr},
	{"binary(16)", nullptr, false, "HEX(`c`) REGEXP '^([0-9A-F]{12}[1-8][0-9A-F]{3}[89AB][0-9A-F]{15}|0{32}|F{32})$'"},
	{"varbinary(16)", nullptr, false, nullptr},
};

TEST(Facts, AreAskedWhereADeclarationSaysTooLittle) {
	for (const Asked &asked : kAsked) {
		SourceColumn column = From("c", asked.type);
		if (asked.default_text != nullptr)
			column.default_text = asked.default_text;
		column.auto_increment = asked.auto_increment;
		const SourceTable table = TableOf("t", {column});
		FactKind kind;
		ASSERT_EQ(HasQuestion(table, 0, kind), asked.predicate != nullptr) << asked.type;
		if (asked.predicate != nullptr) {
			EXPECT_EQ(mysql::FactPredicate(kind, column.type, "`c`"), asked.predicate);
		}
	}
}

TEST(Facts, ACounterBeyondBigintIsAnAnswer) {
	SourceTable table = TableOf("t", {From("id", "bigint unsigned")});
	table.columns[0].auto_increment = true;
	table.auto_increment = 9223372036854775808u;
	FactKind kind;
	EXPECT_FALSE(HasQuestion(table, 0, kind));
}

TEST(Facts, PartitionColumnsKeepTheirType) {
	SourceTable table = TableOf("t", {From("flag", "tinyint(1)")});
	table.partitioning.method = "LIST";
	table.partitioning.expression = "`flag`";
	FactKind kind;
	EXPECT_FALSE(HasQuestion(table, 0, kind));
}

// grandchild -> child -> parent, and an unrelated table.
SourceSchema Family(const char *child_type) {
	SourceSchema schema;
	schema.database = "d";
	schema.tables = {TableOf("child", {From("p", child_type)}), TableOf("grandchild", {From("q", "char(36)")}),
					 TableOf("other", {From("id", "char(36)")}), TableOf("parent", {From("id", "char(36)")})};
	SourceForeignKey key;
	key.parent_database = "d";
	key.columns = {0};
	key.parent_table = "parent";
	key.parent_columns = {"id"};
	schema.tables[0].foreign_keys = {key};
	key.parent_table = "child";
	key.parent_columns = {"p"};
	schema.tables[1].foreign_keys = {key};
	return schema;
}

FactAnswer Uuid(size_t table, Evidence evidence) { return {table, 0, FactKind::uuid, evidence}; }

std::string Types(const SourceSchema &schema) {
	std::string types;
	for (const SourceTable &table : schema.tables)
		types += (types.empty() ? "" : ", ") + DefaultTarget(table.columns[0], "").text;
	return types;
}

TEST(Facts, ParentsInOtherDatabasesHaveASay) {
	const auto types = [](Evidence own, Evidence parent) {
		SourceSchema schema = Family("char(36)");
		ShareFacts(schema, {Uuid(0, own), Uuid(1, Evidence::none), Uuid(2, Evidence::none), Uuid(3, Evidence::none)},
				   {Uuid(0, parent)});
		return Types(schema);
	};
	const std::string text = "character varying(36)";
	EXPECT_EQ(types(Evidence::none, Evidence::all), "uuid, uuid, " + text + ", uuid") << "a whole family";
	EXPECT_EQ(types(Evidence::all, Evidence::all), "uuid, uuid, " + text + ", uuid");
	EXPECT_EQ(types(Evidence::all, Evidence::not_all), text + ", " + text + ", " + text + ", " + text);
	EXPECT_EQ(types(Evidence::not_all, Evidence::all), text + ", " + text + ", " + text + ", " + text);
}

TEST(Facts, AreSharedAlongForeignKeys) {
	SourceSchema schema = Family("char(36)");
	EXPECT_EQ(Types(schema), "character varying(36), character varying(36), character varying(36), "
							 "character varying(36)");
	ShareFacts(schema,
			   {Uuid(0, Evidence::none), Uuid(1, Evidence::none), Uuid(2, Evidence::none), Uuid(3, Evidence::all)});
	EXPECT_EQ(Types(schema), "uuid, uuid, character varying(36), uuid") << "one column with values decides for all";

	schema = Family("char(36)");
	ShareFacts(schema,
			   {Uuid(0, Evidence::all), Uuid(1, Evidence::not_all), Uuid(2, Evidence::all), Uuid(3, Evidence::all)});
	EXPECT_EQ(Types(schema), "character varying(36), character varying(36), uuid, character varying(36)");

	schema = Family("varchar(36)"); // has no question: cannot follow
	ShareFacts(schema, {Uuid(1, Evidence::all), Uuid(2, Evidence::all), Uuid(3, Evidence::all)});
	EXPECT_EQ(Types(schema), "character varying(36), character varying(36), uuid, character varying(36)");
}

TEST(Facts, DecideTypes) {
	struct Case {
		const char *source;
		FactKind kind;
		const char *none, *all, *not_all; // the types by what the rows say
	};
	for (const Case &c : {
			 Case{"tinyint(1)", FactKind::boolean, "boolean", "boolean", "smallint"},
			 Case{"bigint unsigned", FactKind::bigint, "bigint", "bigint", "numeric(20,0)"},
			 Case{"time(2)", FactKind::time_of_day, "interval", "time(2) without time zone", "interval"},
			 Case{"binary(16)", FactKind::uuid, "bytea", "uuid", "bytea"},
		 }) {
		const auto type = [&](Evidence evidence) {
			SourceSchema schema;
			schema.tables = {TableOf("t", {From("c", c.source)})};
			ShareFacts(schema, {{0, 0, c.kind, evidence}});
			return DefaultTarget(schema.tables[0].columns[0], "").text;
		};
		EXPECT_EQ(type(Evidence::none), c.none);
		EXPECT_EQ(type(Evidence::all), c.all);
		EXPECT_EQ(type(Evidence::not_all), c.not_all);
	}
}

TEST(NamedTarget, KnowsSpellings) {
	EXPECT_EQ(NamedTarget("BIGINT").kind, PgKind::int8);
	EXPECT_EQ(NamedTarget("pg_catalog.int4").kind, PgKind::int4);
	EXPECT_EQ(NamedTarget("numeric(10, 2)").kind, PgKind::numeric);
	EXPECT_EQ(NamedTarget("timestamp(3) with time zone").kind, PgKind::timestamptz);
	EXPECT_EQ(NamedTarget("timestamp(3) with time zone").text, "timestamp(3) with time zone");
	EXPECT_EQ(NamedTarget("public.citext").kind, PgKind::other);
	EXPECT_EQ(NamedTarget("public.geometry(Point,4326)", "public").srid, 4326u);
	EXPECT_EQ(NamedTarget("gis.geometry", "gis").shape, ShapeType::geometry);
	EXPECT_EQ(NamedTarget("gis.geography", "gis").shape, ShapeType::geography);
	EXPECT_EQ(NamedTarget("gis.box2d", "gis").shape, ShapeType::none);
	EXPECT_EQ(NamedTarget("public.geometry", "gis").shape, ShapeType::none);
	EXPECT_EQ(NamedTarget("public.geometry").shape, ShapeType::none);
}

} // namespace
} // namespace alkconv::core
