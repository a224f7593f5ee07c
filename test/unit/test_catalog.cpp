// Regime: C++ (may throw, never calls Postgres)
//
// Which keys identify a row.
#include "core/catalog.hpp"

#include <gtest/gtest.h>

namespace alkconv::core {
namespace {

SourceKey Key(const char *name, bool unique, std::vector<size_t> columns) {
	SourceKey key;
	key.name = name;
	key.unique = unique;
	for (const size_t column : columns) {
		SourceKey::Part part;
		part.column = column;
		key.parts.push_back(part);
	}
	return key;
}

// Four columns; the last may be NULL.
SourceTable Table(std::vector<SourceKey> keys) {
	SourceTable table;
	table.columns.resize(4);
	for (size_t i = 0; i < 3; i++)
		table.columns[i].nullable = false;
	table.keys = std::move(keys);
	return table;
}

using Positions = std::vector<size_t>;

TEST(RowIdentity, IsThePrimaryKeyWhereverItIsListed) {
	EXPECT_EQ(Table({Key("u", true, {2}), Key("PRIMARY", true, {1, 0})}).RowIdentity(), (Positions{1, 0}));
}

TEST(RowIdentity, IsTheFirstUsableUniqueKeyOtherwise) {
	SourceKey prefix = Key("p", true, {0});
	prefix.parts[0].prefix = 10;
	SourceKey expression = Key("e", true, {0});
	expression.parts[0].column.reset();
	expression.parts[0].expression = "lower(a)";
	const SourceKey nullable = Key("n", true, {0, 3}), plain = Key("i", false, {0});
	EXPECT_EQ(Table({prefix, expression, nullable, plain, Key("u", true, {2, 1})}).RowIdentity(), (Positions{2, 1}));
	EXPECT_EQ(Table({prefix, expression, nullable, plain}).RowIdentity(), Positions{});
	EXPECT_EQ(Table({}).RowIdentity(), Positions{});
}

TEST(RowIdentity, AllCandidatesAreListedBestFirst) {
	const SourceTable table = Table({Key("a", true, {2}), Key("PRIMARY", true, {0}), Key("b", true, {1, 2})});
	EXPECT_EQ(table.RowIdentities(), (std::vector<Positions>{{0}, {2}, {1, 2}}));
}

} // namespace
} // namespace alkconv::core
