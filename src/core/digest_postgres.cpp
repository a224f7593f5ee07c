// Regime: C++ (may throw, never calls Postgres)
//
// Postgres' side of the renderings.
#include "core/digest_postgres.hpp"

namespace alkconv::core::digest::postgres {

namespace {

std::string Cast(const std::string &x, const char *type) { return "(" + x + ")::pg_catalog." + type; }

std::string Hex(const std::string &bytes) { return "pg_catalog.encode(" + bytes + ",'hex')"; }

std::string Utf8(const std::string &text) { return "pg_catalog.convert_to(" + text + ",'UTF8')"; }

std::string HashBytes(const std::string &bytes) { return Hex("pg_catalog.sha256(" + bytes + ")"); }

std::string OrNull(const std::string &c, const std::string &frame) {
	return "CASE WHEN " + c + " IS NULL THEN '!' ELSE " + frame + " END";
}

std::string Length(const std::string &r) { return "pg_catalog.octet_length(" + r + ")"; }

std::string LengthPrefixed(const std::string &r) { return Length(r) + "::pg_catalog.text||':'||" + r; }

std::string HashFrame(const std::string &r) { return "'#'||" + Sha256(r); }

std::string Replace(const std::string &text, const char *from, const char *to) {
	return "pg_catalog.replace(" + text + "," + Literal(from) + "," + Literal(to) + ")";
}

// UTF-8 of the code points U+0000 to U+00FF that the bytes stand for. convert_from() would refuse U+0000, so the work
// is done on the escape format: once \\ is \134, each backslash begins the octal digits of one byte: \000, \2xx and
// \3xx. In UTF-8 \2xx is \302\2xx and \3xx is \303\2xx; \a keeps the new \3 of the former out of the latter's way.
std::string CodePointBytes(const std::string &bytes) {
	const std::string octal = Replace("pg_catalog.encode(" + bytes + ",'escape')", "\\\\", "\\134");
	const std::string utf8 = Replace(Replace(Replace(octal, "\\3", "\\a"), "\\2", "\\302\\2"), "\\a", "\\303\\2");
	return "pg_catalog.decode(" + utf8 + ",'escape')";
}

// Types below are made with the cluster (FirstNormalObjectId, transam.h): nobody but a superuser can define casts of
// them.
constexpr uint32_t kFirstNormalType = 16384;

constexpr const char *kBase64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

} // namespace

std::string Literal(std::string_view text) {
	std::string literal = "E'";
	for (const char c : text) {
		if (c == '\'' || c == '\\')
			literal += c;
		if (c == '\n')
			literal += "\\n"; // a query stays one line in logs and scripts
		else
			literal += c;
	}
	return literal + '\'';
}

std::string Sha256(const std::string &r) { return HashBytes(Utf8(r)); }

std::string Excerpt(const std::string &r) { return "pg_catalog.left(" + r + ",80)"; }

std::string Concatenation(const std::vector<std::string> &parts) {
	if (parts.empty())
		return "''";
	std::vector<std::string> level = parts;
	while (level.size() > 1) {
		std::vector<std::string> next;
		for (size_t i = 0; i + 1 < level.size(); i += 2)
			next.push_back("(" + level[i] + "||" + level[i + 1] + ")");
		if (level.size() % 2 != 0)
			next.push_back(level.back());
		level = std::move(next);
	}
	return level.front();
}

Rendering Plain(const std::string &c, const std::string &r) { return {r, OrNull(c, r + "||','"), Excerpt(r)}; }

Rendering Text(const std::string &c, const std::string &r) { return {r, OrNull(c, LengthPrefixed(r)), Excerpt(r)}; }

Rendering Long(const std::string &c, const std::string &r) {
	// octet_length() of a toasted value reads its header only
	return {r,
			OrNull(c, "CASE WHEN " + Length(r) + "<=1024 THEN " + LengthPrefixed(r) + " ELSE " + HashFrame(r) + " END"),
			Excerpt(r)};
}

Rendering Hashed(const std::string &c, const std::string &r) { return {r, OrNull(c, HashFrame(r)), Excerpt(r)}; }

Rendering Bytes(const std::string &c) {
	return {Hex(c),
			OrNull(c, "CASE WHEN " + Length(c) + "<=512 THEN " + Hex(c) + "||',' ELSE '#'||" + HashBytes(c) + " END"),
			Hex("pg_catalog.substr(" + c + ",1,40)")};
}

// PostGIS writes a shape as hex digits of EWKB, in the byte order of its machine: 01, the type with the bit 20000000 where an SRID follows.
Rendering Shape(const std::string &c) {
	const std::string ewkb = Written(c);
	const auto part = [&](const char *range) { return "pg_catalog.substr(" + ewkb + "," + range + ")"; };
	return Bytes("pg_catalog.decode(CASE " + part("9,2") + " WHEN '20' THEN " + part("11,8") + "||'01'||" +
				 part("3,6") + "||'00'||" + part("19") + " ELSE '00000000'||" + ewkb + " END,'hex')");
}

std::string AsText(const std::string &c) { return c + "::pg_catalog.text"; }

// IS NULL would hold for a row of NULLs, too.
std::string Written(const std::string &c) {
	return "CASE WHEN " + c + " IS DISTINCT FROM NULL THEN pg_catalog.concat(" + c + ") END";
}

std::string TextOf(const std::string &c, const TargetType &type) {
	const bool built_in = type.oid != 0 && type.oid < kFirstNormalType;
	return type.kind == PgKind::enum_ || (type.kind == PgKind::other && !built_in) ? Written(c) : AsText(c);
}

std::string Boolean(const std::string &c) { return c + "::pg_catalog.int4::pg_catalog.text"; }

std::string Numeric(const std::string &c) { return "pg_catalog.trim_scale(" + c + ")::pg_catalog.text"; }

std::string FloatDigits(const std::string &c) { return Numeric(AsText(c) + "::pg_catalog.numeric"); }

std::string IntegralFloat(const std::string &c) {
	// beyond these bounds the cast would raise an error
	return "CASE WHEN " + c + " BETWEEN -9.2e18 AND 9.2e18 AND " + c + "=pg_catalog.trunc(" + c +
		   "::pg_catalog.float8) THEN " + c + "::pg_catalog.int8::pg_catalog.text ELSE " + AsText(c) + " END";
}

std::string IeeeBits(const std::string &c) { return Hex("pg_catalog.float8send(" + c + "::pg_catalog.float8)"); }

std::string DateEpoch(const std::string &c) { return Cast("EXTRACT(epoch FROM " + c + ")", "text"); }

std::string TimestampEpoch(const std::string &c) { return DateEpoch(c); }

// '24:00:00' and '1 day' have as many seconds: no rendering for what has days or months.
std::string Seconds(const std::string &c) {
	return "CASE WHEN EXTRACT(epoch FROM " + c + ")=EXTRACT(hour FROM " + c + ")*3600+EXTRACT(minute FROM " + c +
		   ")*60+EXTRACT(second FROM " + c + ") THEN " + DateEpoch(c) + " END";
}

std::string SetMembers(const std::string &c) {
	return "COALESCE(pg_catalog.array_dims(" + c + ")||pg_catalog.chr(1)||pg_catalog.array_to_string(" + c +
		   ",pg_catalog.chr(1),pg_catalog.chr(2)),'')";
}

std::string Inet(const std::string &c) { return Hex("pg_catalog.inet_send(" + c + ")"); }

Rendering CodePointsFromBytes(const std::string &c) {
	const std::string hash = HashBytes(CodePointBytes(c));
	return {hash, OrNull(c, "'#'||" + hash), Hex("pg_catalog.substr(" + c + ",1,40)")};
}

Rendering CodePointsFromBase64(const std::string &c, const std::string &text) {
	const std::string body = "pg_catalog.rtrim(" + text + ",'=')";
	const std::string bytes = "pg_catalog.decode(" + text + ",'base64')";
	const std::string hash = HashBytes(CodePointBytes(bytes));
	// decode() raises an error for what is not base64, and forgives unused bits that are not zero; neither is to happen
	// here
	const std::string choice = " WHEN " + Length(text) + "%4<>0 OR " + Length(text) + "-" + Length(body) +
							   ">2 OR pg_catalog.translate(" + body + ",'" + kBase64Alphabet + "','')<>'' THEN ";
	const std::string again =
		" WHEN " + Replace("pg_catalog.encode(" + bytes + ",'base64')", "\n", "") + "<>" + text + " THEN ";
	return {"CASE" + choice + text + again + text + " ELSE " + hash + " END",
			"CASE WHEN " + c + " IS NULL THEN '!'" + choice + "'not base64,'" + again + "'not base64,' ELSE '#'||" +
				hash + " END",
			Excerpt(text)};
}

} // namespace alkconv::core::digest::postgres
