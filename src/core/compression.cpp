// Regime: C++ (may throw, never calls Postgres)
//
// Follows lz4_compress_datum (toast_compression.c, 17): the block format without a frame, the default speed.
#include "core/compression.hpp"

#include <lz4.h>

namespace alkconv::core {

namespace {
// "We insist on a savings of more than 2 bytes": header and compressed bytes take less than the plain bytes less two.
constexpr uint64_t kLeastSaving = Arena::kHeaderRoom + 3;
} // namespace

void CompressLz4(Value &value, Arena &arena) noexcept {
	const uint64_t size = value.bytes.size;
	if (size <= kLeastSaving || size > LZ4_MAX_INPUT_SIZE)
		return;
	const uint64_t room = size - kLeastSaving; // the library gives up when that is not enough
	char *const block = arena.AllocateBytes(room);
	if (block == nullptr)
		return;
	const int length = LZ4_compress_default(value.bytes.data, block, static_cast<int>(size), static_cast<int>(room));
	if (length <= 0) {
		arena.GiveBack(block, room);
		return;
	}
	arena.Shrink(block, room, static_cast<size_t>(length));
	value.kind = ValueKind::varlena_lz4;
	value.in_arena = true;
	value.raw_size = static_cast<uint32_t>(size);
	value.bytes = {block, static_cast<uint64_t>(length)};
}

} // namespace alkconv::core
