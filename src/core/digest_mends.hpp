// Regime: C++ (may throw, never calls Postgres)
//
// What the source's SQL makes of a column that rules change, written from the servers' manuals and sharing nothing with mend.cpp: the proof
// compares what is stored with what the source itself says the rule gives.
#pragma once

#include "core/plan.hpp"

#include <string>

namespace alkconv::core::digest {

// Whether a transform inflates the values.
bool Inflates(const ColumnPolicy &policy) noexcept;

// The column, as the source's SQL reads it (ColumnPlan::source_sql or its name), with its transforms applied, but for those that its rendering
// knows: the code_points and zero_date(-infinity).
std::string MendedColumn(const ColumnPlan &column, bool mariadb);
// The same of `x`, which is the column or stands for it.
std::string MendedValue(std::string x, ColumnPlan column, bool mariadb);

// What the reader selects: the column's name, or what a rule about keys makes of it.
std::string SelectedColumn(const ColumnPlan &column);

// Is `x` a zero date?
std::string IsZeroDate(const std::string &x);

} // namespace alkconv::core::digest
