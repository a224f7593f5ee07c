// Regime: C++ (may throw, never calls Postgres)
//
// Values that a column could hold and an expression may treat in a way of its own.
#pragma once

#include "core/expression_samples.hpp"

#include <string>
#include <vector>

namespace alkconv::core {

constexpr size_t kMostSamples = 28; // of a column

// What an expression names.
struct Landmarks {
	std::vector<std::string> numbers; // digits, point, exponent
	std::vector<std::string> texts;	  // characters or bytes: values, dates, patterns, JSON paths
};

// NULL first, then an ordinary value; no value twice, at most kMostSamples. All can be stored on both sides.
std::vector<Sample> SampleValues(const ExpressionColumn &column, const Landmarks &landmarks);

// A double of MySQL's SQL that is the number exactly; `single`: the number as a float holds it.
std::string ExactDouble(const std::string &number, bool single);

// The number as so many binary digits.
std::string BitDigits(const std::string &number, uint64_t digits);

} // namespace alkconv::core
