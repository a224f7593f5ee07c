// Regime: C++ (may throw, never calls Postgres)
//
// Questions about a source table that its plain description answers.
#include "core/catalog.hpp"

#include <algorithm>
#include <utility>

namespace alkconv::core {

std::vector<const SourceKey *> SourceTable::IdentityKeys() const {
	std::vector<const SourceKey *> identities;
	for (const SourceKey &key : keys) {
		// a prefix or an expression is unique for itself, not for the column; NULLs are never equal to each other
		const auto identifies = [this](const SourceKey::Part &part) {
			return part.column && part.prefix == 0 && !columns[*part.column].nullable;
		};
		if (key.unique && !key.parts.empty() && std::all_of(key.parts.begin(), key.parts.end(), identifies))
			identities.push_back(&key);
	}
	std::stable_partition(identities.begin(), identities.end(),
						  [](const SourceKey *key) { return key->name == "PRIMARY"; });
	return identities;
}

std::vector<std::vector<size_t>> SourceTable::RowIdentities() const {
	std::vector<std::vector<size_t>> identities;
	for (const SourceKey *key : IdentityKeys()) {
		std::vector<size_t> &identity = identities.emplace_back();
		for (const SourceKey::Part &part : key->parts)
			identity.push_back(*part.column);
	}
	return identities;
}

std::vector<size_t> SourceTable::RowIdentity() const {
	std::vector<std::vector<size_t>> identities = RowIdentities();
	return identities.empty() ? std::vector<size_t>{} : std::move(identities.front());
}

} // namespace alkconv::core
