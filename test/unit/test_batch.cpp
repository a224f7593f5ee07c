// Regime: C++ (may throw, never calls Postgres)
//
// Whole batches through a RowConverter: values, counters, and the first fault with everything a DBA needs.
#include "core/batch.hpp"

#include "cells.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace alkconv::test {
namespace {

using namespace core;

static_assert(!std::is_copy_constructible_v<RowConverter>, "contexts point into the converter");
static_assert(std::is_nothrow_move_constructible_v<RowConverter>);

ConverterColumn Column(const char *name, const char *source, const char *target, bool not_null = false,
					   bool empty_to_null = false) {
	ConverterColumn column;
	column.source_name = name;
	column.target_name = std::string(name) + "_t";
	column.source = ParseSourceType(source, "", "");
	column.target = Target(target);
	ColumnPolicy policy;
	policy.empty_to_null = empty_to_null;
	column.conversion = ChooseConversion(column.source, column.target, policy);
	column.not_null = not_null;
	return column;
}

class Batch : public testing::Test {
protected:
	// Appends a row of literals.
	void Add(const RowConverter &converter, const std::vector<std::string> &literals) {
		batch_.columns = literals.size();
		for (size_t i = 0; i < literals.size(); ++i)
			batch_.cells.push_back(cells_.Make(converter.columns()[i].source, literals[i]));
		++batch_.rows;
	}

