// Regime: C++ (may throw, never calls Postgres)
//
// MIN over a predicate is NULL without values, 0 when one value fails it, 1 otherwise. Of many tables a statement each would be spent on the way
// there and back.
#include "mysql/facts.hpp"

#include "mysql/fact_sql.hpp"
#include "mysql/sql.hpp"

#include <algorithm>

namespace alkconv::mysql {

namespace {

using core::Evidence;
using core::FactAnswer;
using core::FactKind;

struct Question {
	FactAnswer answer;
	std::string predicate;
};

std::vector<Question> QuestionsOf(const core::SourceSchema &schema, size_t t) {
	std::vector<Question> questions;
	const core::SourceTable &table = schema.tables[t];
	for (size_t c = 0; c < table.columns.size(); ++c) {
		FactKind kind;
		if (core::HasQuestion(table, c, kind))
			questions.push_back({{t, c, kind, Evidence::none},
								 FactPredicate(kind, table.columns[c].type, QuoteIdentifier(table.columns[c].name))});
	}
	return questions;
}

// The questions about one table.
using TableQuestions = std::vector<Question>;

constexpr size_t kTablesAtATime = 50;

// One row: the number of the table within its statement, and an answer to each question, up to the width that all of them have.
std::string Selection(const core::SourceSchema &schema, const TableQuestions &questions, size_t number, size_t width) {
	std::string sql = "SELECT " + std::to_string(number);
	for (size_t i = 0; i < width; ++i)
		sql += i < questions.size() ? ", MIN(" + questions[i].predicate + ")" : std::string(", NULL");
	return sql + " FROM " + QualifiedTable(schema.database, schema.tables[questions[0].answer.table].name);
}

Evidence EvidenceOf(const TextResult &result, size_t row, size_t column) {
	if (!result.Get(row, column))
		return Evidence::none;
	return result.Number(row, column) == 1 ? Evidence::all : Evidence::not_all;
}

void Ask(Connection &connection, const core::SourceSchema &schema, const std::vector<TableQuestions *> &tables) {
	size_t width = 0;
	for (const TableQuestions *questions : tables)
		width = std::max(width, questions->size());
	std::string sql;
	for (size_t n = 0; n < tables.size(); ++n)
		sql += (n == 0 ? "" : " UNION ALL ") + Selection(schema, *tables[n], n, width);
	constexpr const char *kAbout = "what a table's values are like";
	const TextResult result = connection.Query(sql, {kAbout, 1 + width, AnswerRows::any});
	std::vector<bool> answered(tables.size(), false);
	for (size_t row = 0; row < result.rows.size(); ++row) {
		const uint64_t n = result.Number(row, 0);
		if (n >= tables.size() || answered[n])
			throw core::UnexpectedAnswer(kAbout, "it names a table that was not asked for");
		answered[n] = true;
		for (size_t i = 0; i < tables[n]->size(); ++i)
			(*tables[n])[i].answer.evidence = EvidenceOf(result, row, 1 + i);
	}
	if (result.rows.size() < tables.size())
		throw core::UnexpectedAnswer(kAbout, "a table is missing");
}

} // namespace

void ReadFacts(Connection &connection, core::SourceSchema &schema, const std::vector<size_t> &tables,
			   const std::vector<core::FactAnswer> &parents) {
	std::vector<TableQuestions> all;
	for (size_t t = 0; t < schema.tables.size(); ++t)
		all.push_back(QuestionsOf(schema, t));
	std::vector<TableQuestions *> together;
	for (const size_t t : tables)
		if (!all[t].empty()) {
			together.push_back(&all[t]);
			if (together.size() == kTablesAtATime) {
				Ask(connection, schema, together);
				together.clear();
			}
		}
	if (!together.empty())
		Ask(connection, schema, together);
	std::vector<FactAnswer> answers;
	for (const TableQuestions &questions : all)
		for (const Question &question : questions)
			answers.push_back(question.answer);
	core::ShareFacts(schema, answers, parents);
}

} // namespace alkconv::mysql
