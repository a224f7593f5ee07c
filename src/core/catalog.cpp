// Regime: C++ (may throw, never calls Postgres)
//
// Questions about a source table that its plain description answers.
#include "core/catalog.hpp"

#include <cstddef>
#include <utility>

namespace alkconv::core {

std::vector<std::vector<size_t>> SourceTable::RowIdentities() const {
	std::vector<std::vector<size_t>> identities;
	size_t primary_keys = 0;
	for (const SourceKey &key : keys) {
		if (!key.unique || key.parts.empty())
			continue;
		std::vector<size_t> identity;
		for (const SourceKey::Part &part : key.parts) {
			// a prefix or an expression is unique for itself, not for the column; NULLs are never equal to each other
			if (!part.column || part.prefix != 0 || columns[*part.column].nullable)
				break;
			identity.push_back(*part.column);
		}
		if (identity.size() != key.parts.size())
			continue;
		if (key.name == "PRIMARY")
			identities.insert(identities.begin() + static_cast<std::ptrdiff_t>(primary_keys++), std::move(identity));
		else
			identities.push_back(std::move(identity));
	}
	return identities;
}

std::vector<size_t> SourceTable::RowIdentity() const {
	std::vector<std::vector<size_t>> identities = RowIdentities();
	return identities.empty() ? std::vector<size_t>{} : std::move(identities.front());
}

} // namespace alkconv::core
