// Regime: C++ (may throw, never calls Postgres)
//
// Questions about a source table that its plain description answers.
#include "core/catalog.hpp"

#include <algorithm>
#include <utility>

namespace alkconv::core {

bool IsRowStart(const SourceColumn &column) { return column.generated && column.generation_expression == "ROW START"; }

bool IsRowEnd(const SourceColumn &column) { return column.generated && column.generation_expression == "ROW END"; }

const SourceTable *FindTable(const SourceSchema &schema, const std::string &name) noexcept {
	for (const SourceTable &table : schema.tables)
		if (table.name == name)
			return &table;
	return nullptr;
}

std::vector<SourceTable::IdentityKey> SourceTable::IdentityKeys() const {
	std::vector<IdentityKey> identities;
	for (const SourceKey &key : keys) {
		IdentityKey identity{&key, {}};
		for (const SourceKey::Part &part : key.parts)
			// a prefix or an expression is unique for itself, not for the column; NULLs are never equal to each other
			if (part.column && part.prefix == 0 && !columns[*part.column].nullable)
				identity.columns.push_back(*part.column);
		if (key.unique && !key.parts.empty() && identity.columns.size() == key.parts.size())
			identities.push_back(std::move(identity));
	}
	std::stable_partition(identities.begin(), identities.end(),
						  [](const IdentityKey &identity) { return identity.key->name == "PRIMARY"; });
	return identities;
}

std::vector<std::vector<size_t>> SourceTable::RowIdentities() const {
	std::vector<std::vector<size_t>> identities;
	for (IdentityKey &identity : IdentityKeys())
		identities.push_back(std::move(identity.columns));
	return identities;
}

std::vector<size_t> SourceTable::RowIdentity() const {
	std::vector<std::vector<size_t>> identities = RowIdentities();
	return identities.empty() ? std::vector<size_t>{} : std::move(identities.front());
}

bool SourceSight::SeesAllColumns(const std::string &table) const {
	return database || std::find(whole_tables.begin(), whole_tables.end(), table) != whole_tables.end();
}

} // namespace alkconv::core
