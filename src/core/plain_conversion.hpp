// Regime: C++ (may throw, never calls Postgres)
//
// What a column with an expression would hold without it: what the expression changes is counted against that.
#pragma once

#include "core/plan.hpp"

#include <optional>

namespace alkconv::core {

class PlainConversion {
public:
	explicit PlainConversion(const ColumnPlan &plan);

	// False where the target would not take the value without the expression. The value's bytes are valid until the next call.
	bool Convert(const Cell &cell, Value &value) noexcept;

private:
	SourceType source_;
	TargetType target_;
	bool not_null_;
	std::optional<Conversion> conversion_; // none: nothing converts between the types
	std::vector<uint64_t> counters_;
	JsonValidator json_;
	JsonbBuilder jsonb_;
	Arena arena_;
};

} // namespace alkconv::core
