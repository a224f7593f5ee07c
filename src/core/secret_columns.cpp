// Regime: C++ (may throw, never calls Postgres)
//
// From child to parent, since their values are the same.
#include "core/secret_columns.hpp"

namespace alkconv::core {

namespace {

constexpr size_t kLongestChain = 16; // of foreign keys, which may refer to each other in a circle

std::string Salt(const SourceSchema &schema, const RuleSet &rules, const SourceTable &table, size_t column,
				 size_t chain);

// That of the column of this name in the key's parent; empty where the parent is none of this database.
std::string SaltOfParent(const SourceSchema &schema, const RuleSet &rules, const SourceForeignKey &key,
						 const std::string &name, size_t chain) {
	const SourceTable *parent = key.parent_database == schema.database ? FindTable(schema, key.parent_table) : nullptr;
	for (size_t c = 0; parent != nullptr && c < parent->columns.size(); ++c)
		if (parent->columns[c].name == name)
			return Salt(schema, rules, *parent, c, chain);
	return "";
}

std::string Salt(const SourceSchema &schema, const RuleSet &rules, const SourceTable &table, size_t column,
				 size_t chain) {
	std::string salt = rules.SecretSalt(table.name, table.columns[column].name);
	if (chain == kLongestChain)
		return salt;
	for (const SourceForeignKey &key : table.foreign_keys)
		for (size_t i = 0; i < key.columns.size() && salt.empty(); ++i)
			if (key.columns[i] == column)
				salt = SaltOfParent(schema, rules, key, key.parent_columns[i], chain + 1);
	return salt;
}

} // namespace

std::string SecretSaltOf(const SourceSchema &schema, const RuleSet &rules, const SourceTable &table, size_t column) {
	return Salt(schema, rules, table, column, 0);
}

} // namespace alkconv::core
