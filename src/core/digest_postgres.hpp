// Regime: C++ (may throw, never calls Postgres)
//
// Renderings in the SQL of Postgres 15 to 18. `c` is the stored column, quoted. Functions and types are qualified;
// operators are those of pg_catalog because the search_path is pinned. Casts are between types of pg_catalog only:
// those of other types are code of whoever owns the type. Facts are from Postgres 17's documentation
// (chapters 8, 9).
#pragma once

#include "core/digest_rendering.hpp"
#include "core/types.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace alkconv::core::digest::postgres {

// E'...', which means the same under every standard_conforming_strings.
std::string Literal(std::string_view text);

// Shapes (digest_rendering.hpp); `r` is the canonical text.
Rendering Plain(const std::string &c, const std::string &r);
Rendering Text(const std::string &c, const std::string &r);
Rendering Long(const std::string &c, const std::string &r);
Rendering Hashed(const std::string &c, const std::string &r);
Rendering Bytes(const std::string &c);
Rendering Shape(const std::string &c); // of PostGIS: Bytes of the format that MySQL stores, SRID and WKB

// Canonical texts.
std::string AsText(const std::string &c); // by the cast
std::string
Written(const std::string
			&c); // by the type's output function, which no cast that somebody defines can replace; NULL for NULL
// By the cast where that is the server's own: it writes boolean, inet and character(n) otherwise than their output
// functions do. All others are written.
std::string TextOf(const std::string &c, const TargetType &type);
std::string Boolean(const std::string &c);		  // 0, 1
std::string Numeric(const std::string &c);		  // without trailing zeros
std::string FloatDigits(const std::string &c);	  // the shortest digits, without exponent
std::string IntegralFloat(const std::string &c);  // as an integer where it is one
std::string IeeeBits(const std::string &c);		  // the double's 64 bits as hex
std::string DateEpoch(const std::string &c);	  // seconds since 1970
std::string TimestampEpoch(const std::string &c); // with six decimals; of timestamp, timestamptz
std::string Seconds(const std::string &c);		  // of time and interval, with sign and six decimals
std::string SetMembers(const std::string &c);	  // of an array: its dimensions and its members, each after U+0001
std::string Inet(const std::string &c);			  // family, bits, flag, length, address, in hex

// Text that stands for bytes, of which the source has a code point each: the UTF-8 of those code points, hashed.
// `text`: of the column.
Rendering CodePointsFromBase64(const std::string &c, const std::string &text);
Rendering CodePointsFromBytes(const std::string &c);

std::string Sha256(const std::string &r); // of text, in hex
std::string Excerpt(const std::string &r);
// a || b || c, as a balanced tree: the bytes are copied a few times, not once per part.
std::string Concatenation(const std::vector<std::string> &parts);

} // namespace alkconv::core::digest::postgres
