// Regime: C++ (may throw, never calls Postgres)
//
// Text that a rule takes for bytes, a character each, and compressed values.
#include "core/preflight_operand.hpp"

#include "core/conversion_table.hpp"
#include "core/digest_mysql.hpp"

namespace alkconv::core::preflight {

namespace {

namespace my = digest::mysql;

std::string BeyondByte(const Operand &o) {
	return my::Characters(o.x, o.source()) + " REGEXP " + RegexLiteral("[^\\x{0}-\\x{FF}]");
}

// As the source holds it.
std::string Stored(unsigned byte, bool text) {
	const auto bits = [](unsigned value) { return static_cast<char>(static_cast<unsigned char>(value)); };
	return text && byte > 127 ? std::string{bits(0xC0 | byte >> 6), bits(0x80 | (byte & 63))}
							  : std::string(1, bits(byte));
}

// RFC 1950, 2.2: method 8, and the two bytes are a multiple of 31 as a big-endian number.
std::string ZlibHeaders(bool text) {
	std::string list;
	for (unsigned first = 0x08; first <= 0x78; first += 0x10)
		for (unsigned second = 0; second < 256; ++second)
			if ((first * 256 + second) % 31 == 0)
				list += (list.empty() ? "" : ",") + my::BinaryLiteral(Stored(first, text) + Stored(second, text));
	return list;
}

} // namespace

void CodePoints(const Operand &o) {
	o.Add("code_point_beyond_byte", Code::code_point_beyond_byte, BeyondByte(o));
	if (HasTransform(o.column.policy, TransformName::code_points_to_base64)) // four characters for three bytes
		TooLong(o, "CEIL(CHAR_LENGTH(" + o.x + ")/3)*4");
}

// zlib, gzip, or COMPRESS(), which puts four bytes before zlib.
void Inflated(const Operand &o) {
	const bool text = FamilyOf(o.source().kind) == Family::text;
	const std::string value = text ? my::Characters(o.x, o.source()) : o.x;
	const std::string zlib = ZlibHeaders(text), gzip = my::BinaryLiteral(Stored(0x1F, text) + Stored(0x8B, text));
	if (text)
		CodePoints(o);
	o.Add("invalid_compressed", Code::invalid_compressed,
		  "LENGTH(" + o.x + ")>0 AND " + (text ? "NOT " + BeyondByte(o) + " AND " : "") + "NOT(CAST(LEFT(" + value +
			  ",2) AS BINARY) IN (" + zlib + "," + gzip + ") OR CAST(SUBSTR(" + value + ",5,2) AS BINARY) IN (" + zlib +
			  "))");
	o.Unchecked("what a value holds is known when it is inflated");
}

} // namespace alkconv::core::preflight