	Cells cells_;
	RowBatch batch_;
};

RowConverter Users() {
	return RowConverter("user",
						{Column("id", "int", "integer", true), Column("accountID", "char(36)", "uuid"),
						 Column("createdDate", "datetime(6)", "timestamp(6) without time zone")},
						{0});
}

TEST_F(Batch, ConvertsRowByRow) {
	RowConverter converter = Users();
	Add(converter, {"1", "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9", "2000-01-01 00:00:00"});
	Add(converter, {"2", "NULL", "NULL"});
	converter.Convert(batch_);
	ASSERT_FALSE(batch_.fault);
	ASSERT_EQ(batch_.rows, 2u);
	EXPECT_EQ(Describe(batch_.value(0, 0)), "int4:1");
	EXPECT_EQ(Describe(batch_.value(0, 1)), "uuid:\\x0a\\x1b,=N_`q\\x82\\x93\\xa4\\xb5\\xc6\\xd7\\xe8\\xf9");
	EXPECT_EQ(Describe(batch_.value(0, 2)), "timestamp:0");
	EXPECT_EQ(Describe(batch_.value(1, 0)), "int4:2");
	EXPECT_EQ(Describe(batch_.value(1, 1)), "null");
	EXPECT_EQ(Describe(batch_.value(1, 2)), "null");
}

TEST_F(Batch, FaultNamesEverything) {
	RowConverter converter = Users();
	Add(converter, {"6", "NULL", "2020-01-01 00:00:00"});
	Add(converter, {"7", "NULL", "2020-00-10 00:00:00"});
	Add(converter, {"8", "NULL", "2020-01-01 00:00:00"});
	converter.Convert(batch_);
	EXPECT_EQ(batch_.rows, 1u) << "the rows before it are kept";
	ASSERT_TRUE(batch_.fault);
	EXPECT_EQ(batch_.fault->code(), Code::partial_date);
	EXPECT_EQ(batch_.fault->message(),
			  "column \"createdDate\" of table \"user\": \"2020-00-10 00:00:00.000000\" is not a date of the calendar");
	EXPECT_EQ(batch_.fault->detail(), "The row is (id)=(7). The source column \"createdDate\" has type datetime(6), "
									  "the target column \"createdDate_t\" has type "
									  "timestamp(6) without time zone. The value is \"2020-00-10 00:00:00.000000\".");
	EXPECT_EQ(batch_.fault->hint(),
			  "Mend the value in the source, or decide it by a rule with action transform in alkconv.rule: "
			  "partial_date(null) or partial_date(first).");
	EXPECT_EQ(batch_.fault->table(), "user");
	EXPECT_EQ(batch_.fault->column(), "createdDate");
}

TEST_F(Batch, NullForNotNullHasItsKey) {
	RowConverter converter("t", {Column("id", "int", "integer", true), Column("n", "varchar(5)", "text", true)}, {0});
	Add(converter, {"1", "a"});
	Add(converter, {"2", "NULL"});
	converter.Convert(batch_);
	EXPECT_EQ(batch_.rows, 1u);
	ASSERT_TRUE(batch_.fault);
	EXPECT_EQ(batch_.fault->code(), Code::null_for_not_null);
	EXPECT_EQ(batch_.fault->message(),
			  "column \"n\" of table \"t\": null is not allowed by the target column, which is NOT NULL");
	EXPECT_NE(batch_.fault->detail().find("The row is (id)=(2)."), std::string::npos) << batch_.fault->detail();
	EXPECT_NE(batch_.fault->detail().find("The value is null."), std::string::npos) << batch_.fault->detail();
}

TEST_F(Batch, FirstRowThenFirstColumnWins) {
	for (const size_t bad : {0, 1, 62, 63, 64, 65, 127, 128, 200, 999})
		for (const size_t late :
			 {size_t{0}, size_t{1}, size_t{30}}) { // how many rows later the earlier column fails too
			RowConverter converter(
				"t", {Column("a", "int", "smallint"), Column("b", "int", "smallint"), Column("c", "int", "smallint")},
				{});
			batch_.Clear();
			for (size_t row = 0; row < 1100; ++row)
				Add(converter,
					{row >= bad + late ? "40000" : "1", row >= bad ? "40000" : "1", row >= bad ? "40000" : "1"});
			converter.Convert(batch_);
			ASSERT_TRUE(batch_.fault);
			EXPECT_EQ(batch_.rows, bad);
			EXPECT_EQ(batch_.fault->column(), late == 0 ? "a" : "b");
			for (size_t row = 0; row < batch_.rows; ++row)
				for (size_t column = 0; column < 3; ++column)
					ASSERT_EQ(Describe(batch_.value(row, column)), "int2:1");
		}
}

TEST_F(Batch, Trap21EmptyToNullIsCounted) {
	RowConverter converter(
		"t", {Column("u", "char(36)", "uuid", false, true), Column("v", "char(36)", "text", false, false)}, {});
	Add(converter, {"\"\"", "\"\""});
	Add(converter, {"NULL", "a"});
	Add(converter, {"0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9", "\"\""});
	Add(converter, {"\"\"", "b"});
	converter.Convert(batch_);
	ASSERT_FALSE(batch_.fault);
	EXPECT_EQ(Describe(batch_.value(0, 0)), "null");
	EXPECT_EQ(Describe(batch_.value(0, 1)), "varlena:") << "without the rule '' stays ''";
	EXPECT_EQ(Describe(batch_.value(3, 0)), "null");
	EXPECT_EQ(converter.rules(), 1u);
	EXPECT_EQ(converter.touched(0), 2u) << "what was NULL before is not touched";
}

TEST_F(Batch, Trap21NoRuleMakesNullOfAColumnThatRefusesIt) {
	RowConverter converter("t", {Column("u", "varchar(5)", "text", true, true)}, {});
	Add(converter, {"\"\""});
	converter.Convert(batch_);
	ASSERT_TRUE(batch_.fault);
	EXPECT_EQ(batch_.fault->code(), Code::null_for_not_null);

	RowConverter uuids("t", {Column("u", "char(36)", "uuid", true)}, {});
	batch_.Clear();
	Add(uuids, {"\"\""});
	uuids.Convert(batch_);
	ASSERT_TRUE(batch_.fault);
	EXPECT_EQ(batch_.fault->code(), Code::empty_uuid);
	EXPECT_NE(batch_.fault->hint().find("empty_to_null"), std::string::npos);
}

TEST_F(Batch, RulesAreCountedOneByOne) {
	std::vector<ConverterColumn> columns = {Column("a", "varchar(9)", "text"), Column("d", "date", "date"),
											Column("w", "longtext", "bytea", false)};
	ColumnPolicy policy;
	policy.transforms = {ParseTransform("strip_nul"), ParseTransform("trim_pad")};
	policy.empty_to_null = true;
	columns[0].conversion = ChooseConversion(columns[0].source, columns[0].target, policy);
	policy.transforms = {ParseTransform("zero_date(null)")};
	policy.empty_to_null = false;
	columns[1].conversion = ChooseConversion(columns[1].source, columns[1].target, policy);
	policy.transforms = {ParseTransform("code_points_to_bytea")};
	policy.empty_to_null = true;
	columns[2].conversion = ChooseConversion(columns[2].source, columns[2].target, policy);
	RowConverter converter("t", columns, {});
	Add(converter, {"\\x00a ", "0000-00-00", "a"});
	Add(converter, {" ", "2020-01-01", "\"\""});
	Add(converter, {"b", "0000-00-00", "b"});
	converter.Convert(batch_);
	ASSERT_FALSE(batch_.fault);
	ASSERT_EQ(converter.rules(), 6u);
	const uint64_t expected[] = {1, 2, 1, 2, 2, 1};
	for (size_t rule = 0; rule < 6; ++rule)
		EXPECT_EQ(converter.touched(rule), expected[rule]) << rule;
	EXPECT_EQ(Describe(batch_.value(0, 0)), "varlena:a");
	EXPECT_EQ(Describe(batch_.value(1, 0)), "null");
}

TEST_F(Batch, CountersSurviveMoves) {
	RowConverter first("t", {Column("u", "char(36)", "uuid", false, true)}, {0});
	RowConverter second = std::move(first);
	Add(second, {"\"\""});
	second.Convert(batch_);
	EXPECT_EQ(second.touched(0), 1u);
	EXPECT_EQ(second.KeyText(batch_, 0), "(u)=()");
}

TEST_F(Batch, KeysInMessages) {
	RowConverter converter(
		"t", {Column("a", "int", "integer"), Column("b", "varchar(300)", "text"), Column("c", "binary(2)", "bytea")},
		{2, 0, 1});
	Add(converter, {"5", "x\\ny", "\\x01\\xff"});
	Add(converter, {"NULL", std::string(300, 'k'), "\\x00\\x00"});
	EXPECT_EQ(converter.KeyText(batch_, 0), "(c, a, b)=(\\x01ff, 5, x\\x0ay)");
	EXPECT_EQ(converter.KeyText(batch_, 1), "(c, a, b)=(\\x0000, null, " + std::string(197, 'k') + "...)");

	RowConverter keyless("t", {Column("a", "int", "integer")}, {});
	EXPECT_EQ(keyless.KeyText(batch_, 0), "");
}

TEST_F(Batch, ReasonsOfTheTargetAreNamedAlike) {
	RowConverter converter("t", {Column("id", "int", "integer"), Column("j", "json", "json")}, {});
	Add(converter, {"1", "{\\n"});
	const Error fault = converter.Fault(Code::invalid_text, batch_, 0, 1, "invalid input syntax for type json");
	EXPECT_EQ(fault.code(), Code::invalid_text);
	EXPECT_EQ(fault.message(), "column \"j\" of table \"t\": invalid input syntax for type json");
	EXPECT_EQ(fault.detail(), "The table has no key that would name the row. The source column \"j\" has type json, "
							  "the target column \"j_t\" "
							  "has type json. The value is \"{\\x0a\".");
	EXPECT_FALSE(fault.hint().empty());
}

TEST_F(Batch, CellsOfTheWrongKindAreRefused) {
	RowConverter converter("t", {Column("a", "varchar(5)", "text")}, {});
	Add(converter, {"a"});
	batch_.cells[0].kind = CellKind::int64;
	converter.Convert(batch_);
	EXPECT_EQ(batch_.rows, 0u);
	ASSERT_TRUE(batch_.fault);
	EXPECT_EQ(batch_.fault->code(), Code::internal);
}

TEST_F(Batch, SteadyStateNeedsNoMemory) {
	RowConverter converter = Users();
	const void *values = nullptr, *bytes = nullptr;
	for (int round = 0; round < 3; ++round) {
		batch_.Clear();
		for (size_t row = 0; row < 1000; ++row)
			Add(converter, {std::to_string(row), "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9", "2000-01-01 00:00:00"});
		converter.Convert(batch_);
		ASSERT_FALSE(batch_.fault);
		if (round > 0) {
			EXPECT_EQ(batch_.values.data(), values);
			EXPECT_EQ(batch_.value(0, 1).bytes.data, bytes);
		}
		values = batch_.values.data();
		bytes = batch_.value(0, 1).bytes.data;
	}
	EXPECT_EQ(batch_.arena.used(), 16000u) << "16 bytes for each uuid and nothing else";
}

TEST_F(Batch, NothingIsConvertedToNothing) {
	RowConverter converter("t", {}, {});
	batch_.rows = 5; // SELECT 1 FROM t: rows without columns
	converter.Convert(batch_);
	EXPECT_FALSE(batch_.fault);
	EXPECT_EQ(batch_.rows, 5u);
}

} // namespace
} // namespace alkconv::test
