// Regime: C++ (may throw, never calls Postgres)
//
// What the files that make one table's statements share.
#pragma once

#include "core/ddl.hpp"
#include "core/expression.hpp"
#include "core/target_names.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alkconv::core {

// One table that is created.
struct DdlTable {
	const SourceSchema &schema;
	const SourceTable &source;
	const TablePlan &plan;
	const TargetNames::Table &names;
	const RuleSet &rules;
	const DdlOptions &options;
	Ddl &ddl;

	// "schema"."name"
	std::string Qualified(const std::string &name) const;
	std::string Name() const { return Qualified(names.name); }
	// What the target makes of a source column (by its position); nullptr when it stays in the source.
	const ColumnPlan *Column(size_t source_column) const;
	// Its expression when the target computes it, else nullptr.
	const std::string *Expression(size_t source_column) const;
	// What CHECKs and index parts may name: all columns that the target has.
	ExpressionScope Scope() const;
	// "a", "b"; nothing when one of them stays in the source.
	std::optional<std::string> ColumnList(const std::vector<size_t> &source_columns) const;

	void Before(const char *kind, const std::string &object, const std::string &sql) const;
	void After(const char *kind, const std::string &object, const std::string &sql, DdlIndex index = {}) const;
	// Whether a rule leaves a key of the source out.
	const Rule *SkippedBy(const SourceKey &key) const {
		return rules.FindWith(RuleAction::skip_index, source.name, key.name);
	}
	void Note(const char *kind, const std::string &object, std::string text, std::string source_text = "") const;
	// A translation that a statement uses, to be proved. `object` is the position in the source's table.
	void Translated(ExpressionPlace place, size_t object, const std::string &name, const std::string &source,
					const Translation &translation, const ColumnPlan &column) const;
};

// " AT TIME ZONE ..." for the zone whose wall times a column without zone holds: UTC, unless a rule or the server's option says another.
std::string AtZone(const ColumnPlan &column);

// The table itself with its types and partitions.
void AddTable(const DdlTable &table);
// Primary key, unique keys, indexes.
void AddKeys(const DdlTable &table);
// CHECKs, the trigger of ON UPDATE CURRENT_TIMESTAMP, comments.
void AddChecks(const DdlTable &table);
void AddOnUpdate(const DdlTable &table);
void AddComments(const DdlTable &table);
// Foreign keys to tables of `plan`.
void AddForeignKeys(const DdlTable &table, const Plan &plan, const TargetNames &names);
// Those of tables that earlier runs have made, to the tables that this one makes.
void AddMissingForeignKeys(const std::vector<DdlTable> &tables, const TargetNames &names);

// How a partitioned table is declared, and its partitions.
struct NativePartitions {
	std::string clause;				 // PARTITION BY ...; empty: the table is not partitioned
	std::vector<std::string> bounds; // by partition: FOR VALUES ..., or DEFAULT; empty: it is not made
};
// Nothing, with a note, where the table becomes a plain one.
NativePartitions MakePartitions(const DdlTable &table);

} // namespace alkconv::core
