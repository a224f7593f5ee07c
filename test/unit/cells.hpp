// Regime: C++ (may throw, never calls Postgres)
//
// Cells, types and values as text, for table-driven tests.
#pragma once

#include "core/batch.hpp"
#include "core/conversion.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace alkconv::test {

// A target type as format_type writes it, for instance "numeric(5,2)" or "timestamp(3) without time zone"; "enum(a|b)" is an enum
// named mood with these labels, and an unknown name is kind `other`.
core::TargetType Target(const std::string &text);

// "\n", "\\", "\xNN" in `text` replaced by what they stand for.
std::string Unescape(std::string_view text);
// The other way round: printable ASCII stays, everything else and the backslash becomes \xNN.
std::string Escape(std::string_view bytes);

// Makes cells of the kind in which values of a type arrive; owns their bytes.
class Cells {
public:
	// `literal`: NULL, a number, 2020-01-31 23:59:59.5, -838:59:59, or escaped bytes ("" for the empty string).
	core::Cell Make(const core::SourceType &type, std::string_view literal);

private:
	std::deque<std::string> bytes_;
};

// "int4:5", "varlena:abc", "timestamp:-1", "float8:0x1p-1" ...
std::string Describe(const core::Value &value);

// The whole way of one value: "int4:5", with `counted` followed by " by 2" for two rules that changed it; or "!out_of_range", or "!cannot_convert" when no conversion is chosen.
std::string Convert(const std::string &source, std::string_view literal, const std::string &target,
					const core::ColumnPolicy &policy = {}, bool counted = false);

// Rows of a file of test/unit/data: tab-separated, # comments and empty lines left out.
std::vector<std::vector<std::string>> ReadTable(const std::string &file);

} // namespace alkconv::test
