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
	// Behind everything allocated there are at least so many bytes that may be read (not written): simdjson reads in large steps.
	static constexpr size_t kReadableBehind = 64;
	// In front of AllocateBytes' result: room for the header of a Postgres value, the longer one of a compressed value.
	static constexpr size_t kHeaderRoom = 8;

	// Returns `size` bytes aligned to 8 (8 for a size of 0, so that the pointer is never null), or nullptr when memory is exhausted.
	char *Allocate(size_t size) noexcept {
		const size_t rounded = Rounded(size == 0 ? 1 : size);
		if (rounded <= left_) {
			char *result = next_;
			next_ += rounded;
			left_ -= rounded;
			used_ += rounded;
			return result;
		}
		return AllocateChunk(rounded);
	}

	// As Allocate, with kHeaderRoom bytes in front that whoever has the bytes may write: the payload of a value becomes the value where
	// it lies.
	char *AllocateBytes(size_t size) noexcept {
		char *const room = Allocate(kHeaderRoom + size);
		return room == nullptr ? nullptr : room + kHeaderRoom;
	}

	// Keeps the first `size` of the `allocated` bytes that AllocateBytes gave last.
	void Shrink(char *bytes, size_t allocated, size_t size) noexcept {
		const size_t surplus = Rounded(kHeaderRoom + allocated) - Rounded(kHeaderRoom + size);
		used_ -= surplus;
		if (bytes - kHeaderRoom + Rounded(kHeaderRoom + allocated) != next_) // in a chunk of its own
			return;
		next_ -= surplus;
		left_ += surplus;
	}
	// Takes back what AllocateBytes gave last.
	void GiveBack(char *bytes, size_t allocated) noexcept;

	// Forgets everything allocated; keeps the first chunk.
	void Reset() noexcept;

	// Bytes handed out since the last Reset.
	size_t used() const noexcept { return used_; }

private:
	static size_t Rounded(size_t size) noexcept { return (size + 7) & ~size_t{7}; }
	char *AllocateChunk(size_t rounded) noexcept;

	std::vector<std::unique_ptr<char[]>> chunks_; // chunks_[0], when present, is an ordinary one
	char *next_ = nullptr;
	size_t left_ = 0;
	size_t used_ = 0;
};

} // namespace alkconv::core
