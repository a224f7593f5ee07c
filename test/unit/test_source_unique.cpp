// Unique keys that the source's own keys imply.
#include "core/source_unique.hpp"

#include <gtest/gtest.h>

namespace alkconv::core {
namespace {

TablePlan Plan() {
	TablePlan plan;
	const auto add = [&plan](const char *source, PgKind kind) {
		ColumnPlan column;
		column.source = plan.columns.size();
		column.attnum = static_cast<int16_t>(plan.columns.size() + 1);
		column.source_type = ParseSourceType(source, "utf8mb4", "utf8mb4_bin");
		column.target_type.kind = kind;
		plan.columns.push_back(column);
	};
	add("int", PgKind::int4);
	add("varchar(9)", PgKind::text);
	add("char(36)", PgKind::uuid);
	add("varchar(9)", PgKind::int4);
	return plan;
}

SourceTable WithKey(std::vector<size_t> columns, bool unique = true) {
	SourceTable table;
	SourceKey key;
	key.unique = unique;
	for (const size_t column : columns)
		key.parts.push_back({column, 0, false, ""});
	table.keys.push_back(key);
	return table;
}

TEST(UniqueInSource, WhereItsKeyIsOverTheIndexsColumnsAndNoTwoValuesBecomeOne) {
	const TablePlan plan = Plan();
	EXPECT_TRUE(IsUniqueInSource(WithKey({0}), plan, {1}));
	EXPECT_TRUE(IsUniqueInSource(WithKey({0}), plan, {2, 1}));
	EXPECT_TRUE(IsUniqueInSource(WithKey({0, 1}), plan, {1, 2}));
	EXPECT_FALSE(IsUniqueInSource(WithKey({0, 1}), plan, {1}));
	EXPECT_FALSE(IsUniqueInSource(WithKey({0}, false), plan, {1}));
	EXPECT_FALSE(IsUniqueInSource(WithKey({2}), plan, {3})); // one uuid has several spellings
	EXPECT_FALSE(IsUniqueInSource(WithKey({3}), plan, {4})); // and so has a number
	EXPECT_FALSE(IsUniqueInSource(SourceTable(), plan, {1}));
}

TEST(UniqueInSource, NotWhereARuleChangesValuesOrThePartIsAnExpression) {
	TablePlan plan = Plan();
	plan.columns[1].policy.empty_to_null = true;
	EXPECT_FALSE(IsUniqueInSource(WithKey({1}), plan, {2}));
	plan = Plan();
	plan.columns[1].policy.transforms.push_back(ParseTransform("trim_pad"));
	EXPECT_FALSE(IsUniqueInSource(WithKey({1}), plan, {2}));
	plan = Plan();
	plan.columns[1].source_sql = "UPPER(`v`)";
	EXPECT_FALSE(IsUniqueInSource(WithKey({1}), plan, {2}));
	SourceTable table = WithKey({1});
	table.keys[0].parts[0].column.reset();
	EXPECT_FALSE(IsUniqueInSource(table, Plan(), {2}));
}

} // namespace
} // namespace alkconv::core
