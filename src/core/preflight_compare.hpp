// Regime: C++ (may throw, never calls Postgres)
//
// What the questions about keys share: which columns a key has, and how their values are compared as the target will compare what becomes of them.
#pragma once

#include "core/preflight_keys.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace alkconv::core {

std::string Joined(const std::vector<std::string> &parts, const char *separator);

// Whether the source column is of characters.
bool IsText(const ColumnPlan &column) noexcept;
bool IgnoresCase(const std::string &collation);
// Whether the target's type ignores case: citext.
bool IsCaseless(const ColumnPlan &column) noexcept;
// Whether rules may make one value of two, NULL apart.
bool MakesOthers(const ColumnPolicy &policy) noexcept;

// What rules leave of the value (of the table so called, if any) so that the source's `=` on it is the target's equality: texts by their bytes, or
// without regard to case where the target has none; uuids without regard to spelling; text that becomes a number as that. NULL for what cannot
// be converted. Empty where that cannot be said in SQL.
std::string Comparable(const ColumnPlan &column, bool mariadb, const std::string &alias, bool insensitive);

// The planned columns of attnums; empty when one of them is not copied.
std::vector<const ColumnPlan *> ColumnsOf(const TablePlan &table, const std::vector<int16_t> &attnums);
// The same by their positions in the plan.
std::vector<size_t> PositionsOf(const TablePlan &table, const std::vector<int16_t> &attnums);
// The planned table whose target exists and is this one, or nullptr.
const TablePlan *TableOf(const Plan &plan, uint32_t oid) noexcept;

// The source's names: "a, b".
std::string NamesOf(const std::vector<const ColumnPlan *> &columns);
// The source table, quoted.
std::string FromTable(const SourceSchema &source, const TablePlan &table);
// Its rows that take part, under that name.
std::string RowsOf(const SourceSchema &source, const TablePlan &table, const char *alias);

Finding AboutTable(Severity severity, const TablePlan &table, std::string columns, const char *check,
				   std::string remedy);
// "Not known before the run: ..."
Finding NotKnown(const TablePlan &table, std::string columns, const std::string &what);

} // namespace alkconv::core
