// Regime: C++ (may throw, never calls Postgres)
//
// Compressed values, inflated by the source itself for the proof: by its UNCOMPRESS(), which shares nothing with
// inflate.cpp.
#pragma once

#include "core/types.hpp"

#include <string>

namespace alkconv::core::digest {

// The bytes that `x`, of the type `source`, is compressed from, in the source's SQL: a stream of zlib (RFC 1950) or
// what COMPRESS() makes, in bytes
// or as one character for each byte. NotInflated() where the source cannot tell: gzip's format (RFC 1952), more than 64
// MB.
std::string Inflated(const std::string &x, const SourceType &source);

// Bytes that stand for a value which the source does not inflate.
std::string NotInflated();

// What they are to the target: text for all types but bytea.
SourceType InflatedType(const TargetType &target);

} // namespace alkconv::core::digest
