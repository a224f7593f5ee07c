// Regime: C++ (may throw, never calls Postgres)
//
// MIN over a predicate is NULL without values, 0 when one value fails it, 1 otherwise.
#include "mysql/facts.hpp"

#include "mysql/fact_sql.hpp"
#include "mysql/sql.hpp"

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

void Ask(Connection &connection, const core::SourceSchema &schema, size_t t, std::vector<Question> &questions) {
	std::string sql;
	for (const Question &question : questions)
		sql += (sql.empty() ? "SELECT MIN(" : ", MIN(") + question.predicate + ")";
	const TextResult result = connection.Query(sql + " FROM " + QualifiedTable(schema.database, schema.tables[t].name),
											   {"what a table's values are like", questions.size(), AnswerRows::one});
	for (size_t i = 0; i < questions.size(); ++i) {
		questions[i].answer.evidence = !result.Get(0, i)		  ? Evidence::none
									   : result.Number(0, i) == 1 ? Evidence::all
																  : Evidence::not_all;
	}
}

} // namespace

void ReadFacts(Connection &connection, core::SourceSchema &schema, const std::vector<size_t> &tables,
			   const std::vector<core::FactAnswer> &parents) {
	std::vector<FactAnswer> answers;
	std::vector<bool> asked(schema.tables.size(), false);
	for (const size_t t : tables)
		asked[t] = true;
	for (size_t t = 0; t < schema.tables.size(); ++t) {
		std::vector<Question> questions = QuestionsOf(schema, t);
		if (asked[t] && !questions.empty())
			Ask(connection, schema, t, questions);
		for (const Question &question : questions)
			answers.push_back(question.answer);
	}
	core::ShareFacts(schema, answers, parents);
}

} // namespace alkconv::mysql
