// Regime: C++ (may throw, never calls Postgres)
//
// A bump allocator for the bytes of one batch of rows: grows by chunks, is reset at once, and keeps one ordinary chunk for
// the next batch so that steady loading does not call malloc. A chunk made for one huge value is given back on Reset, which
// bounds memory by the largest row instead of by the largest batch ever seen.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace alkconv::core {

class Arena {
public:
	static constexpr size_t kChunkBytes = size_t{256} * 1024;

	// Returns `size` bytes aligned to 8 (8 for a size of 0, so that the pointer is never null), or nullptr when memory is exhausted.
	char *Allocate(size_t size) noexcept {
		const size_t rounded = ((size == 0 ? 1 : size) + 7) & ~size_t{7};
		if (rounded <= left_) {
			char *result = next_;
			next_ += rounded;
			left_ -= rounded;
			used_ += rounded;
			return result;
		}
		return AllocateChunk(rounded);
	}

	// Forgets everything allocated; keeps the first chunk.
	void Reset() noexcept;

	// Bytes handed out since the last Reset.
	size_t used() const noexcept { return used_; }

private:
	char *AllocateChunk(size_t rounded) noexcept;

	std::vector<std::unique_ptr<char[]>> chunks_; // chunks_[0], when present, has kChunkBytes
	char *next_ = nullptr;
	size_t left_ = 0;
	size_t used_ = 0;
};

} // namespace alkconv::core
