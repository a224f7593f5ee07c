// Regime: C++ (may throw, never calls Postgres)
//
// Two queries a table at most.
#include "mysql/preflight.hpp"

#include <cstdlib>

namespace alkconv::mysql {

namespace {

void AskTable(Connection &connection, const core::TableQuestions &table, std::vector<core::Finding> &findings) {
	const TextResult counts = connection.Query(core::CountQuery(table));
	std::vector<size_t> found;
	for (size_t i = 0; i < table.questions.size(); ++i)
		if (counts.rows.at(0).at(i).value_or("0") != "0")
			found.push_back(i);
	if (found.empty())
		return;
	const TextResult samples = connection.Query(core::SampleQuery(table, found));
	for (size_t n = 0; n < found.size(); ++n) {
		const core::ValueQuestion &question = table.questions[found[n]];
		core::Finding &finding = findings.emplace_back(question.finding);
		finding.rows = std::strtoull(counts.rows.at(0).at(found[n]).value_or("0").c_str(), nullptr, 10);
		core::ReadSample(samples.rows.at(0).at(n), question.form, finding);
	}
}

} // namespace

std::vector<core::Finding> AskPreflight(Connection &connection, const std::vector<core::TableQuestions> &tables) {
	std::vector<core::Finding> findings;
	for (const core::TableQuestions &table : tables) {
		if (table.questions.empty())
			continue;
		try {
			AskTable(connection, table, findings);
		} catch (const core::Error &error) {
			if (error.code() != core::Code::source_error && error.code() != core::Code::source_privilege)
				throw;
			core::Finding &finding = findings.emplace_back();
			finding.table = table.table;
			finding.check = error.code() == core::Code::source_privilege ? "source_privilege" : "question";
			finding.remedy = "The source did not answer about this table: " + error.message() +
							 (error.hint().empty() ? "" : ". " + error.hint());
		}
	}
	return findings;
}

} // namespace alkconv::mysql
