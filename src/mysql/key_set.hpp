// Regime: C++ (may throw, never calls Postgres)
//
// The keys of a parent, held here: whether all children have theirs among them is told several times sooner than by as
// many look-ups into the server's index.
#pragma once

#include "core/arena.hpp"
#include "mysql/connection.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

namespace alkconv::mysql {

class KeySet {
public:
	// Parents of so many rows, by the source's statistics, are worth it: their keys take a hundred bytes each.
	static constexpr uint64_t kMostRows = 500'000;

	// Reads the keys: `sql` selects one column of bytes. False where they are more than is to be held: then the set is
	// of no use. Raises what RowStream raises.
	bool Read(Connection &connection, const std::string &sql);
	// Whether each of the keys that `sql` selects is in the set; NULL is.
	bool HasAll(Connection &connection, const std::string &sql) const;

private:
	core::Arena arena_;
	std::unordered_set<std::string_view> keys_;
};

} // namespace alkconv::mysql
