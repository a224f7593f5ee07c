// Regime: C++ (may throw, never calls Postgres)
//
// The text of docs/types.md, made from the decision functions so that it cannot say anything else than they do.
#pragma once

#include <string>

namespace alkconv::test {

// Raises std::logic_error when a conversion has no explanation here.
std::string TypesDocument();

} // namespace alkconv::test
