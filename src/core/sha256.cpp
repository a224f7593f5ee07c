// Regime: C++ (may throw, never calls Postgres)
//
// The compression function, block by block.
#include "core/sha256.hpp"

#include "core/hex.hpp"

#include <array>
#include <cstdint>

namespace alkconv::core {

namespace {

using State = std::array<uint32_t, 8>;
constexpr size_t kBlock = 64;
constexpr size_t kLength = 8; // bytes of the length at the end

constexpr uint32_t kRound[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

constexpr uint32_t Rotated(uint32_t x, unsigned bits) noexcept { return x >> bits | x << (32 - bits); }

void AddBlock(State &state, const unsigned char *block) noexcept {
	uint32_t w[64];
	for (size_t i = 0; i < 16; i++)
		w[i] = uint32_t{block[4 * i]} << 24 | uint32_t{block[4 * i + 1]} << 16 | uint32_t{block[4 * i + 2]} << 8 |
			   uint32_t{block[4 * i + 3]};
	for (size_t i = 16; i < 64; i++) {
		const uint32_t low = Rotated(w[i - 15], 7) ^ Rotated(w[i - 15], 18) ^ w[i - 15] >> 3;
		const uint32_t high = Rotated(w[i - 2], 17) ^ Rotated(w[i - 2], 19) ^ w[i - 2] >> 10;
		w[i] = w[i - 16] + low + w[i - 7] + high;
	}
	auto [a, b, c, d, e, f, g, h] = state;
	for (size_t i = 0; i < 64; i++) {
		const uint32_t first =
			h + (Rotated(e, 6) ^ Rotated(e, 11) ^ Rotated(e, 25)) + ((e & f) ^ (~e & g)) + kRound[i] + w[i];
		const uint32_t second = (Rotated(a, 2) ^ Rotated(a, 13) ^ Rotated(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
		h = g, g = f, f = e, e = d + first, d = c, c = b, b = a, a = first + second;
	}
	const State added = {a, b, c, d, e, f, g, h};
	for (size_t i = 0; i < state.size(); i++)
		state[i] += added[i];
}

} // namespace

std::string Sha256Hex(std::string_view bytes) {
	State state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
	const size_t whole = bytes.size() / kBlock * kBlock;
	for (size_t at = 0; at < whole; at += kBlock)
		AddBlock(state, reinterpret_cast<const unsigned char *>(bytes.data()) + at);
	std::string rest(bytes.substr(whole));
	rest += '\x80';
	while (rest.size() % kBlock != kBlock - kLength)
		rest += '\0';
	for (size_t i = 0; i < kLength; i++)
		rest += static_cast<char>(uint64_t{bytes.size()} * 8 >> (8 * (kLength - 1 - i)) & 0xff);
	for (size_t at = 0; at < rest.size(); at += kBlock)
		AddBlock(state, reinterpret_cast<const unsigned char *>(rest.data()) + at);
	std::string hex;
	for (const uint32_t word : state)
		for (int shift = 24; shift >= 0; shift -= 8) {
			char digits[2];
			PutHex(static_cast<unsigned char>(word >> shift), digits);
			hex.append(digits, 2);
		}
	return hex;
}

} // namespace alkconv::core
