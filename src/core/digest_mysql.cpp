// Regime: C++ (may throw, never calls Postgres)
//
// MySQL's side of the renderings.
#include "core/digest_mysql.hpp"

namespace alkconv::core::digest::mysql {

namespace {

std::string OrNull(const std::string &x, const std::string &frame) { return "IF(" + x + " IS NULL,'!'," + frame + ")"; }

std::string LengthPrefixed(const std::string &r) { return "CONCAT(LENGTH(" + r + "),':'," + r + ")"; }

std::string HashFrame(const std::string &r) { return "CONCAT('#'," + Sha256(r) + ")"; }

} // namespace

std::string Identifier(std::string_view name) {
	std::string quoted = "`";
	for (const char c : name) {
		if (c == '`')
			quoted += '`';
		quoted += c;
	}
	return quoted + '`';
}

std::string BinaryLiteral(std::string_view bytes) {
	static constexpr char kDigits[] = "0123456789abcdef";
	std::string literal = "X'";
	for (const char c : bytes) {
		const auto byte = static_cast<unsigned char>(c);
		literal += kDigits[byte >> 4];
		literal += kDigits[byte & 15];
	}
	return literal + '\'';
}

std::string Sha256(const std::string &r) { return "SHA2(" + r + ",256)"; }

std::string Excerpt(const std::string &r) { return "LEFT(" + r + ",80)"; }

Rendering Plain(const std::string &x, const std::string &r) {
	return {r, OrNull(x, "CONCAT(" + r + ",',')"), Excerpt(r)};
}

Rendering Text(const std::string &x, const std::string &r) { return {r, OrNull(x, LengthPrefixed(r)), Excerpt(r)}; }

Rendering Long(const std::string &x, const std::string &r) {
	return {r, OrNull(x, "IF(LENGTH(" + r + ")<=1024," + LengthPrefixed(r) + "," + HashFrame(r) + ")"), Excerpt(r)};
}

Rendering Hashed(const std::string &x, const std::string &r) { return {r, OrNull(x, HashFrame(r)), Excerpt(r)}; }

Rendering Bytes(const std::string &x) {
	const std::string hex = "LOWER(HEX(" + x + "))";
	return {hex, OrNull(x, "IF(LENGTH(" + x + ")<=512,CONCAT(" + hex + ",',')," + HashFrame(x) + ")"),
			"LOWER(HEX(LEFT(" + x + ",40)))"};
}

// One explicit collation for all: columns with collations of their own could not be concatenated otherwise.
std::string Characters(const std::string &x, const SourceType &type) {
	return (type.charset == "utf8mb4" ? x : "CONVERT(" + x + " USING utf8mb4)") + " COLLATE utf8mb4_bin";
}

// Without a charset of its own it would be that of the connection, which holds few characters where nobody pinned it.
std::string AsChar(const std::string &x) { return "CAST(" + x + " AS CHAR CHARACTER SET utf8mb4) COLLATE utf8mb4_bin"; }

std::string Integer(const std::string &x, const SourceType &type) {
	// In a numeric expression BIT is an unsigned number, YEAR has no leading zeros, and ZEROFILL is forgotten.
	const bool number =
		type.kind == MySqlKind::bit || type.kind == MySqlKind::year || type.text.find("zerofill") != std::string::npos;
	return AsChar(number ? x + "+0" : x);
}

namespace {

// Without the zeros after the point that say nothing.
std::string Trimmed(const std::string &text, const SourceType &type) {
	return type.scale == 0 ? text : "TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM " + text + "))";
}

} // namespace

std::string Decimal(const std::string &x, const SourceType &type) { return Trimmed(Integer(x, type), type); }

// What rounds to nothing has kept its sign: -0.000.
std::string ShownFloat(const std::string &x, const SourceType &type) {
	const std::string text = Trimmed(AsChar(x), type);
	return "IF(" + text + "='-0','0'," + text + ")";
}

std::string Bits(const std::string &x, const SourceType &type) {
	return "LPAD(BIN(" + x + "+0)," + std::to_string(type.length) + ",'0')";
}

// Neither server of the MySQL family shows the bits of a double, and printed digits are nobody's contract. Multiplying
// by a power of two is exact, so the exponent e and the 53-bit integer m with |x| = m * 2^(e-52) can be computed
// without rounding: LOG2 is used to guess e only, the comparisons with POW(2,guess) correct it by one either way. Below
// 2^-1022 e stays there and m has fewer bits, as in the format itself. The bits are then (e+1022) * 2^52 + m: m's
// highest bit carries into the exponent.
std::string IeeeBits(const std::string &x) {
	const std::string a = "ABS(" + x + "+0E0)";
	const std::string guess = "POW(2,GREATEST(-1022,LEAST(1023,FLOOR(LOG2(" + a + ")))))";
	// 2*guess may be out of range, half of a small number inexact; the difference is exact wherever it decides
	const std::string e = "GREATEST(-1022,GREATEST(-1022,LEAST(1023,FLOOR(LOG2(" + a + "))))-(" + a + "<" + guess +
						  ")+(" + a + "-" + guess + ">=" + guess + "))";
	// 2^(52-e) itself may be out of range for small numbers
	const std::string m = "IF(" + a + "<1E0," + a + "*POW(2,537)*POW(2,-485-" + e + ")," + a + "*POW(2,52-" + e + "))";
	const std::string bits = "CAST(" + e + "+1022 AS UNSIGNED)*4503599627370496+CAST(" + m + " AS UNSIGNED)";
	return "CASE WHEN " + x + "=0 THEN IF(LEFT(" + AsChar(x) +
		   ",1)='-','8000000000000000','0000000000000000') ELSE LOWER(LPAD(HEX(" + bits + "+IF(" + x +
		   "<0,9223372036854775808,CAST(0 AS UNSIGNED))),16,'0')) END"; // signed 0 would make the sum a decimal
}

std::string IntegralFloat(const std::string &x) {
	return "IF(" + x + "=FLOOR(" + x + ")," + AsChar("CAST(" + x + " AS SIGNED)") + "," + AsChar(x) + ")";
}

// DATEDIFF and TIMESTAMPDIFF count on over the end of the month (ALLOW_INVALID_DATES stores 31 February), hence
// LAST_DAY; for zero and partial dates they are NULL.
std::string DateEpoch(const std::string &x) {
	return AsChar("IF(DAY(" + x + ")<=DAY(LAST_DAY(" + x + ")),DATEDIFF(" + x + ",DATE'1970-01-01')*86400,NULL)");
}

std::string DateTimeEpoch(const std::string &x, const std::string &summand) {
	return AsChar("IF(DAY(" + x + ")<=DAY(LAST_DAY(" + x +
				  ")),TIMESTAMPDIFF(MICROSECOND,TIMESTAMP'1970-01-01 00:00:00'," + x + ")*0.000001" + summand +
				  ",NULL)");
}

// UNIX_TIMESTAMP of a TIMESTAMP is what the server has stored, whatever zone the session is in. 0, or NULL in MariaDB,
// is the zero date, which no
// other TIMESTAMP is; or it is a date that a rule gives in its place, of whose text nothing depends on the session.
std::string InstantEpoch(const std::string &x, const std::string &summand) {
	return "IF(UNIX_TIMESTAMP(" + x + ")<>0," + AsChar("UNIX_TIMESTAMP(" + x + ")+0.000000" + summand) + "," +
		   DateTimeEpoch(x, summand) + ")";
}

// The wall time in UTC, with the digits that the type has.
std::string InstantText(const std::string &x, const SourceType &type) {
	const std::string fraction = type.fsp > 0 ? "." + std::string(type.fsp, '0') : "";
	return "IF(UNIX_TIMESTAMP(" + x + ")<>0," +
		   AsChar("DATE_ADD(TIMESTAMP'1970-01-01 00:00:00" + fraction + "',INTERVAL UNIX_TIMESTAMP(" + x +
				  ") SECOND)") +
		   "," + AsChar(x) + ")";
}

// TIME_TO_SEC has a fraction in MariaDB and none in MySQL; the parts have no sign on either.
std::string Seconds(const std::string &x) {
	return AsChar("IF(LEFT(" + AsChar(x) + ",1)='-',-1,1)*(HOUR(" + x + ")*3600+MINUTE(" + x + ")*60+SECOND(" + x +
				  ")+MICROSECOND(" + x + ")*0.000001)");
}

// The usual spelling needs lower case only; any other that Postgres takes is the same 32 digits with braces or other
// dashes.
std::string UuidFromText(const std::string &x) {
	const std::string digits = "REPLACE(REPLACE(REPLACE(" + x + ",'-',''),'{',''),'}','')";
	return "LOWER(IF(LENGTH(" + x + ")=36 AND " + x + " LIKE '________-____-____-____-____________'," + x +
		   ",CONCAT_WS('-',SUBSTR(" + digits + ",1,8),SUBSTR(" + digits + ",9,4),SUBSTR(" + digits + ",13,4),SUBSTR(" +
		   digits + ",17,4),SUBSTR(" + digits + ",21))))";
}

std::string UuidFromBytes(const std::string &x) {
	const std::string digits = "HEX(" + x + ")";
	return "IF(LENGTH(" + x + ")=16,LOWER(CONCAT_WS('-',SUBSTR(" + digits + ",1,8),SUBSTR(" + digits + ",9,4),SUBSTR(" +
		   digits + ",13,4),SUBSTR(" + digits + ",17,4),SUBSTR(" + digits + ",21)))," +
		   UuidFromText("CONVERT(" + x + " USING utf8mb4) COLLATE utf8mb4_bin") + ")";
}

// A SET's label holds no comma, so its text can be taken apart; '' is the empty set.
std::string SetMembers(const std::string &x) {
	return "IF(LENGTH(" + x + ")=0,'',CONCAT('[1:',CHAR_LENGTH(" + x + ")-CHAR_LENGTH(REPLACE(" + x +
		   ",',',''))+1,']',X'01',REPLACE(" + x + ",',',X'01')))";
}

std::string Inet4(const std::string &x) {
	return "CONCAT('02200004',LOWER(LPAD(HEX(INET_ATON(" + AsChar(x) + ")),8,'0')))";
}

std::string Inet6(const std::string &x) { return "CONCAT('03800010',LOWER(HEX(INET6_ATON(" + AsChar(x) + "))))"; }

} // namespace alkconv::core::digest::mysql
