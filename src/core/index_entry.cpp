// Regime: C++ (may throw, never calls Postgres)
//
// Declared lengths, at four bytes a character.
#include "core/index_entry.hpp"

#include "core/conversion_table.hpp"

#include <algorithm>

namespace alkconv::core {

uint64_t LongestEntryBytes(const ColumnPlan &column, uint32_t prefix) noexcept {
	constexpr uint64_t kHeader = 4, kBytesOfCharacter = 4, kOfOthers = 32;
	const SourceType &type = column.source_type;
	const uint64_t length = prefix > 0 ? std::min<uint64_t>(prefix, type.length) : type.length;
	switch (FamilyOf(type.kind)) {
	case Family::text:
		// the texts' lengths are bytes
		return kHeader + (type.kind == MySqlKind::text && prefix == 0 ? length : length * kBytesOfCharacter);
	case Family::binary: return kHeader + length;
	case Family::json: return kHeader + kMaxBtreeEntry;
	default: return kHeader + kOfOthers;
	}
}

} // namespace alkconv::core
