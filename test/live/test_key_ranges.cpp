// Regime: C++ (may throw, never calls Postgres)
//
// Ranges of keys of many shapes: every row in exactly one, in the order of the key, read through the index, and of
// about equal size.
#include "live.hpp"
#include "mysql/catalog.hpp"
#include "mysql/key_ranges.hpp"
#include "mysql/snapshot.hpp"
#include "mysql/sql.hpp"

#include <algorithm>
#include <numeric>

namespace alkconv::live {

using mysql::Connection;
using mysql::KeyRanges;

namespace {

constexpr uint64_t kWanted = 20;

struct Shape {
	const char *name;
	const char *columns; // and keys
	const char *values;	 // of row i of 20 000
	const char *options = "";
};

// $ci: the server's default collation of utf8mb4, which is case-insensitive.
const Shape kShapes[] = {
	{"int_with_holes", "id int PRIMARY KEY", "i * i * 3"},
	{"zerofill", "id int(9) unsigned zerofill PRIMARY KEY", "i * 1000"},
	{"bigint_at_both_ends", "id bigint unsigned PRIMARY KEY", "IF(i < 10000, i, 18446744073709551615 - i + 10000)"},
	{"bigint_with_outliers", "id bigint PRIMARY KEY",
	 "CASE i WHEN 0 THEN -9223372036854775808 WHEN 1 THEN 9223372036854775807 ELSE i END"},
	{"negative_int", "id int PRIMARY KEY", "-2147483648 + i"},
	{"uuid_default", "id char(36) CHARACTER SET utf8mb4 COLLATE $ci PRIMARY KEY", "$uuid"},
	{"uuid_latin1", "id char(36) CHARACTER SET latin1 PRIMARY KEY", "$uuid"},
	{"uuid_utf8mb3", "id char(36) CHARACTER SET utf8mb3 PRIMARY KEY", "$uuid"},
	{"uuid_ascii_bin", "id char(36) CHARACTER SET ascii COLLATE ascii_bin PRIMARY KEY", "$uuid"},
	{"uuid_utf16", "id char(36) CHARACTER SET utf16 PRIMARY KEY", "$uuid"},
	{"text_ci", "id varchar(60) CHARACTER SET utf8mb4 COLLATE $ci PRIMARY KEY", "$mixed"},
	{"text_bin", "id varchar(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PRIMARY KEY", "$mixed"},
	{"text_unicode_ci", "id varchar(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci PRIMARY KEY", "$mixed"},
	{"char_ci", "id char(60) CHARACTER SET utf8mb4 COLLATE $ci PRIMARY KEY", "$mixed"},
	{"text_asian", "id varchar(60) CHARACTER SET $asian PRIMARY KEY", "$mixed_asian"},
	{"text_numbered", "id varchar(40) CHARACTER SET latin1 COLLATE latin1_german2_ci PRIMARY KEY",
	 "CONCAT(IF(i % 2, 'User', 'user'), LPAD(i, 12, '0'))"},
	{"text_long_prefix", "id varchar(760) CHARACTER SET utf8mb4 COLLATE $ci PRIMARY KEY",
	 "CONCAT(REPEAT('x', 745), LPAD(i, 10, '0'))"},
	{"binary", "id binary(16) PRIMARY KEY", "UNHEX(LEFT(SHA2(i, 256), 32))"},
	{"varbinary_trailing_zeros", "id varbinary(40) PRIMARY KEY",
	 "CONCAT(UNHEX(LPAD(HEX(i DIV 4), 8, '0')), REPEAT(X'00', i % 4))"},
	{"datetime", "id datetime(6) PRIMARY KEY", "TIMESTAMP'2020-01-01 00:00:00' + INTERVAL i * i * 1001 MICROSECOND"},
	{"datetime_zero", "id datetime, b int, PRIMARY KEY (id, b)",
	 "IF(i < 15000, '0000-00-00', IF(i < 16000, '2020-00-10', TIMESTAMP'2020-01-01 00:00:00' + INTERVAL i SECOND)), i"},
	{"timestamp", "id timestamp(3) NOT NULL DEFAULT '2020-01-01', PRIMARY KEY (id)",
	 "TIMESTAMP'1971-01-01 00:00:00' + INTERVAL i HOUR"},
	{"date_int", "d date, b int, PRIMARY KEY (d, b)", "DATE'1900-01-01' + INTERVAL i DIV 3 DAY, i"},
	{"decimal", "id decimal(30, 6) PRIMARY KEY", "(i - 10000) * 12345678.123457"},
	{"pair_with_one_huge_group", "a int, b int, PRIMARY KEY (a, b)", "IF(i < 18000, 5, i - 17000), i"},
	{"pair_of_small_groups", "a int, b int, PRIMARY KEY (a, b)", "i DIV 7, i"},
	{"triple", "a tinyint, b tinyint unsigned, c int, PRIMARY KEY (a, b, c)", "i % 3 - 1, i % 2 + 254, i"},
	{"texts_equal_but_for_case",
	 "a varchar(20) CHARACTER SET utf8mb4 COLLATE $ci, b varchar(20) CHARACTER SET latin1, PRIMARY KEY (a, b)",
	 "ELT(i % 3 + 1, 'abc', 'ABC', 'Abc'), LEFT(SHA2(i, 256), 20)"},
	{"column_order", "b int, `a ``b` int, PRIMARY KEY (`a ``b`, b)", "i, i % 50"},
	{"trailing_enum", "a int, e enum('z', 'a'), PRIMARY KEY (a, e)", "i DIV 2, i % 2 + 1"},
	{"unique_only", "n int, u varchar(64) NOT NULL, UNIQUE KEY a_null (n), UNIQUE KEY `the ``key` (u)",
	 "i, SHA2(i, 256)"},
	{"float_primary", "f float PRIMARY KEY, u int NOT NULL, UNIQUE KEY u (u)", "i, 100000 - i"},
	{"descending_primary", "a int, b int NOT NULL, PRIMARY KEY (a DESC), UNIQUE KEY b (b)", "i, i"},
	{"partitioned", "id int PRIMARY KEY, v int", "i, i", " PARTITION BY HASH (id) PARTITIONS 7"},
	{"names_of_ours", "v int, alkconv_n int, n int, PRIMARY KEY (n, alkconv_n)", "i, i, i"},
	{"hidden_key", "f float PRIMARY KEY, a int NOT NULL, b int NOT NULL, UNIQUE KEY a (a) $hidden, UNIQUE KEY b (b)",
	 "i, i, i"},
};

std::string Replaced(std::string text, const std::string &from, const std::string &to) {
	for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
		text.replace(at, from.size(), to);
	return text;
}

std::string Spelt(const char *text) {
	const std::string mixed = "CONCAT(ELT(i % 8 + 1, 'User', 'user', 'ÜBER', $foreign, 'z', 'a ', '_'), i, "
							  "ELT(i % 3 + 1, '', ' ', '  '))";
	std::string spelt = Replaced(text, "$mixed_asian", Replaced(mixed, "'ÜBER', $foreign", "'日本', '中', '大', '文'"));
	spelt = Replaced(spelt, "$mixed", Replaced(mixed, "$foreign", "'жук', '日本', '😀'"));
	spelt = Replaced(
		spelt, "$uuid",
		"INSERT(INSERT(INSERT(INSERT(LEFT(SHA2(i, 256), 32), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')");
	spelt = Replaced(spelt, "$ci", ServerIsMariaDb() ? "utf8mb4_uca1400_ai_ci" : "utf8mb4_0900_ai_ci");
	spelt = Replaced(spelt, "$asian", ServerIsMariaDb() ? "cp932" : "gbk");
	return Replaced(spelt, "$hidden", ServerIsMariaDb() ? "IGNORED" : "INVISIBLE");
}

void MakeNumbers(Scratch &scratch) {
	scratch.Run({"SET SESSION sql_mode = ''", "CREATE TABLE numbers (i int PRIMARY KEY)",
				 "INSERT INTO numbers WITH RECURSIVE d (x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM d WHERE x < 99) "
				 "SELECT a.x + 100 * b.x FROM d a, d b",
				 "INSERT INTO numbers SELECT i + 10000 FROM numbers"});
}

void Make(Scratch &scratch, const Shape &shape) {
	const std::string name = mysql::QuoteIdentifier(shape.name);
	scratch.Run({"CREATE TABLE " + name + " (" + Spelt(shape.columns) + ") ENGINE = InnoDB" + shape.options,
				 "INSERT INTO " + name + " SELECT " + Spelt(shape.values) + " FROM numbers ORDER BY i",
				 "ANALYZE TABLE " + name});
}

core::SourceTable Described(Connection &connection, const std::string &database, const std::string &name) {
	for (const core::SourceTable &table : mysql::ReadCatalog(connection, database).tables)
		if (table.name == name)
			return table;
	throw std::runtime_error("no table " + name);
}

// The rows of a query in all their columns, bytes in hex.
std::vector<std::string> Rows(Connection &connection, const core::SourceTable &table, const std::string &rest) {
	std::string list;
	for (const core::SourceColumn &column : table.columns)
		list += (list.empty() ? "" : ", ',', ") + ("HEX(" + mysql::QuoteIdentifier(column.name) + ")");
	std::vector<std::string> rows;
	for (const auto &row : Ask(connection, "SELECT CONCAT(" + list + ", '.')" + rest).rows)
		rows.push_back(row.at(0).value_or("NULL"));
	return rows;
}

// The server reads a range of that index for it, and sorts nothing.
void ExpectRangeScan(Connection &connection, const std::string &select, const std::string &index) {
	const mysql::TextResult plan = Ask(connection, "EXPLAIN FORMAT=TRADITIONAL " + select);
	ASSERT_EQ(plan.rows.size(), 1u);
	const auto field = [&plan](const char *name) {
		for (size_t i = 0; i < plan.columns.size(); ++i)
			if (plan.columns[i] == name)
				return plan.rows[0][i].value_or("");
		return std::string("no such field");
	};
	EXPECT_EQ(field("type"), "range") << select;
	EXPECT_EQ(field("key"), index) << select;
	EXPECT_EQ(field("Extra").find("filesort"), std::string::npos) << select;
}

// Cuts the table and checks all that a cut promises.
KeyRanges ExpectRanges(Connection &connection, const std::string &database, const std::string &name, size_t wanted) {
	const core::SourceTable table = Described(connection, database, name);
	KeyRanges ranges;
	const double seconds =
		Seconds([&] { ranges = mysql::CutTable(connection, database, table, table.data_bytes / wanted); });
	EXPECT_LT(seconds, 5);
	if (ranges.index.empty()) {
		ADD_FAILURE() << name << " stays whole";
		return ranges;
	}
	const std::string from = " FROM " + mysql::QualifiedTable(database, name) + " FORCE INDEX (" +
							 mysql::QuoteIdentifier(ranges.index) + ")";
	std::vector<std::string> together;
	size_t largest = 0;
	for (const std::string &condition : ranges.conditions) {
		const std::string rest = from + " WHERE " + condition + " ORDER BY " + ranges.order;
		const std::vector<std::string> rows = Rows(connection, table, rest);
		together.insert(together.end(), rows.begin(), rows.end());
		largest = std::max(largest, rows.size());
		EXPECT_FALSE(rows.empty()) << condition;
		ExpectRangeScan(connection, "SELECT *" + rest, ranges.index);
	}
	const std::vector<std::string> all = Rows(connection, table, from + " ORDER BY " + ranges.order);
	EXPECT_EQ(all.size(), std::stoull(*Ask(connection, "SELECT COUNT(*)" + from).rows[0][0]));
	EXPECT_TRUE(together == all) << "not every row is in exactly one range, in the order of the key";
	EXPECT_GE(ranges.conditions.size(), wanted / 2);
	EXPECT_LE(ranges.conditions.size(), wanted * 3 / 2);
	EXPECT_LE(largest, 3 * all.size() / ranges.conditions.size() + 1);
	printf("%-28s %3zu ranges, largest %6zu of %zu rows, %.0f ms\n", name.c_str(), ranges.conditions.size(), largest,
		   all.size(), seconds * 1000);
	return ranges;
}

void ExpectWhole(Connection &connection, const std::string &database, const std::string &name) {
	const KeyRanges ranges = mysql::CutTable(connection, database, Described(connection, database, name), 100);
	EXPECT_EQ(ranges.conditions, std::vector<std::string>{""}) << name;
	EXPECT_EQ(ranges.order, "") << name;
	EXPECT_EQ(ranges.index, "") << name;
}

} // namespace

TEST(KeyRanges, HoldEveryRowOnce) {
	Scratch scratch;
	MakeNumbers(scratch);
	for (const Shape &shape : kShapes) {
		SCOPED_TRACE(shape.name);
		Make(scratch, shape);
		mysql::Snapshot snapshot(scratch.options("reader"), {});
		const KeyRanges ranges = ExpectRanges(snapshot.connection(), scratch.name(), shape.name, kWanted);
		const core::SourceTable table = Described(snapshot.connection(), scratch.name(), shape.name);
		const KeyRanges again =
			mysql::CutTable(snapshot.connection(), scratch.name(), table, table.data_bytes / kWanted);
		EXPECT_EQ(ranges.conditions, again.conditions);
	}
}

TEST(KeyRanges, AreOfTheBestKey) {
	Scratch scratch;
	MakeNumbers(scratch);
	const std::map<std::string, std::pair<const char *, const char *>> best = {
		{"unique_only", {"the `key", "`u`"}}, {"float_primary", {"u", "`u`"}},
		{"descending_primary", {"b", "`b`"}}, {"column_order", {"PRIMARY", "`a ``b`, `b`"}},
		{"partitioned", {"PRIMARY", "`id`"}}, {"hidden_key", {"b", "`b`"}},
	};
	for (const Shape &shape : kShapes)
		if (const auto expected = best.find(shape.name); expected != best.end()) {
			Make(scratch, shape);
			const core::SourceTable table = Described(scratch.admin(), scratch.name(), shape.name);
			const KeyRanges ranges = mysql::CutTable(scratch.admin(), scratch.name(), table, table.data_bytes / 4);
			EXPECT_EQ(ranges.index, expected->second.first) << shape.name;
			EXPECT_EQ(ranges.order, expected->second.second) << shape.name;
		}
}

TEST(KeyRanges, AreOfTheSnapshot) {
	Scratch scratch;
	MakeNumbers(scratch);
	Make(scratch, {"moving", "id int PRIMARY KEY, v char(200)", "i * 10, 'x'"});
	mysql::Snapshot snapshot(scratch.options("reader"), {});
	scratch.Run({"DELETE FROM moving WHERE id % 100 < 70", "UPDATE moving SET id = id + 3 WHERE id < 100000",
				 "INSERT INTO moving SELECT i + 1000000, 'y' FROM numbers"});
	ExpectRanges(snapshot.connection(), scratch.name(), "moving", kWanted);
}

TEST(KeyRanges, TablesThatStayWhole) {
	Scratch scratch;
	MakeNumbers(scratch);
	const Shape shapes[] = {
		{"no_key", "a int, KEY a (a)", "i"},
		{"null_key", "a int, UNIQUE KEY a (a)", "i"},
		{"prefix_key", "a varchar(100) NOT NULL, UNIQUE KEY a (a(40))", "SHA2(i, 256)"},
		{"enum_key", "a enum('x', 'y'), b int, PRIMARY KEY (a, b)", "i % 2 + 1, i"},
		{"float_key", "a double PRIMARY KEY", "i / 7"},
	};
	for (const Shape &shape : shapes)
		Make(scratch, shape);
	scratch.Run({"CREATE TABLE none (a int PRIMARY KEY)", "CREATE TABLE one (a int PRIMARY KEY)",
				 "INSERT INTO one VALUES (7)", "CREATE TABLE elsewhere (a int PRIMARY KEY) ENGINE = MyISAM",
				 "INSERT INTO elsewhere SELECT i FROM numbers",
				 "CREATE TABLE memory (a int, PRIMARY KEY (a) USING HASH) ENGINE = MEMORY",
				 "INSERT INTO memory SELECT i FROM numbers"});
	for (const char *name :
		 {"no_key", "null_key", "prefix_key", "enum_key", "float_key", "none", "one", "elsewhere", "memory"})
		ExpectWhole(scratch.admin(), scratch.name(), name);
	core::SourceTable small = Described(scratch.admin(), scratch.name(), "numbers");
	EXPECT_EQ(mysql::CutTable(scratch.admin(), scratch.name(), small, small.data_bytes).conditions.size(), 1u);
	EXPECT_EQ(mysql::CutTable(scratch.admin(), scratch.name(), small, small.data_bytes / 2).conditions.size(), 2u);
}

TEST(KeyRanges, WrongStatisticsCostBalanceOnly) {
	Scratch scratch;
	MakeNumbers(scratch);
	core::SourceTable table = Described(scratch.admin(), scratch.name(), "numbers");
	for (const uint64_t rows : {uint64_t{0}, uint64_t{1}, uint64_t{1} << 40}) {
		table.row_estimate = rows;
		table.data_bytes = 1000000;
		const KeyRanges ranges = mysql::CutTable(scratch.admin(), scratch.name(), table, 10000);
		uint64_t sum = 0;
		for (const std::string &condition : ranges.conditions)
			sum +=
				std::stoull(*Ask(scratch.admin(), "SELECT COUNT(*) FROM numbers WHERE " + condition).rows.at(0).at(0));
		EXPECT_EQ(sum, 20000u);
		EXPECT_GT(ranges.conditions.size(), 50u);
	}
}

} // namespace alkconv::live
