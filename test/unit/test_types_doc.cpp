// Regime: C++ (may throw, never calls Postgres)
//
// docs/types.md says what the code does.
#include "types_document.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace alkconv::test {
namespace {

TEST(TypesDocument, IsUpToDate) {
	std::ifstream in(std::string(ALKCONV_UNIT_DATA) + "/../../../docs/types.md");
	ASSERT_TRUE(in) << "docs/types.md is missing";
	std::ostringstream committed;
	committed << in.rdbuf();
	EXPECT_TRUE(committed.str() == TypesDocument())
		<< "docs/types.md is out of date: cmake --build build --target types_doc";
}

} // namespace
} // namespace alkconv::test
