// Regime: C++ (may throw, never calls Postgres)
//
// Union-find.
#include "core/key_groups.hpp"

#include <numeric>

namespace alkconv::core {

KeyGroups::KeyGroups(const SourceSchema &schema, Ties ties) : schema_(schema), ties_(std::move(ties)) {
	for (const SourceTable &table : schema.tables) {
		first_.push_back(parents_.size());
		parents_.resize(parents_.size() + table.columns.size());
	}
	std::iota(parents_.begin(), parents_.end(), size_t{0});
	for (size_t t = 0; t < schema.tables.size(); t++)
		for (const SourceForeignKey &key : schema.tables[t].foreign_keys)
			Join(t, key);
}

size_t KeyGroups::Root(size_t number) {
	while (parents_[number] != number)
		number = parents_[number] = parents_[parents_[number]];
	return number;
}

void KeyGroups::Join(size_t child, const SourceForeignKey &key) {
	if (key.parent_database != schema_.database)
		return;
	for (size_t t = 0; t < schema_.tables.size(); t++)
		if (schema_.tables[t].name == key.parent_table)
			JoinTables(child, key, t);
}

void KeyGroups::JoinTables(size_t child, const SourceForeignKey &key, size_t parent) {
	const std::vector<SourceColumn> &there = schema_.tables[parent].columns;
	for (size_t i = 0; i < key.columns.size(); i++)
		for (size_t c = 0; c < there.size(); c++)
			if (there[c].name == key.parent_columns[i] &&
				ties_(schema_.tables[child].columns[key.columns[i]], there[c]))
				parents_[Of(child, key.columns[i])] = Of(parent, c);
}

} // namespace alkconv::core
