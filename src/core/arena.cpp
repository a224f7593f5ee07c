// Regime: C++ (may throw, never calls Postgres)
//
// Chunk handling of the batch arena; the fast path is inline in the header.
#include "core/arena.hpp"

#include <new>

namespace alkconv::core {

char *Arena::AllocateChunk(size_t rounded) noexcept {
	const bool ordinary = rounded <= kChunkBytes;
	try {
		chunks_.reserve(chunks_.size() + 1);
		// not make_unique: it would zero bytes that are overwritten at once
		std::unique_ptr<char[]> chunk(new char[(ordinary ? kChunkBytes : rounded) + kReadableBehind]);
		char *result = chunk.get();
		if (chunks_.empty() && !ordinary) {
			chunks_.reserve(2);
			chunks_.emplace_back(new char[kChunkBytes + kReadableBehind]);
			next_ = chunks_.front().get();
			left_ = kChunkBytes;
		}
		chunks_.push_back(std::move(chunk));
		if (ordinary) {
			next_ = result + rounded;
			left_ = kChunkBytes - rounded;
		}
		used_ += rounded;
		return result;
	} catch (const std::bad_alloc &) {
		return nullptr;
	}
}

void Arena::GiveBack(char *bytes, size_t allocated) noexcept {
	char *const start = bytes - kHeaderRoom;
	const size_t rounded = Rounded(kHeaderRoom + allocated);
	used_ -= rounded;
	if (start + rounded == next_) {
		next_ = start;
		left_ += rounded;
	} else if (chunks_.back().get() == start)
		chunks_.pop_back();
}

void Arena::Reset() noexcept {
	if (chunks_.size() > 1)
		chunks_.resize(1);
	next_ = chunks_.empty() ? nullptr : chunks_.front().get();
	left_ = chunks_.empty() ? 0 : kChunkBytes;
	used_ = 0;
}

} // namespace alkconv::core
