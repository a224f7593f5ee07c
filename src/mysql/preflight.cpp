// Regime: C++ (may throw, never calls Postgres)
//
// Two queries a table at most.
#include "mysql/preflight.hpp"

#include "mysql/grants.hpp"
#include "mysql/sight.hpp"

namespace alkconv::mysql {

namespace {

// All questions in one pass.
void AskAtOnce(Connection &connection, const core::TableQuestions &table, std::vector<core::Finding> &findings) {
	const TextResult counts =
		connection.Query(core::CountQuery(table), {"the values of a table", table.questions.size(), AnswerRows::one});
	std::vector<size_t> found;
	for (size_t i = 0; i < table.questions.size(); ++i)
		if (counts.Number(0, i) > 0)
			found.push_back(i);
	if (found.empty())
		return;
	const TextResult samples = connection.Query(core::SampleQuery(table, found),
												{"samples of a table's values", found.size(), AnswerRows::one});
	for (size_t n = 0; n < found.size(); ++n) {
		core::Finding &finding = findings.emplace_back(table.questions[found[n]].finding);
		finding.rows = counts.Number(0, found[n]);
		core::ReadSample(samples.Get(0, n), finding);
	}
}

// One value at which a function of the server gives up, such as a document that is too deep for it or too long for its regular expressions, fails
// the whole query. Then each question is a query, and those that fail are told. False if all do.
bool AskOneByOne(Connection &connection, const core::TableQuestions &table, std::vector<core::Finding> &found) {
	size_t refused = 0;
	for (const core::ValueQuestion &question : table.questions) {
		core::TableQuestions one = table;
		one.questions = {question};
		try {
			AskAtOnce(connection, one, found);
		} catch (const core::Error &error) {
			if (error.code() != core::Code::source_error)
				throw;
			++refused;
			core::Finding &finding = found.emplace_back(question.finding);
			finding.severity = core::Severity::info;
			finding.check = "not_checked_ahead";
			finding.remedy = "Not known before the run: whether there are values of the check " +
							 question.finding.check + ", because the source does not answer: " + error.message() + ".";
			finding.rule.clear();
		}
	}
	return refused < table.questions.size();
}

void AskTable(Connection &connection, const core::TableQuestions &table, std::vector<core::Finding> &findings) {
	try {
		AskAtOnce(connection, table, findings);
	} catch (const core::Error &error) {
		std::vector<core::Finding> found;
		if (error.code() != core::Code::source_error || !AskOneByOne(connection, table, found))
			throw;
		findings.insert(findings.end(), found.begin(), found.end());
	}
}

void AskKey(Connection &connection, const core::KeyQuestion &question, std::vector<core::Finding> &findings) {
	if (!question.gate.empty() && connection.Query(question.gate, {"a key", 1, AnswerRows::one}).Number(0, 0) == 0)
		return;
	const TextResult result = connection.Query(question.query, {"a key", 2, AnswerRows::one}); // count, sample
	if (result.Number(0, 0) == 0)
		return;
	core::Finding &finding = findings.emplace_back(question.finding);
	finding.rows = result.Number(0, 0);
	core::ReadSample(result.Get(0, 1), finding);
}

void AskGrants(Connection &connection, std::vector<core::Finding> &findings) {
	if (MayHoldWriters(ShowGrants(connection), connection.options().database))
		return;
	core::Finding &finding = findings.emplace_back();
	finding.severity = core::Severity::warning;
	finding.check = "one_reader";
	finding.remedy = "The account may not hold writers off while several connections take one snapshot, so a run reads "
					 "over one connection. "
					 "Grant it LOCK TABLES on the database, or RELOAD.";
}

// A refusal is a finding too: silence would look like an answer.
template <class Ask>
void AskOrSay(const std::string &table, std::vector<core::Finding> &findings, Ask ask) {
	try {
		ask();
	} catch (const core::Error &error) {
		if (error.code() != core::Code::source_error && error.code() != core::Code::source_privilege)
			throw;
		core::Finding &finding = findings.emplace_back();
		finding.table = table;
		finding.check = error.code() == core::Code::source_privilege ? "source_privilege" : "question";
		finding.remedy = "The source did not answer about this table: " + error.message() +
						 (error.hint().empty() ? "." : ". " + error.hint());
	}
}

} // namespace

std::vector<core::Finding> AskPreflight(Connection &connection, const std::vector<core::TableQuestions> &tables,
										const std::vector<core::KeyQuestion> &keys) {
	std::vector<core::Finding> findings;
	AskGrants(connection, findings);
	for (const core::TableQuestions &table : tables)
		if (!table.questions.empty())
			AskOrSay(table.table, findings, [&] { AskTable(connection, table, findings); });
	for (const core::KeyQuestion &key : keys)
		AskOrSay(key.finding.table, findings, [&] { AskKey(connection, key, findings); });
	return findings;
}

} // namespace alkconv::mysql
