// Regime: C++ (may throw, never calls Postgres)
//
// What one server's SQL says of one column, and the shapes in which a rendering enters the row's text. The shapes of
// the two servers are made in digest_mysql.cpp and digest_postgres.cpp and must agree byte for byte:
//
//   NULL                                    !
//   plain   text without comma              <text>,
//   text    any text, bounded by its type   <bytes>:<text>
//   long    any text                        as text up to 1024 bytes, else #<sha256 in hex>
//   hashed  any text                        #<sha256 in hex>
//   bytes   any bytes                       <hex>, up to 512 bytes, else #<sha256 in hex>
//
// A column has one shape, none is a prefix of another text of its shape, so the row's text can be taken apart again:
// two rows with the same text have the same renderings.
#pragma once

#include <string>

namespace alkconv::core::digest {

struct Rendering {
	std::string value;	 // canonical text; NULL for NULL
	std::string frame;	 // see above
	std::string excerpt; // at most 80 characters
};

} // namespace alkconv::core::digest
