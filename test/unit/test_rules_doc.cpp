// Regime: C++ (may throw, never calls Postgres)
//
// docs/rules.md names everything that a rule may say.
#include "core/rules.hpp"
#include "core/transforms.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace alkconv::core {
namespace {

TEST(RulesDocument, NamesEveryActionAndTransform) {
	std::ifstream in(std::string(ALKCONV_UNIT_DATA) + "/../../../docs/rules.md");
	ASSERT_TRUE(in) << "docs/rules.md is missing";
	std::ostringstream committed;
	committed << in.rdbuf();
	for (const ActionInfo &action : KnownActions())
		EXPECT_NE(committed.str().find(std::string("| `") + action.name + "` |"), std::string::npos) << action.name;
	for (const TransformInfo &transform : KnownTransforms())
		EXPECT_NE(committed.str().find(std::string("| `") + transform.text), std::string::npos) << transform.text;
}

} // namespace
} // namespace alkconv::core
