// Regime: C++ (may throw, never calls Postgres)
//
// What would go wrong, before anything is touched: findings, and the questions that a source answers about its values, all those of one
// table in one query. A question is a condition of MySQL's SQL that holds for the values meant; how many there are, the first of them and its
// key come back. docs/preflight.md lists the checks.
#pragma once

#include "core/ddl.hpp"
#include "core/plan.hpp"
#include "core/preflight_sample.hpp"
#include "core/preflight_ties.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace alkconv::core {

enum class Severity : uint8_t {
	error,	 // the run would fail
	warning, // it would go well, and something is lost or doubtful
	info,
};
const char *SeverityName(Severity severity) noexcept;

// What a suggested rule cannot stand beside, for the same column.
enum class RuleBeside : uint8_t {
	any,
	no_expression,		// it is a transform for the target's type
	no_typed_transform, // it is an expression: neither another one
};

struct Finding {
	Severity severity = Severity::error;
	std::string table, column; // of the source; empty: of everything
	std::string check;
	std::optional<uint64_t> rows;
	bool sampled = false;				  // the two below are those of the first of the rows, by key
	std::string sample_key, sample_value; // the key is empty where no key identifies a row
	std::string remedy;
	std::string rule; // an INSERT INTO alkconv.rule that settles it as it stands; empty: none does
	RuleBeside beside = RuleBeside::any;
};

// Leaves one suggestion of those for a column of which each would spoil the other. Call it with what was found, in its final order.
void DropClashingRules(std::vector<Finding> &findings);

// By severity, table, column, check, and what tells the rest apart.
void SortFindings(std::vector<Finding> &findings);

struct ValueQuestion {
	Finding finding;	   // but for rows and sample
	std::string condition; // true for the values meant
	std::string sample;	   // expression: as much of the value as can be shown
};

// About one table.
struct TableQuestions {
	std::string table;	// of the source
	std::string from;	// quoted
	std::string filter; // the rows that take part; empty: all
	RowKey key;
	std::vector<ValueQuestion> questions;
};

// What suggested rules are for, so that they decide nothing anywhere else.
struct RuleBinding {
	std::string source; // foreign server
	std::string target_schema;
};

// What a question's text depends on.
struct PreflightScope {
	bool mariadb = false;
	RuleBinding binding;
	Ties ties; // what suggested rules may not break
};

// All questions about the values of one table, column by column. `from` is the quoted source table.
TableQuestions AskAboutValues(const SourceTable &source, const TablePlan &table, const std::string &from,
							  const PreflightScope &scope);

// What SQL cannot tell ahead, and what rules settle: without any question.
std::vector<Finding> NotesAboutValues(const TablePlan &table, const PreflightScope &scope);

// One row: whether there is a row for any of the questions. A server that only looks at rows is done sooner than one that also counts them, and most
// tables are clean.
std::string AnyQuery(const TableQuestions &table);
// One row: the number of rows for each question.
std::string CountQuery(const TableQuestions &table);
// One row: a sample for each of these questions, as ReadSample reads it.
std::string SampleQuery(const TableQuestions &table, const std::vector<size_t> &questions);

// Plan problems, own rules that match nothing, what stays behind, and what tables to be created do not get.
std::vector<Finding> FindingsOfPlan(const SourceSchema &source, const Plan &plan, const Ddl &ddl);

} // namespace alkconv::core
