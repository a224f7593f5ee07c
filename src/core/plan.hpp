// Regime: C++ (may throw, never calls Postgres)
//
// What a run will do, decided before anything is touched: a pure function of the source's catalog, the target's
// catalog, the rules and the caller's arguments. Deterministic: same input, same plan, in the same order.
#pragma once

#include "core/batch.hpp"
#include "core/catalog.hpp"
#include "core/rules.hpp"

#include <optional>
#include <string>
#include <vector>

namespace alkconv::core {

enum class Mode : uint8_t { automatic, existing, create };
enum class OnExisting : uint8_t { error, replace };
enum class VerifyLevel : uint8_t { full, counts };

// Parse the SQL arguments; raise Error(invalid_option_value) with the list of the valid ones as hint.
Mode ParseMode(std::string_view text);				 // auto existing create
OnExisting ParseOnExisting(std::string_view text);	 // error replace
VerifyLevel ParseVerifyLevel(std::string_view text); // full counts

struct PlanOptions {
	Mode mode = Mode::automatic;
	OnExisting on_existing = OnExisting::error;
	std::vector<std::string> include; // LIKE patterns of source tables; empty: all
	std::vector<std::string> exclude; // LIKE patterns
};

struct ColumnPlan {
	size_t source = 0; // position in SourceTable::columns
	std::string source_name, target_name;
	int16_t attnum = 0; // 0 in mode create until the table exists
	SourceType source_type;
	TargetType target_type; // mode create: `text` only, until the table exists
	Conversion conversion;
	ColumnPolicy policy;
	bool not_null = false; // of the target; mode create: to be given to it
	std::string rule;	   // which rule governs it, for the plan; empty if none
	std::string note;
};

// A column of one side that takes no part, and why.
struct OmittedColumn {
	std::string name;
	bool in_target = false; // false: a source column
	std::string reason;		// "generated", "rule: ...", "keeps its default", ...
};

struct TablePlan {
	size_t source = 0; // position in SourceSchema::tables
	std::string source_name;
	std::string target_name;
	uint32_t target_oid = 0; // 0: to be created
	bool create = false;
	bool replace = false;			 // rows of the target are replaced (by rule or by argument)
	std::string rule;				 // governing table rule, for the plan
	std::vector<ColumnPlan> columns; // in the order of the SELECT list
	std::vector<OmittedColumn> omitted;
	std::vector<size_t> key;		 // positions in `columns` that identify a row; empty if there is none
	std::vector<size_t> primary_key; // positions in `columns`; what mode create declares
	std::vector<std::string> notes;
};

struct ExcludedTable {
	std::string name;
	std::string reason;
};

// Something that forbids the run. alkconv_plan lists all of them, alkconv_migrate raises the first with the count of
// the rest.
struct PlanProblem {
	Code code;
	std::string table, column; // may be empty
	std::string message, hint;
};

struct Plan {
	std::vector<TablePlan> tables; // in the order of loading and locking: by source name, bytewise
	std::vector<ExcludedTable> excluded;
	std::vector<PlanProblem> problems;
};

// Makes the plan. Column and table names are matched exactly, else by case folding, else by snake_case folding
// ("createdDate" = "created_date"); more than one candidate at the same level is a problem (ambiguous_name), never a
// guess. Folding knows ASCII. Tables to be created have no conversions yet: once they exist, the plan is made again
// from the new catalog.
Plan MakePlan(const SourceSchema &source, const TargetSchema &target, const RuleSet &rules, const PlanOptions &options);

// Compiles a table's plan for its reader. Precondition: attnums and target types are filled in.
RowConverter MakeRowConverter(const TablePlan &table);

} // namespace alkconv::core
