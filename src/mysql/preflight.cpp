// Regime: C++ (may throw, never calls Postgres)
//
// Whether there is anything to count first; then the counts; then samples, of the tables where something was found.
#include "mysql/preflight.hpp"

#include "mysql/grants.hpp"
#include "mysql/key_ranges.hpp"
#include "mysql/key_set.hpp"
#include "mysql/side_by_side.hpp"
#include "mysql/sight.hpp"
#include "mysql/sql.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace alkconv::mysql {

namespace {

using Findings = std::vector<core::Finding>;
using Counts = std::vector<uint64_t>;

Counts CountAll(Connection &connection, const core::TableQuestions &table) {
	const TextResult any = connection.Query(core::AnyQuery(table), {"the values of a table", 1, AnswerRows::one});
	if (any.Number(0, 0) == 0)
		return Counts(table.questions.size());
	const TextResult result =
		connection.Query(core::CountQuery(table), {"the values of a table", table.questions.size(), AnswerRows::one});
	Counts counts;
	for (size_t i = 0; i < table.questions.size(); ++i)
		counts.push_back(result.Number(0, i));
	return counts;
}

// What was found, with its first rows: a second pass over the table, if need be.
void Sample(Connection &connection, const core::TableQuestions &table, const Counts &counts, Findings &findings) {
	std::vector<size_t> found;
	for (size_t i = 0; i < counts.size(); ++i)
		if (counts[i] > 0)
			found.push_back(i);
	if (found.empty())
		return;
	const TextResult samples = connection.Query(core::SampleQuery(table, found),
												{"samples of a table's values", found.size(), AnswerRows::one});
	for (size_t n = 0; n < found.size(); ++n) {
		core::Finding &finding = findings.emplace_back(table.questions[found[n]].finding);
		finding.rows = counts[found[n]];
		core::ReadSample(samples.Get(0, n), finding);
	}
}

// One value at which a function of the server gives up, such as a document that is too deep for it or too long for its regular expressions, fails
// the whole query. Then each question is a query, and those that fail are told. False if all do.
bool AskOneByOne(Connection &connection, const core::TableQuestions &table, Findings &found) {
	size_t refused = 0;
	for (const core::ValueQuestion &question : table.questions) {
		core::TableQuestions one = table;
		one.questions = {question};
		try {
			Sample(connection, one, CountAll(connection, one), found);
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

void AskKey(Connection &connection, const core::KeyQuestion &question, Findings &findings) {
	const TextResult result = connection.Query(question.query, {"a key", 2, AnswerRows::one}); // count, sample
	if (result.Number(0, 0) == 0)
		return;
	core::Finding &finding = findings.emplace_back(question.finding);
	finding.rows = result.Number(0, 0);
	core::ReadSample(result.Get(0, 1), finding);
}

void AskGrants(Connection &connection, Findings &findings) {
	if (MayHoldWriters(ShowGrants(connection), connection.options().database))
		return;
	core::Finding &finding = findings.emplace_back();
	finding.severity = core::Severity::warning;
	finding.check = "one_reader";
	finding.remedy = "The account may not hold writers off while several connections take one snapshot, so a run reads "
					 "over one connection. "
					 "Grant it LOCK TABLES on the database, or RELOAD.";
}

bool IsRefusal(const core::Error &error) noexcept {
	return error.code() == core::Code::source_error || error.code() == core::Code::source_privilege;
}

// A refusal is a finding too: silence would look like an answer.
template <class Ask>
void AskOrSay(const std::string &table, Findings &findings, Ask ask) {
	try {
		ask();
	} catch (const core::Error &error) {
		if (!IsRefusal(error))
			throw;
		core::Finding &finding = findings.emplace_back();
		finding.table = table;
		finding.check = error.code() == core::Code::source_privilege ? "source_privilege" : "question";
		finding.remedy = "The source did not answer about this table: " + error.message() +
						 (error.hint().empty() ? "." : ". " + error.hint());
	}
}

// Questions that follow each other and have one gate, such as those about one foreign key: it is the longer part, so it is asked once.
struct KeyGroup {
	size_t first, end;
};

std::vector<KeyGroup> GroupsOf(const std::vector<core::KeyQuestion> &questions) {
	std::vector<KeyGroup> groups;
	for (size_t i = 0; i < questions.size(); ++i)
		if (groups.empty() || questions[i].gate.empty() || questions[i].gate != questions[groups.back().first].gate)
			groups.push_back({i, i + 1});
		else
			groups.back().end = i + 1;
	return groups;
}

// `findings` of each question.
void AskKeys(Connection &connection, const std::vector<core::KeyQuestion> &questions, const KeyGroup &group,
			 std::vector<Findings> &findings) {
	const core::KeyQuestion &first = questions[group.first];
	bool open = first.gate.empty();
	if (!open)
		AskOrSay(first.finding.table, findings[group.first],
				 [&] { open = connection.Query(first.gate, {"a key", 1, AnswerRows::one}).Number(0, 0) != 0; });
	for (size_t i = group.first; open && i < group.end; ++i)
		AskOrSay(questions[i].finding.table, findings[i], [&] { AskKey(connection, questions[i], findings[i]); });
}

// Groups whose children look for the same parents, whose keys are read once for all of them; and each of the others by itself.
using KeyWork = std::vector<KeyGroup>;

std::vector<KeyWork> KeyWorksOf(const std::vector<core::KeyQuestion> &questions) {
	std::vector<KeyWork> works;
	std::map<std::string, size_t> by_parents;
	for (const KeyGroup &group : GroupsOf(questions)) {
		const core::KeyQuestion &question = questions[group.first];
		const bool together = !question.parent_keys.empty() && question.parents <= KeySet::kMostRows;
		const size_t own = works.size();
		const size_t work = together ? by_parents.emplace(question.parent_keys, own).first->second : own;
		if (work == own)
			works.emplace_back();
		works[work].push_back(group);
	}
	return works;
}

// What is refused here the gate says.
template <class Ask>
bool IsAnswered(Ask ask) {
	try {
		return ask();
	} catch (const core::Error &error) {
		if (!IsRefusal(error))
			throw;
		return false;
	}
}

void AskKeyWork(Connection &connection, const std::vector<core::KeyQuestion> &questions, const KeyWork &work,
				std::vector<Findings> &findings) {
	const core::KeyQuestion &first = questions[work.front().first];
	KeySet parents;
	const bool known = !first.parent_keys.empty() && first.parents <= KeySet::kMostRows &&
					   IsAnswered([&] { return parents.Read(connection, first.parent_keys); });
	for (const KeyGroup &group : work) {
		const std::string &children = questions[group.first].child_keys;
		if (!known || !IsAnswered([&] { return parents.HasAll(connection, children); }))
			AskKeys(connection, questions, group, findings);
	}
}

// A table below this is one question.
constexpr uint64_t kLargeTable = uint64_t{16} << 20;
constexpr uint64_t kPartsForEach = 3; // of a large table, for each connection, so that they end at about the same time

// A table, the ranges that are asked about by themselves, and what they answered.
struct TableWork {
	const core::TableQuestions *questions = nullptr;
	std::vector<core::TableQuestions> parts;
	std::vector<Counts> counts;
	std::optional<core::Error> refusal; // of any part
	Findings found;
};

std::vector<core::TableQuestions> PartsOf(Connection &connection, const PreflightWork &work,
										  const core::TableQuestions &questions, size_t connections) {
	const auto table = std::find_if(work.schema->tables.begin(), work.schema->tables.end(),
									[&](const core::SourceTable &t) { return t.name == questions.table; });
	if (connections < 2 || table == work.schema->tables.end() || table->data_bytes < kLargeTable)
		return {questions};
	const KeyRanges ranges =
		CutTable(connection, work.database, *table, table->data_bytes / (kPartsForEach * connections));
	std::vector<core::TableQuestions> parts;
	for (const std::string &condition : ranges.conditions) {
		core::TableQuestions &part = parts.emplace_back(questions);
		if (condition.empty())
			continue;
		part.from += " FORCE INDEX (" + QuoteIdentifier(ranges.index) + ")";
		part.filter = part.filter.empty() ? condition : "(" + condition + ") AND " + part.filter;
	}
	return parts;
}

// The work of one AskPreflight call.
class Inquiry {
public:
	Inquiry(Connection &connection, Interrupter &interrupter, const PreflightWork &work)
		: connection_(connection), connections_(connection, work.connections, interrupter), work_(work) {}

	Findings Ask() {
		for (const core::TableQuestions &questions : work_.tables)
			if (!questions.questions.empty())
				AddTable(questions);
		Count();
		connections_.Run(tables_.size(), [&](Connection &connection, size_t n) { Conclude(connection, tables_[n]); });
		Findings findings;
		for (const TableWork &table : tables_)
			findings.insert(findings.end(), table.found.begin(), table.found.end());
		for (const Findings &found : of_keys_)
			findings.insert(findings.end(), found.begin(), found.end());
		return findings;
	}

private:
	Connection &connection_;
	SideBySide connections_;
	const PreflightWork &work_;
	std::vector<TableWork> tables_;
	std::vector<Findings> of_keys_;

	void AddTable(const core::TableQuestions &questions) {
		TableWork &table = tables_.emplace_back();
		table.questions = &questions;
		table.parts = {questions};
		AskOrSay(questions.table, table.found,
				 [&] { table.parts = PartsOf(connection_, work_, questions, connections_.size()); });
		if (!table.found.empty())
			table.parts.clear(); // it is told already
		table.counts.resize(table.parts.size());
	}

	// The keys first: a question about them is one query, and may be the longest of all.
	void Count() {
		std::vector<std::pair<size_t, size_t>> parts;
		for (size_t t = 0; t < tables_.size(); ++t)
			for (size_t p = 0; p < tables_[t].parts.size(); ++p)
				parts.emplace_back(t, p);
		const std::vector<KeyWork> keys = KeyWorksOf(work_.keys);
		of_keys_.resize(work_.keys.size());
		std::mutex refusals;
		connections_.Run(keys.size() + parts.size(), [&](Connection &connection, size_t n) {
			if (n < keys.size())
				return AskKeyWork(connection, work_.keys, keys[n], of_keys_);
			const auto [t, p] = parts[n - keys.size()];
			TableWork &table = tables_[t];
			try {
				table.counts[p] = CountAll(connection, table.parts[p]);
			} catch (const core::Error &error) {
				if (!IsRefusal(error))
					throw;
				const std::lock_guard<std::mutex> lock(refusals);
				if (!table.refusal)
					table.refusal = error;
			}
		});
	}

	static void Conclude(Connection &connection, TableWork &table) {
		AskOrSay(table.questions->table, table.found, [&] {
			if (table.refusal && table.refusal->code() == core::Code::source_error) {
				Findings found;
				if (!AskOneByOne(connection, *table.questions, found))
					throw *table.refusal;
				table.found = std::move(found);
				return;
			}
			if (table.refusal)
				throw *table.refusal;
			Counts total(table.questions->questions.size());
			for (const Counts &counts : table.counts)
				for (size_t i = 0; i < counts.size(); ++i)
					total[i] += counts[i];
			Sample(connection, *table.questions, total, table.found);
		});
	}
};

} // namespace

Findings AskPreflight(Connection &connection, Interrupter &interrupter, const PreflightWork &work) {
	Findings findings;
	AskGrants(connection, findings);
	const Findings answers = Inquiry(connection, interrupter, work).Ask();
	findings.insert(findings.end(), answers.begin(), answers.end());
	return findings;
}

} // namespace alkconv::mysql
