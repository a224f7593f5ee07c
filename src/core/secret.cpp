// Regime: C++ (may throw, never calls Postgres)
//
// One hash, computed in three places.
#include "core/secret.hpp"

#include "core/digest_mysql.hpp"
#include "core/digest_postgres.hpp"
#include "core/sha256.hpp"

namespace alkconv::core {

namespace {

constexpr const char *kMark = "secret:";
constexpr size_t kShownDigits = 12;

std::string Quoted(std::string_view hex) { return "'" + std::string(hex) + "'"; }

} // namespace

std::string MaskedValue(std::string_view salt, std::string_view value) {
	return kMark + Sha256Hex(std::string(salt).append(value)).substr(0, kShownDigits);
}

std::string MysqlMask(std::string_view salt, const std::string &text) {
	return "CONCAT('" + std::string(kMark) + "',LEFT(" +
		   digest::mysql::Sha256("CONCAT(" + Quoted(salt) + "," + text + ")") + "," + std::to_string(kShownDigits) +
		   "))";
}

std::string PostgresMask(std::string_view salt, const std::string &text) {
	return "('" + std::string(kMark) + "'||pg_catalog.left(" +
		   digest::postgres::Sha256("(" + Quoted(salt) + "||" + text + ")") + "," + std::to_string(kShownDigits) + "))";
}

} // namespace alkconv::core
