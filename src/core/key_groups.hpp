// Regime: C++ (may throw, never calls Postgres)
//
// Columns that foreign keys within the database tie together.
#pragma once

#include "core/catalog.hpp"

#include <functional>
#include <utility>
#include <vector>

namespace alkconv::core {

class KeyGroups {
public:
	// `ties` says of a child's and its parent's column whether they belong together.
	using Ties = std::function<bool(const SourceColumn &child, const SourceColumn &parent)>;
	KeyGroups(const SourceSchema &schema, Ties ties);

	// The number of the group of a column: that of one of its columns, which has no parent itself unless keys run in a circle.
	size_t Of(size_t table, size_t column) { return Root(Number(table, column)); }
	// The number of a column.
	size_t Number(size_t table, size_t column) const { return first_[table] + column; }

private:
	const SourceSchema &schema_;
	const Ties ties_;
	std::vector<size_t> first_;	  // by table: number of its first column
	std::vector<size_t> parents_; // by column

	size_t Root(size_t number);
	void Join(size_t child, const SourceForeignKey &key);
	void JoinTables(size_t child, const SourceForeignKey &key, size_t parent);
};

} // namespace alkconv::core
