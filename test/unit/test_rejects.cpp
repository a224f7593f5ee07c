// Keys of rejected rows as conditions of the source's SQL, and batches from which rows are taken out.
#include "core/rejects.hpp"

#include "cells.hpp"

#include <gtest/gtest.h>

namespace alkconv::core {

namespace {

ColumnPlan Column(const std::string &name, const std::string &type, const std::string &charset = "") {
	ColumnPlan column;
	column.source_name = column.target_name = name;
	column.source_type = ParseSourceType(type, charset, charset.empty() ? "" : charset + "_bin");
	return column;
}

TablePlan Table(const std::string &name, std::vector<ColumnPlan> columns, std::vector<size_t> key) {
	TablePlan table;
	table.source_name = table.target_name = name;
	table.columns = std::move(columns);
	table.key = std::move(key);
	return table;
}

struct KeyCase {
	const char *type, *charset, *text, *literal; // no literal: refused
};

const KeyCase kKeys[] = {
	{"int", "", "-7", "-7"},
	{"bigint unsigned", "", "18446744073709551615", "18446744073709551615"},
	{"decimal(9,2)", "", "1.50", "1.50"},
	{"year", "", "2020", "2020"},
	{"bit(3)", "", "010", "b'010'+0"},
	{"date", "", "0000-00-00", "'0000-00-00'"},
	{"datetime(3)", "", "2020-01-02 03:04:05.678", "'2020-01-02 03:04:05.678'"},
	{"timestamp", "", "2020-01-02 03:04:05+00", "'2020-01-02 03:04:05'"},
	{"time", "", "-838:59:59", "'-838:59:59'"},
	{"varchar(9)", "latin1", "a'\\", "CONVERT(_utf8mb4 X'61275c' USING latin1) COLLATE latin1_bin"},
	{"varchar(9)", "utf8mb4", "", "_utf8mb4 X''"},
	{"enum('a','b')", "utf8mb4", "a", "_utf8mb4 X'61'"},
	{"uuid", "", "00112233-4455-6677-8899-aabbccddeeff",
	 "_utf8mb4 X'30303131323233332d343435352d363637372d383839392d616162626363646465656666'"},
	{"binary(2)", "", "\\x00FF", "X'00FF'"},
	{"varbinary(2)", "", "\\x", "X''"},
	{"int", "", "1) OR (1=1", nullptr},
	{"int", "", "", nullptr},
	{"bit(3)", "", "2", nullptr},
	{"date", "", "2020-01-01'", nullptr},
	{"binary(2)", "", "00ff", nullptr},
	{"binary(2)", "", "\\x0", nullptr},
	{"binary(2)", "", "\\x0g", nullptr},
};

TEST(Rejects, KeysBecomeLiteralsOfTheirColumnsType) {
	for (const KeyCase &c : kKeys) {
		const TablePlan table = Table("t", {Column("k`", c.type, c.charset)}, {0});
		if (c.literal != nullptr)
			EXPECT_EQ(RowsCondition(table, "x", {{c.text}}), std::string("x.`k``` IN (") + c.literal + ")") << c.type;
		else
			EXPECT_THROW(RowsCondition(table, "x", {{c.text}}), Error) << c.type << ' ' << c.text;
	}
}

TEST(Rejects, AKeyThatIsNoneIsShownInPart) {
	try {
		RowsCondition(Table("t", {Column("k", "int")}, {0}), "x", {{std::string(500, 'z')}});
		FAIL();
	} catch (const Error &error) {
		EXPECT_EQ(error.message(), "\"" + std::string(77, 'z') + "...\" is no key: column \"k\" has type int");
		EXPECT_EQ(error.code(), Code::invalid_text);
	}
}

TEST(Rejects, KeysOfSeveralColumns) {
	const TablePlan table =
		Table("t", {Column("v", "text", "utf8mb4"), Column("b", "int"), Column("a", "binary(1)")}, {2, 1});
	EXPECT_EQ(RowsCondition(table, "`d`.`t`", {{"\\x00", "1"}, {"\\x01", "2"}}),
			  "(`d`.`t`.`a`,`d`.`t`.`b`) IN ((X'00',1),(X'01',2))");
	EXPECT_THROW(RowsCondition(table, "`d`.`t`", {{"\\x00"}}), Error);
	EXPECT_EQ(KeysQuery(table, "d"), "SELECT CONCAT('\\\\x',LOWER(HEX(`d`.`t`.`a`))),`d`.`t`.`b` FROM `d`.`t`");
}

TEST(Rejects, PlansOfTheOtherRowsAndOfTheseKeepTheFilter) {
	TablePlan table = Table("t", {Column("a", "int")}, {0});
	EXPECT_EQ(WithoutRows(table, "d", {{"1"}}).source_filter, "NOT (`d`.`t`.`a` IN (1))");
	EXPECT_EQ(RowCountQuery(OnlyRows(table, "d", {{"1"}, {"2"}}), "d"),
			  "SELECT COUNT(*) FROM `d`.`t` WHERE `d`.`t`.`a` IN (1,2)");
	table.source_filter = "f";
	EXPECT_EQ(WithoutRows(table, "d", {{"1"}}).source_filter, "f AND NOT (`d`.`t`.`a` IN (1))");
}

TEST(Rejects, RowsAreNamedByExactKeysOnly) {
	EXPECT_TRUE(NamesRows(Table("t", {Column("a", "int")}, {0})));
	EXPECT_FALSE(NamesRows(Table("t", {Column("a", "int")}, {})));
	EXPECT_FALSE(NamesRows(Table("t", {Column("a", "int"), Column("f", "double")}, {0, 1})));
	EXPECT_TRUE(NamesRows(Table("t", {Column("a", "varchar(9)", "latin1")}, {0})));
	EXPECT_FALSE(NamesRows(Table("t", {Column("a", "varchar(9)", "cp932")}, {0})));
	TablePlan spelled = Table("t", {Column("a", "varchar(9)", "utf8mb4")}, {0});
	spelled.columns[0].source_sql = "COALESCE(...)";
	EXPECT_FALSE(NamesRows(spelled));
}

TEST(Rejects, TheFirstMissingKey) {
	const RejectedKeys keys = {{"1", "a"}, {"2", "b"}};
	EXPECT_EQ(FirstMissing(keys, {{"2", "b"}, {"1", "a"}}), "");
	EXPECT_EQ(FirstMissing(keys, {{"1", "a"}, {"2", std::nullopt}}), "2, b");
}

TEST(Rejects, RowsThatReferToRejectedOnes) {
	Plan plan;
	plan.tables = {Table("child", {Column("id", "int"), Column("p", "int")}, {0}),
				   Table("parent", {Column("id", "int")}, {0})};
	plan.tables[0].source_filter = "f";
	const RowReference reference{0, 1, {{1, 0}}};
	EXPECT_EQ(
		ReferringKeysQuery(plan, "d", reference, {{"4"}}, {{"9"}}),
		"SELECT `d`.`child`.`id` FROM `d`.`child` WHERE f AND NOT (`d`.`child`.`id` IN (4)) AND EXISTS (SELECT 1 FROM "
		"`d`.`parent` AS alkconv_r WHERE alkconv_r.`id` IN (9) AND alkconv_r.`id`=`d`.`child`.`p`) ORDER BY 1");
	plan.tables[0].columns[1].source_sql = "IF(...)";
	EXPECT_EQ(ReferringKeysQuery(plan, "d", reference, {}, {{"9"}}),
			  "SELECT `d`.`child`.`id` FROM `d`.`child` WHERE f AND EXISTS (SELECT 1 FROM "
			  "`d`.`parent` AS alkconv_r WHERE alkconv_r.`id` IN (9) AND alkconv_r.`id`=IF(...)) ORDER BY 1");
}

ConverterColumn Converter(const std::string &name, const char *type, const char *target) {
	ConverterColumn column;
	column.source_name = column.target_name = name;
	column.source = ParseSourceType(type, "", "");
	column.target = test::Target(target);
	column.conversion = ChooseConversion(column.source, column.target, ColumnPolicy());
	return column;
}

// Rows (id, n) with n beyond int4 where `bad` says so.
RowBatch Batch(size_t rows, bool (*bad)(size_t)) {
	test::Cells cells; // numbers have no bytes
	const SourceType type = ParseSourceType("bigint", "", "");
	RowBatch batch;
	batch.columns = 2;
	batch.rows = rows;
	for (size_t row = 0; row < rows; ++row) {
		batch.cells.push_back(cells.Make(type, std::to_string(row)));
		batch.cells.push_back(cells.Make(type, bad(row) ? "1099511627776" : std::to_string(10 * row)));
	}
	return batch;
}

TEST(Rejects, BatchesKeepTheOtherRows) {
	struct Case {
		size_t rows;
		bool (*bad)(size_t);
	};
	const Case cases[] = {{1, [](size_t) { return true; }},
						  {200, [](size_t) { return true; }},
						  {200, [](size_t) { return false; }},
						  {1000, [](size_t row) { return row % 7 == 0; }},
						  {130, [](size_t row) { return row == 63 || row == 64 || row == 129; }}};
	for (const Case &c : cases) {
		RowConverter converter("t", {Converter("id", "bigint", "bigint"), Converter("n", "bigint", "integer")}, {0});
		converter.RejectRows();
		RowBatch batch = Batch(c.rows, c.bad);
		converter.Convert(batch);
		EXPECT_FALSE(batch.fault.has_value());
		size_t good = 0, rejected = 0;
		for (size_t row = 0; row < c.rows; ++row)
			if (c.bad(row)) {
				ASSERT_LT(rejected, batch.rejected.size());
				const RejectedRow &out = batch.rejected[rejected++];
				EXPECT_EQ(out.key, std::vector<std::string>{std::to_string(row)});
				EXPECT_EQ(out.column, "n");
				EXPECT_EQ(out.value, "1099511627776");
				EXPECT_EQ(out.fault.code(), Code::out_of_range);
			} else {
				ASSERT_LT(good, batch.rows);
				EXPECT_EQ(batch.value(good, 0).i64, static_cast<int64_t>(row));
				EXPECT_EQ(batch.value(good++, 1).i64, static_cast<int64_t>(10 * row));
			}
		EXPECT_EQ(batch.rows, good);
		EXPECT_EQ(batch.rejected.size(), rejected);
	}
}

TEST(Rejects, OnlyFaultsOfValuesTakeRowsOut) {
	EXPECT_FALSE(IsOfValue(Code::ok));
	EXPECT_TRUE(IsOfValue(Code::out_of_range));
	EXPECT_TRUE(IsOfValue(Code::null_for_not_null));
	for (const Code code : {Code::cannot_convert, Code::connection_lost, Code::out_of_memory, Code::internal})
		EXPECT_FALSE(IsOfValue(code));
}

} // namespace

} // namespace alkconv::core
