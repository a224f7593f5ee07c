// Regime: C++ (may throw, never calls Postgres)
//
// Adding up row digests. MySQL has no way to name an intermediate result of a row without writing it to a temporary
// table, and it evaluates an expression anew for each use. So one aggregate has to do everything in one pass over one
// use of the digest:
//
//   SUM( 1 0000000000 dd dd ... dd )      a decimal of 55 digits, one dd per hex digit
//
// where HEX() of a text of hex digits has decimal digits only ('3f' is X'3366'), which gives the 22 leading hex digits
// (88 bits) of the row's SHA-256 as a 44-digit number, and the leading 1 counts the rows that were hashed. The sum is
// exact up to 10^10 rows on both servers (65 digits are MySQL's limit). The map from 22 hex digits to numbers is one to
// one, so two sums of independent digests are equal with a probability of 2^-88 at most.
#pragma once

#include <string>

namespace alkconv::core::digest {

// "COUNT(*) AS n, <sum> AS s": of the inner query; `row` is the row digest. Where there are several, each has its
// `suffix` to the names.
std::string MysqlSum(const std::string &row, const std::string &suffix = "");
std::string PostgresSum(const std::string &row, const std::string &suffix = "");

// Four columns from n and s: rows, hashed rows, the sum's leading and trailing 27 digits. 0 for no rows.
std::string MysqlSums(const std::string &suffix = "");
std::string PostgresSums(const std::string &suffix = "");

} // namespace alkconv::core::digest
