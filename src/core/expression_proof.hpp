// Regime: C++ (may throw, never calls Postgres)
//
// The proof of translated expressions: the source computes its own text of an expression over synthetic rows, Postgres the translation over
// the same rows, and both render the result as the digests render the column that gets it. Nothing is written on either side. What a
// table's own rows cannot show is found so before the expression stands in a table.
#pragma once

#include "core/catalog.hpp"
#include "core/difference.hpp"
#include "core/expression_samples.hpp"
#include "core/plan.hpp"

#include <string>
#include <utility>
#include <vector>

namespace alkconv::core {

// Where a translation is used.
enum class ExpressionPlace : uint8_t { generated, literal_default, expression_default, check, index_part };

struct TranslatedExpression {
	ExpressionPlace place = ExpressionPlace::generated;
	size_t table = 0;  // position in SourceSchema::tables
	size_t object = 0; // of the column, check or key in it
	size_t part = 0;   // of the key
	std::string target_table;
	std::string name;	// of the check in the report, for instance "expression of alive"
	std::string source; // as the catalog spells it; of a literal default empty
	std::string target;
	ColumnPlan column; // which gets the value: its types and policy
	ExpressionScope scope;
	bool moment = false;   // a clock's or a random value: another one at other times
	bool constant = false; // `source` is a literal as the source's SQL has it, and no catalog's spelling
};

// What is asked about one of them.
struct ExpressionQuestion {
	const TranslatedExpression *expression = nullptr;
	SampleRows samples;
	std::string why_not;   // it cannot be asked: the reason; the rest is empty
	std::string mysql;	   // the value as the source's column would hold it, over the samples' columns
	std::string fits;	   // whether the source would store it; empty: always
	std::string rendering; // of `alkconv_value`
	std::string postgres;  // likewise
	std::string postgres_rendering;
	bool json = false; // the source's document is the one that Postgres reads in the source's text
};

ExpressionQuestion MakeQuestion(const SourceSchema &schema, const TranslatedExpression &expression);

// Some of the rows of one question.
struct Probe {
	size_t question, first, count;
};
using Probes = std::vector<Probe>; // never empty

// All rows of all questions that can be asked, in portions of which each is one query.
std::vector<Probes> MakeProbes(const std::vector<ExpressionQuestion> &questions);
// Whether a query that fails can be asked in two, and what these are.
bool CanBeHalved(const Probes &probes) noexcept;
std::pair<Probes, Probes> Halves(const Probes &probes);

// What one side says of one row.
struct SampleAnswer {
	bool known = false; // false: it raised an error, or would not store the value
	Sample value;
	std::string error;
};
using SampleAnswers = std::vector<std::vector<SampleAnswer>>; // by question and row

// Room for the answers to all questions.
SampleAnswers NoAnswers(const std::vector<ExpressionQuestion> &questions);

// One row for each sample row: question, ordinal, whether the source would store the value (1, 0), the value.
std::string MysqlSampleQuery(const std::vector<ExpressionQuestion> &questions, const SourceSchema &schema,
							 const Probes &probes);
// Likewise. Of documents it says what the source said, where they are the same.
std::string PostgresSampleQuery(const std::vector<ExpressionQuestion> &questions, const SampleAnswers &source,
								const Probes &probes);
// Takes the rows of either query, or the error that took their place.
void TakeAnswers(const TextRows &rows, SampleAnswers &answers);
void TakeError(const Probes &probes, const std::string &error, SampleAnswers &answers);

// Whether the source has told a literal default: DEFAULT() of a NOT NULL column is NULL where the table has no row.
bool IsUntold(const ExpressionQuestion &question, const std::vector<SampleAnswer> &source);
// Such a default as an expression of its own: the literal of the source's catalog, as the column would hold it.
TranslatedExpression ByItsText(const SourceSchema &schema, const TranslatedExpression &literal);

struct ExpressionVerdict {
	size_t compared = 0;
	std::string difference; // in words: the row, and what either side makes of it; empty: there is none
};

// Rows that the source refuses say nothing. Precondition: an answer of either side for each sample row.
ExpressionVerdict CompareAnswers(const ExpressionQuestion &question, const std::vector<SampleAnswer> &source,
								 const std::vector<SampleAnswer> &target);

// Remembers in the schema that this translation is not to be used, so that the next plan does without.
void Refute(SourceSchema &schema, const TranslatedExpression &expression, const std::string &difference);

} // namespace alkconv::core
