// Regime: C++ (may throw, never calls Postgres)
//
// Rows that were kept out (RejectedRow), by their keys: which rows of the source they are, and which others have them for parents.
#pragma once

#include "core/difference.hpp"
#include "core/plan.hpp"

#include <string>
#include <utility>
#include <vector>

namespace alkconv::core {

// Of the rows of one table: for each the texts of its key's columns (RejectedRow::key).
using RejectedKeys = std::vector<std::vector<std::string>>;

// Can a row of the table be found again by its key? Not without a key, with an approximate number in it, or with a value in it that a rule
// changes in the source's SQL.
bool NamesRows(const TablePlan &table);

// Can the key be written down as text? Not with a NUL in it, or bytes that are no UTF-8.
bool IsStorable(const std::vector<std::string> &key) noexcept;

// Condition in the source's SQL that holds for the rows with these keys (at least one); `name` (quoted) is the table's in the query. Raises
// Error(invalid_text) for a text that is no value of its column's type: keys come back from a table that others may have edited.
std::string RowsCondition(const TablePlan &table, const std::string &name, const RejectedKeys &keys);

// The plan of the other rows, and of these rows only. `database` is the source's. Errors as above.
TablePlan WithoutRows(const TablePlan &table, const std::string &database, const RejectedKeys &keys);
TablePlan OnlyRows(const TablePlan &table, const std::string &database, const RejectedKeys &keys);

// The keys of the rows that the plan's filter lets take part, in the source's SQL: one text for each column, as RejectedRow::key spells it.
std::string KeysQuery(const TablePlan &table, const std::string &database);

// How many rows these are.
std::string RowCountQuery(const TablePlan &table, const std::string &database);

// The first of `keys` that is not among `found`, its texts separated by ", "; empty if none is missing.
std::string FirstMissing(const RejectedKeys &keys, const TextRows &found);

// A foreign key between two tables of a plan, by positions.
struct RowReference {
	size_t child, parent;							// in Plan::tables
	std::vector<std::pair<size_t, size_t>> columns; // of the child's and of the parent's plan
};

// The keys of the child's rows, as KeysQuery gives them, that take part, were not kept out themselves and refer to a row that was:
// `child_keys` and `parent_keys` (at least one) were.
std::string ReferringKeysQuery(const Plan &plan, const std::string &database, const RowReference &reference,
							   const RejectedKeys &child_keys, const RejectedKeys &parent_keys);

} // namespace alkconv::core
