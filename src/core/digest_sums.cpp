// Regime: C++ (may throw, never calls Postgres)
//
// The sum of the row digests; the header says why it has this form.
#include "core/digest_sums.hpp"

namespace alkconv::core::digest {

std::string MysqlSum(const std::string &row, const std::string &suffix) {
	return "COUNT(*) AS n" + suffix + ",CAST(SUM(CAST(CONCAT('10000000000',HEX(LEFT(" + row +
		   ",22))) AS DECIMAL(65,0))) AS CHAR) AS s" + suffix;
}

std::string PostgresSum(const std::string &row, const std::string &suffix) {
	return "pg_catalog.count(*) AS n" + suffix +
		   ",pg_catalog.sum(('10000000000'||pg_catalog.encode(pg_catalog.convert_to(pg_catalog.left(" + row +
		   ",22),'UTF8'),'hex'))::pg_catalog.numeric)::pg_catalog.text AS s" + suffix;
}

std::string MysqlSums(const std::string &suffix) {
	const std::string s = "s" + suffix;
	return "n" + suffix + ",COALESCE(LEFT(" + s + ",CHAR_LENGTH(" + s + ")-54),'0'),COALESCE(LEFT(RIGHT(" + s +
		   ",54),27),'0'),COALESCE(RIGHT(" + s + ",27),'0')";
}

std::string PostgresSums(const std::string &suffix) {
	const std::string s = "s" + suffix;
	return "n" + suffix + "::pg_catalog.text,COALESCE(pg_catalog.left(" + s + ",pg_catalog.length(" + s +
		   ")-54),'0'),COALESCE(pg_catalog.left(pg_catalog.right(" + s + ",54),27),'0'),COALESCE(pg_catalog.right(" +
		   s + ",27),'0')";
}

} // namespace alkconv::core::digest
