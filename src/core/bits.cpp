// Regime: C++ (may throw, never calls Postgres)
//
// A BIT has at most 64 bits, so a 64-bit number is the whole machinery.
#include "core/bits.hpp"

namespace alkconv::core {

bool BitsToNumber(const SourceType &source, const Cell &cell, uint64_t &number) noexcept {
	if (cell.kind != CellKind::bytes || source.length > kMaxBits || cell.bytes.size != (source.length + 7) / 8)
		return false;
	number = 0;
	for (const char c : cell.text())
		number = (number << 8) | static_cast<unsigned char>(c);
	return source.length == kMaxBits || number >> source.length == 0;
}

void PutLeftAlignedBits(uint64_t number, uint64_t count, char *out) noexcept {
	number <<= kMaxBits - count;
	for (uint64_t done = 0; done < count; done += 8) {
		*out++ = static_cast<char>(number >> 56);
		number <<= 8;
	}
}

} // namespace alkconv::core
