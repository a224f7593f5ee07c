// Regime: C++ (may throw, never calls Postgres)
//
// Columns that a rule marks as secret: messages, samples and records show a hash in place of their values. It is salted anew in each run, so that
// equal values can be told within a run and none can be looked up. The salt is hex digits.
#pragma once

#include <string>
#include <string_view>

namespace alkconv::core {

// "secret:" and 12 hex digits.
std::string MaskedValue(std::string_view salt, std::string_view value);
// The same of a text expression, by each server's SQL; NULL for NULL.
std::string MysqlMask(std::string_view salt, const std::string &text);
std::string PostgresMask(std::string_view salt, const std::string &text);

} // namespace alkconv::core
