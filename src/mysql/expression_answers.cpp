// Regime: C++ (may throw, never calls Postgres)
//
// Where a query fails its halves are asked, down to the row that is the cause.
#include "mysql/expression_answers.hpp"

namespace alkconv::mysql {

namespace {

class Asker {
public:
	Asker(Connection &connection, const core::SourceSchema &schema,
		  const std::vector<core::ExpressionQuestion> &questions)
		: connection_(connection), schema_(schema), questions_(questions), answers_(core::NoAnswers(questions)) {}

	core::SampleAnswers Run() {
		for (const core::Probes &probes : core::MakeProbes(questions_))
			Ask(probes);
		return std::move(answers_);
	}

private:
	Connection &connection_;
	const core::SourceSchema &schema_;
	const std::vector<core::ExpressionQuestion> &questions_;
	core::SampleAnswers answers_;

	void Ask(const core::Probes &probes) {
		try {
			core::TakeAnswers(connection_
								  .Query(core::MysqlSampleQuery(questions_, schema_, probes),
										 {"the values of expressions", 4, core::AnswerRows::any})
								  .rows,
							  answers_);
			return;
		} catch (const core::Error &error) {
			if (error.code() != core::Code::source_error)
				throw;
			if (!core::CanBeHalved(probes)) {
				core::TakeError(probes, error.message(), answers_);
				return;
			}
		}
		const auto [one, other] = core::Halves(probes);
		Ask(one);
		Ask(other);
	}
};

} // namespace

core::SampleAnswers AnswerQuestions(Connection &connection, const core::SourceSchema &schema,
									const std::vector<core::ExpressionQuestion> &questions) {
	return Asker(connection, schema, questions).Run();
}

} // namespace alkconv::mysql
