// Regime: C++ (may throw, never calls Postgres)
//
// Renderings in the SQL that MySQL 8.0 to 9 and MariaDB 10.11 to 11.8 share. `x` is always the column, or an expression
// that is NULL where the column counts as NULL. Facts are from MySQL 8.4's Reference Manual (chapters 12 and 14) and
// were tried on both servers.
#pragma once

#include "core/digest_rendering.hpp"
#include "core/types.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace alkconv::core::digest::mysql {

std::string Identifier(std::string_view name);
// A binary string, so that comparisons with it are bytewise and no sql_mode changes its meaning.
std::string BinaryLiteral(std::string_view bytes);

// Shapes (digest_rendering.hpp); `r` is the canonical text.
Rendering Plain(const std::string &x, const std::string &r);
Rendering Text(const std::string &x, const std::string &r);
Rendering Long(const std::string &x, const std::string &r);
Rendering Hashed(const std::string &x, const std::string &r);
Rendering Bytes(const std::string &x);

// Canonical texts.
std::string Characters(const std::string &x, const SourceType &type); // in utf8mb4
std::string AsChar(const std::string &x);							  // CAST(x AS CHAR), in utf8mb4
std::string Integer(const std::string &x, const SourceType &type);	  // without ZEROFILL
std::string Decimal(const std::string &x, const SourceType &type);	  // without trailing zeros and ZEROFILL
std::string ShownFloat(const std::string &x, const SourceType &type); // FLOAT(M,D) as Decimal, 0 for -0
std::string Bits(const std::string &x, const SourceType &type);		  // binary digits
std::string IeeeBits(const std::string &x);		 // of FLOAT and DOUBLE: the double's 64 bits as hex
std::string IntegralFloat(const std::string &x); // as an integer where it is one
std::string DateEpoch(const std::string &x);	 // seconds since 1970; NULL for dates that do not exist
// With six decimals; `summand`, with its sign, is added.
std::string DateTimeEpoch(const std::string &x, const std::string &summand = "");
// Of TIMESTAMP, as DateTimeEpoch, and as text.
std::string InstantEpoch(const std::string &x, const std::string &summand = "");
std::string InstantText(const std::string &x, const SourceType &type);
std::string Seconds(const std::string &x); // of TIME, with sign and six decimals
std::string UuidFromText(const std::string &x);
std::string UuidFromBytes(const std::string &x);
std::string SetMembers(const std::string &x); // "[1:n]" and the members, each after U+0001
std::string Inet4(const std::string &x);	  // as Postgres' inet travels: family, bits, flag, length, address, in hex
std::string Inet6(const std::string &x);

std::string Sha256(const std::string &r);
std::string Excerpt(const std::string &r);

} // namespace alkconv::core::digest::mysql
