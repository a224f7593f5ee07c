// Regime: C++ (may throw, never calls Postgres)
//
// SHOW CREATE TABLE of both servers, with words of the statement in comments, names and literals.
#include "mysql/lossy_rows.hpp"
#include "mysql/show_create.hpp"

#include <gtest/gtest.h>

namespace alkconv::mysql {
namespace {

constexpr const char *kMariaDb = R"(CREATE TABLE `t` (
  `id` int(11) NOT NULL COMMENT 'CONSTRAINT `f` FOREIGN KEY (`id`) REFERENCES `p` (`id`) ON DELETE CASCADE, CHECK (1)',
  `v` varchar(20) DEFAULT 'as (x), default' CHECK (`v` <> '😀'),
  `g` varchar(20) GENERATED ALWAYS AS (concat(`v`,'),\'`')) STORED,
  `d` varchar(20) DEFAULT concat('😀','(') COMMENT 'DEFAULT concat(2)',
  `e` int(11) DEFAULT (1 + 2),
  `default` int(11) DEFAULT NULL,
  PRIMARY KEY (`id`,`during` WITHOUT OVERLAPS),
  UNIQUE KEY `k` (`v`,`during` WITHOUT OVERLAPS),
  UNIQUE KEY `without overlaps` (`v`),
  CONSTRAINT `f` FOREIGN KEY (`id`) REFERENCES `p` (`on delete cascade`) ON UPDATE NO ACTION,
  CONSTRAINT `g` FOREIGN KEY (`id`) REFERENCES `p` (`id`) ON DELETE SET NULL ON UPDATE SET DEFAULT,
  CONSTRAINT `c` CHECK (`v` <> ')' or `id` > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4)";

constexpr const char *kMySql = R"(CREATE TABLE `t` (
  `a` varchar(9) DEFAULT 0x78F09F9880,
  `b` binary(3) NOT NULL DEFAULT 'a\0\0' /*!80023 INVISIBLE */,
  `c` varchar(9) DEFAULT (concat('x')),
  `n` int NOT NULL DEFAULT '5'
)
/*!50100 PARTITION BY RANGE (`n`) (PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB) */)";

TEST(MySqlShowCreate, Expressions) {
	const CreateStatement create{kMariaDb};
	EXPECT_EQ(create.GenerationExpression("g"), R"(concat(`v`,'),\'`'))");
	EXPECT_EQ(create.GenerationExpression("v"), std::nullopt);
	EXPECT_EQ(create.GenerationExpression("none"), std::nullopt);
	EXPECT_EQ(create.DefaultExpression("d"), "concat('😀','(')");
	EXPECT_EQ(create.DefaultExpression("e"), "1 + 2");
	EXPECT_EQ(create.DefaultExpression("default"), std::nullopt);
	EXPECT_EQ(create.DefaultExpression("g"), std::nullopt);
	EXPECT_EQ(create.Check("v"), "`v` <> '😀'");
	EXPECT_EQ(create.Check("c"), "`v` <> ')' or `id` > 0");
	EXPECT_EQ(create.Check("id"), std::nullopt);
}

TEST(MySqlShowCreate, Keys) {
	const CreateStatement create{kMariaDb};
	EXPECT_TRUE(create.IsWithoutOverlaps("PRIMARY") && create.IsWithoutOverlaps("k"));
	EXPECT_FALSE(create.IsWithoutOverlaps("without overlaps"));
	EXPECT_EQ(create.ForeignKeyActions("f")->on_update, "NO ACTION");
	EXPECT_EQ(create.ForeignKeyActions("f")->on_delete, "");
	EXPECT_EQ(create.ForeignKeyActions("g")->on_update, "SET DEFAULT");
	EXPECT_EQ(create.ForeignKeyActions("g")->on_delete, "SET NULL");
	EXPECT_FALSE(create.ForeignKeyActions("c").has_value());
}

TEST(MySqlShowCreate, Literals) {
	const CreateStatement create{kMySql};
	EXPECT_EQ(create.DefaultLiteral("a")->text, "x😀");
	EXPECT_EQ(create.DefaultLiteral("b")->text, std::string("a\0\0", 3));
	EXPECT_FALSE(create.DefaultLiteral("c").has_value());
	EXPECT_EQ(create.DefaultLiteral("n")->text, "5");
}

TEST(MySqlShowCreate, WhatIsNoTable) {
	for (const char *text :
		 {"", "CREATE TABLE", "CREATE TABLE `t` (", "CREATE VIEW `v` AS SELECT (`a`)", "(", "\xff", "'"})
		EXPECT_FALSE(CreateStatement(text).DefaultLiteral("a").has_value()) << text;
}

