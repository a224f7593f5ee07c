// Regime: C++ (may throw, never calls Postgres)
//
// UNCOMPRESS() wants four bytes with the length before the stream, and takes one that is too great as the most there
// may be.
#include "core/digest_inflate.hpp"

#include "core/digest_mysql.hpp"

namespace alkconv::core::digest {

namespace {

// Code points up to 255 as bytes. MySQL has no charset that is those; in latin5 (ISO 8859-9) six of them have other
// places. Its latin1 is cp1252.
std::string BytesOfCodePoints(const std::string &text) {
	static constexpr const char *kOthers[][2] = {{"C390", "C49E"}, {"C39D", "C4B0"}, {"C39E", "C59E"},
												 {"C3B0", "C49F"}, {"C3BD", "C4B1"}, {"C3BE", "C59F"}};
	std::string replaced = text;
	for (const auto &[point, in_latin5] : kOthers)
		replaced = "REPLACE(" + replaced + ",CONVERT(X'" + point + "' USING utf8mb4),CONVERT(X'" + in_latin5 +
				   "' USING utf8mb4))";
	return "CONVERT(CONVERT(" + replaced + " USING latin5) USING binary)";
}

// RFC 1950, 2.2: method 8, a window of at most 32 KB, and the first two bytes are a multiple of 31.
std::string IsStream(const std::string &bytes) {
	const std::string first = "ASCII(" + bytes + ")", second = "ASCII(SUBSTR(" + bytes + ",2))";
	return "(" + first + "&15=8 AND " + first + ">>4<=7 AND (" + first + "*256+" + second + ")%31=0)";
}

} // namespace

std::string NotInflated() { return mysql::BinaryLiteral("alkconv: the source does not inflate this value"); }

std::string Inflated(const std::string &x, const SourceType &source) {
	static const std::string most = "REVERSE(UNHEX(LPAD(HEX(LEAST(@@max_allowed_packet,67108864)),8,'0')))";
	const bool is_text =
		source.kind == MySqlKind::char_ || source.kind == MySqlKind::varchar || source.kind == MySqlKind::text;
	const std::string bytes = is_text ? BytesOfCodePoints(mysql::Characters(x, source)) : x;
	return "IF(" + x + " IS NULL,NULL,IF(LENGTH(" + x + ")=0," + bytes + ",COALESCE(IF(" + IsStream(bytes) +
		   ",UNCOMPRESS(CONCAT(" + most + "," + bytes + ")),NULL),UNCOMPRESS(" + bytes + ")," + NotInflated() + ")))";
}

SourceType InflatedType(const TargetType &target) {
	return target.kind == PgKind::bytea ? ParseSourceType("longblob", "", "")
										: ParseSourceType("longtext", "utf8mb4", "utf8mb4_bin");
}

} // namespace alkconv::core::digest
