// Regime: C++ (may throw, never calls Postgres)
//
// Twice through zlib: once to learn how much it is, which needs a small buffer only, and once into memory of that size.
#include "core/inflate.hpp"

#include <algorithm>
#include <climits>
#include <zlib.h>

namespace alkconv::core {

namespace {

constexpr int kZlibOrGzip = 32 + MAX_WBITS; // by the header
constexpr size_t kPrefix = 4;				// COMPRESS(): the length, least byte first

// RFC 1950, 2.2: method 8, and the two bytes are a multiple of 31 as a big-endian number.
bool IsZlib(std::string_view data) noexcept {
	if (data.size() < 2)
		return false;
	const unsigned first = static_cast<unsigned char>(data[0]), second = static_cast<unsigned char>(data[1]);
	return (first & 15) == 8 && (first >> 4) <= 7 && (first * 256 + second) % 31 == 0;
}

bool IsGzip(std::string_view data) noexcept { return data.size() >= 2 && data[0] == '\x1f' && data[1] == '\x8b'; }

// One or, for gzip, several streams. Writes at `out` if that is not null; `size` counts.
Code Run(std::string_view data, char *out, uint64_t limit, uint64_t &size) noexcept {
	z_stream stream = {};
	if (inflateInit2(&stream, kZlibOrGzip) != Z_OK)
		return Code::out_of_memory;
	const bool gzip = IsGzip(data);
	Bytef buffer[16384];
	size = 0;
	Code code = Code::ok;
	for (bool ended = false; code == Code::ok && !(ended && data.empty());) {
		if (ended && (!gzip || inflateReset(&stream) != Z_OK)) {
			code = Code::invalid_compressed; // something behind the stream
			break;
		}
		const auto available = static_cast<uInt>(std::min<size_t>(data.size(), UINT_MAX));
		const uint64_t room = limit - size;
		const uint64_t piece = out == nullptr ? sizeof buffer : std::min<uint64_t>(room, UINT_MAX);
		// zlib wants to write nothing, but needs an address
		stream.next_out = out == nullptr || piece == 0 ? buffer : reinterpret_cast<Bytef *>(out + size);
		stream.avail_out = static_cast<uInt>(piece == 0 ? sizeof buffer : piece);
		const uInt offered = stream.avail_out;
		stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(data.data()));
		stream.avail_in = available;
		const int result = inflate(&stream, Z_NO_FLUSH);
		data.remove_prefix(available - stream.avail_in);
		size += offered - stream.avail_out;
		ended = result == Z_STREAM_END;
		if (size > limit)
			code = Code::inflated_too_large;
		else if (result == Z_MEM_ERROR)
			code = Code::out_of_memory;
		else if ((result != Z_OK && !ended) || (!ended && data.empty() && stream.avail_out > 0))
			code = Code::invalid_compressed;
	}
	inflateEnd(&stream);
	return code;
}

// As Run, for the size alone.
Code Measure(std::string_view &data, uint64_t limit, uint64_t &size) noexcept {
	const std::string_view whole = data;
	Code code = IsZlib(data) || IsGzip(data) ? Run(data, nullptr, limit, size) : Code::invalid_compressed;
	if (code != Code::invalid_compressed || whole.size() <= kPrefix || !IsZlib(whole.substr(kPrefix)))
		return code;
	// a length may happen to look like a header, so that both have to be tried
	data = whole.substr(kPrefix);
	code = Run(data, nullptr, limit, size);
	if (code == Code::invalid_compressed && data.back() == '.') {
		// COMPRESS() puts a point behind a stream that ends with a blank, which CHAR and VARCHAR would lose
		data.remove_suffix(1);
		code = Run(data, nullptr, limit, size);
	}
	return code;
}

} // namespace

Code Inflate(std::string_view data, Arena &arena, std::string_view &inflated, uint64_t limit) noexcept {
	uint64_t size = 0;
	Code code = Measure(data, limit, size);
	if (code != Code::ok)
		return code;
	char *const out = arena.AllocateBytes(size);
	if (out == nullptr)
		return Code::out_of_memory;
	uint64_t written;
	code = Run(data, out, size, written);
	inflated = {out, static_cast<size_t>(size)};
	return code;
}

} // namespace alkconv::core