core::SourceColumn Column(const char *type, const char *charset, const char *text) {
	core::SourceColumn column;
	column.name = "c";
	column.type = core::ParseSourceType(type, charset, "");
	column.default_text = text;
	return column;
}

struct Doubt {
	const char *type, *charset, *text;
	bool mysql, mariadb;
};

const Doubt kDoubts[] = {
	{"varchar(9)", "utf8mb4", "a?", true, true},
	{"varchar(9)", "utf8mb4", "a", false, false},
	{"varchar(9)", "latin1", "a?", false, false},
	{"enum('?')", "gb18030", "?", true, true},
	{"varbinary(9)", "", "0x6162", true, false},
	{"binary(2)", "", "0x6162", false, false},
	{"varbinary(9)", "", "'a?'", true, true},
	{"varbinary(9)", "", "x'613f'", true, false},
	{"timestamp", "", "2020-01-01 00:00:00", true, false},
	{"timestamp", "", "CURRENT_TIMESTAMP", false, false},
	{"float", "", "0.1", false, false},
	{"float", "", "16777200", true, true},
	{"float(12,6)", "", "126.752251", true, true},
	{"float(7,3)", "", "1.500", false, false},
	{"double", "", "12345678901234567", false, false},
	{"double(20,3)", "", "12345678901234.567", true, true},
	{"double(8,2)", "", "0.10", false, false},
	{"int", "", "5", false, false},
};

TEST(MySqlLossyRows, LiteralsInDoubt) {
	for (const Doubt &doubt : kDoubts) {
		core::SourceTable table;
		table.columns = {Column(doubt.type, doubt.charset, doubt.text)};
		EXPECT_EQ(!DoubtfulDefaults(table, false).empty(), doubt.mysql) << doubt.type << ' ' << doubt.text;
		EXPECT_EQ(!DoubtfulDefaults(table, true).empty(), doubt.mariadb) << doubt.type << ' ' << doubt.text;
		table.columns[0].default_is_expression = true;
		EXPECT_TRUE(DoubtfulDefaults(table, false).empty()) << "no expression is evaluated";
	}
}

TEST(MySqlLossyRows, DefaultsAreAskedFor) {
	core::SourceTable table;
	table.name = "t";
	table.columns = {Column("varchar(9)", "utf8mb4", "?"), Column("varbinary(9)", "", "0x"),
					 Column("float", "", "16777200")};
	EXPECT_EQ(
		DefaultsQuery("d", table, {0, 1, 2}),
		"SELECT HEX(CONVERT(DEFAULT(t.`c`) USING utf8mb4)), HEX(DEFAULT(t.`c`)), HEX(CONVERT(DEFAULT(t.`c`) + 0e0 "
		"USING utf8mb4)) FROM (SELECT 1 AS one) AS o LEFT JOIN `d`.`t` AS t ON TRUE LIMIT 1");
	ApplyDefaults(table, {0, 1, 2}, {{"a", "b", "c"}, {{"F09F9880", std::nullopt, "3136373737323136"}}});
	EXPECT_EQ(table.columns[0].default_value, "😀");
	EXPECT_EQ(table.columns[1].default_value, std::nullopt);
	EXPECT_EQ(table.columns[2].default_value, "16777216");
	for (const TextResult &wrong : {TextResult{}, TextResult{{"a"}, {{"41"}}}, TextResult{{"a"}, {{"4"}, {"4"}}}})
		EXPECT_THROW(ApplyDefaults(table, {0, 1, 2}, wrong), core::Error);
}

TEST(MySqlLossyRows, CreateStatementsOfMariaDb) {
	core::SourceTable table;
	core::SourceColumn generated = Column("varchar(9)", "utf8mb4", "");
	generated.default_text.reset();
	generated.name = "g";
	generated.generation_expression = "concat(`v`,'???"
									  "?')";
	table.columns = {generated, Column("varchar(9)", "utf8mb4",
									   "concat('???"
									   "?','(')")};
	table.columns[1].name = "d";
	table.columns[1].default_is_expression = true;
	table.checks = {{"v",
					 "`v` <> '???"
					 "?'",
					 true},
					{"gone",
					 "'???"
					 "?'",
					 true}};
	EXPECT_TRUE(NeedsCreateStatement(table, true));
	EXPECT_FALSE(NeedsCreateStatement(table, false)) << "MySQL shows their bytes";
	ApplyCreateStatement(table, CreateStatement(kMariaDb), true);
	EXPECT_EQ(table.columns[0].generation_expression, R"(concat(`v`,'),\'`'))");
	EXPECT_EQ(table.columns[1].default_text, "concat('😀','(')");
	EXPECT_EQ(table.checks[0].clause, "`v` <> '😀'");
	EXPECT_EQ(table.checks[1].clause, "'???"
									  "?'");
}

} // namespace
} // namespace alkconv::mysql
