// Regime: C++ (may throw, never calls Postgres)
//
// Whole keys, not digests of them: equal is equal.
#include "mysql/key_set.hpp"

#include "mysql/row_stream.hpp"

#include <cstring>
#include <new>

namespace alkconv::mysql {

namespace {

constexpr size_t kMostBytes = size_t{64} << 20; // of keys

// Calls `see` for each key until it says that that is enough.
template <class See>
void EachKey(Connection &connection, const std::string &sql, See see) {
	RowStream stream(connection, sql, {core::ParseSourceType("varbinary(255)", "", "")});
	core::RowBatch batch;
	for (bool more = true; more && stream.Fetch(batch); batch.Clear())
		if (const core::Cell &cell = batch.cell(0, 0); cell.kind != core::CellKind::null)
			more = see(std::string_view(cell.bytes.data, cell.bytes.size));
}

std::string_view CopyOf(std::string_view key, core::Arena &arena) {
	char *copy = arena.Allocate(key.size());
	if (copy == nullptr)
		throw std::bad_alloc();
	std::memcpy(copy, key.data(), key.size());
	return {copy, key.size()};
}

} // namespace

bool KeySet::Read(Connection &connection, const std::string &sql) {
	EachKey(connection, sql, [this](std::string_view key) {
		if (keys_.find(key) == keys_.end())
			keys_.insert(CopyOf(key, arena_));
		return arena_.used() <= kMostBytes;
	});
	return arena_.used() <= kMostBytes;
}

bool KeySet::HasAll(Connection &connection, const std::string &sql) const {
	bool all = true;
	EachKey(connection, sql, [&](std::string_view key) { return all = keys_.find(key) != keys_.end(); });
	return all;
}

} // namespace alkconv::mysql
