// Regime: C++ (may throw, never calls Postgres)
//
// What the rules of a column make of its literal default: the same as of a value, by the same transforms.
#pragma once

#include "core/expression.hpp"
#include "core/plan.hpp"

#include <string>

namespace alkconv::core {

struct RuledDefault {
	enum class Outcome : uint8_t {
		unchanged,
		null,	 // none, as NULL is
		literal, // `source` has it in place of the source's
		sql,	 // `sql`, which no literal of the source could say
	};
	Outcome outcome = Outcome::unchanged;
	SourceColumn source;
	std::string sql;
};

RuledDefault DefaultByRules(const SourceColumn &source, const ColumnPlan &column, bool mariadb);

// Which rule would give a column a default whose literal is a date that no calendar has; empty where it is none.
std::string RuleForDefault(const SourceColumn &source, bool mariadb);

} // namespace alkconv::core
