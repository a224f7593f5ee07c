// Regime: C++ (may throw, never calls Postgres)
//
// Which columns have a type that their values decide in mode `create`, and how the answers are shared among columns that foreign keys
// tie to each other: all of such a group get the same type.
#pragma once

#include "core/catalog.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace alkconv::core {

enum class FactKind : uint8_t { boolean, bigint, time_of_day, uuid };

// tinyint(1), which is what MySQL makes of BOOL.
bool IsDeclaredBoolean(const SourceType &type) noexcept;
// Whether partitions are told apart by the column, or by an expression that names it.
bool IsPartitionColumn(const SourceTable &table, const SourceColumn &column);

// Which question is worth asking about a column, by its declaration alone: tinyint(1), bigint unsigned, time, char(36) and binary(16).
// None for a column whose default, counter or partitioning forbids the answer yes.
bool HasQuestion(const SourceTable &table, size_t column, FactKind &kind);

Evidence &FactOf(ColumnFacts &facts, FactKind kind) noexcept;

// What a column's values say, as MIN of a predicate over them gave it: nothing, "0" or "1".
struct FactAnswer {
	size_t table = 0, column = 0; // positions in the schema
	FactKind kind = FactKind::boolean;
	Evidence evidence = Evidence::none;
};

// Fills in the facts of all columns of the schema: the answers, shared along foreign keys. A column without an answer, because it has no
// question, makes the answer of its whole group no. `parents` are answers about the same columns from the types that their parents in other
// databases have.
void ShareFacts(SourceSchema &schema, const std::vector<FactAnswer> &answers,
				const std::vector<FactAnswer> &parents = {});

} // namespace alkconv::core
