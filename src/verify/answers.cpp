// Regime: Postgres (may longjmp, never throws)
//
// A list of queries in a thread, and the backend's waits for it.
#include "verify/answers.hpp"

#include "mysql/query_list.hpp"
#include "pg/await.hpp"
#include "verify/comparison.hpp"

#include "pg/regime_pg.hpp"

namespace alkconv::verify {

struct SourceAnswers {
	mysql::QueryList *queries;
};

namespace {

template <class Condition>
void wait_until(mysql::QueryList *queries, Condition condition) {
	while (!condition()) {
		pg::wait_readable(queries->wait_fd());
		queries->acknowledge();
	}
}

} // namespace

SourceAnswers *ask_ahead(MemoryContext context, const TablePair *pairs, size_t count, core::VerifyLevel level) {
	auto *answers = static_cast<SourceAnswers *>(MemoryContextAllocZero(context, sizeof(SourceAnswers)));
	if (count == 0)
		return answers;
	MemoryContext questions_context = AllocSetContextCreate(context, "alkconv questions", ALLOCSET_DEFAULT_SIZES);
	auto *questions = pg::own<std::vector<std::string>>(questions_context);
	for (size_t i = 0; i < count; ++i) {
		const std::string *question = source_question(questions_context, &pairs[i], level);
		pg::edge([&] { questions->push_back(*question); });
	}
	answers->queries = pg::own<mysql::QueryList>(context, *pairs[0].connection, *questions, answer_shape(level));
	MemoryContextDelete(questions_context);
	return answers;
}

const core::TextResult *wait_for_answer(SourceAnswers *answers, size_t table) {
	mysql::QueryList *queries = answers->queries;
	wait_until(queries, [=] { return queries->ready(table); });
	return pg::edge([&]() -> const mysql::TextResult * { return &queries->Take(table); });
}

void wait_for_all(SourceAnswers *answers) {
	mysql::QueryList *queries = answers->queries;
	if (queries != nullptr)
		wait_until(queries, [=] { return queries->ended(); });
}

} // namespace alkconv::verify
