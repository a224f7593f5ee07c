// Regime: Postgres (may longjmp, never throws)
//
// The source is asked everything in one go; Postgres portion by portion, each in a subtransaction, since an expression may raise an error.
#include "migrate/expression_proof.hpp"

#include "mysql/expression_answers.hpp"
#include "pg/await.hpp"
#include "pg/guarded.hpp"
#include "pg/owned.hpp"
#include "pg/spi.hpp"

#include <algorithm>

extern "C" {
#include "miscadmin.h"
}

#include "pg/regime_pg.hpp"

namespace alkconv::migrate {

namespace {

using Questions = std::vector<core::ExpressionQuestion>;

struct Proof {
	MemoryContext context;
	const Questions *questions;
	const core::SampleAnswers *source;
	core::SampleAnswers *target;
};

struct Asked {
	const Proof *proof;
	const core::Probes *probes;
};

void ask_postgres(void *argument) {
	const auto *asked = static_cast<const Asked *>(argument);
	const Proof *proof = asked->proof;
	const core::Probes *probes = asked->probes;
	const auto *sql = pg::own_from<std::string>(
		CurrentMemoryContext, [=] { return core::PostgresSampleQuery(*proof->questions, *proof->source, *probes); });
	const uint64 rows = pg::sql_run(sql->c_str());
	for (uint64 row = 0; row < rows; ++row) {
		CHECK_FOR_INTERRUPTS();
		const char *fields[4];
		for (int i = 0; i < 4; ++i)
			fields[i] = pg::sql_text(row, i);
		pg::edge([&] {
			core::TextRows one(1);
			for (const char *field : fields)
				one[0].push_back(field == nullptr ? std::nullopt : std::optional<std::string>(field));
			core::TakeAnswers(one, *proof->target);
		});
	}
}

// Where a query raises an error its halves are asked, down to the row that is the cause.
void ask_in_portions(const Proof *proof, const core::Probes *probes) {
	CHECK_FOR_INTERRUPTS();
	check_stack_depth();
	MemoryContext portion = AllocSetContextCreate(proof->context, "alkconv synthetic rows", ALLOCSET_DEFAULT_SIZES);
	const MemoryContext caller = MemoryContextSwitchTo(portion);
	Asked asked = {proof, probes};
	const ErrorData *error = pg::run_guarded_sql(ask_postgres, &asked);
	if (error != nullptr && pg::edge([=] { return core::CanBeHalved(*probes); })) {
		const auto *halves = pg::own_from<std::pair<core::Probes, core::Probes>>(portion, [=] { return core::Halves(*probes); });
		ask_in_portions(proof, &halves->first);
		ask_in_portions(proof, &halves->second);
	} else if (error != nullptr) {
		const char *message = error->message;
		pg::edge([=] { core::TakeError(*probes, message, *proof->target); });
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(portion);
}

void ask_all_of_postgres(const Proof *proof) {
	const auto *portions =
		pg::own_from<std::vector<core::Probes>>(proof->context, [proof] { return core::MakeProbes(*proof->questions); });
	Oid user;
	int security;
	GetUserIdAndSecContext(&user, &security);
	SetUserIdAndSecContext(user, security | SECURITY_RESTRICTED_OPERATION);
	for (size_t i = 0; i < portions->size(); ++i)
		ask_in_portions(proof, &(*portions)[i]);
	SetUserIdAndSecContext(user, security); // an ERROR's abort puts it back
}

// One line for all literal defaults of a table that the source told, and one for those that it did not.
void AddLiteral(std::vector<ProvedExpression> &proved, const core::TranslatedExpression &expression, bool told) {
	const std::string name = told ? "literal defaults" : "literal defaults not told";
	const auto line = std::find_if(proved.begin(), proved.end(), [&](const ProvedExpression &other) {
		return other.table == expression.target_table && other.name == name;
	});
	if (line != proved.end())
		++line->rows;
	else
		proved.push_back({expression.target_table, name, 1,
						  told ? "" : "the source tells the defaults of NOT NULL columns of a table with rows only"});
}

// Whether nothing is refuted.
bool Judge(const Proof &proof, core::SourceSchema &schema, std::vector<ProvedExpression> &proved) {
	bool all = true;
	proved.clear();
	for (size_t q = 0; q < proof.questions->size(); ++q) {
		const core::ExpressionQuestion &question = (*proof.questions)[q];
		const core::TranslatedExpression &expression = *question.expression;
		const core::ExpressionVerdict verdict =
			question.why_not.empty() ? core::CompareAnswers(question, (*proof.source)[q], (*proof.target)[q])
									 : core::ExpressionVerdict();
		if (!verdict.difference.empty()) {
			core::Refute(schema, expression, verdict.difference);
			all = false;
		} else if (expression.place == core::ExpressionPlace::literal_default && question.why_not.empty()) {
			AddLiteral(proved, expression, verdict.compared > 0);
		} else {
			proved.push_back({expression.target_table, expression.name, verdict.compared, question.why_not});
		}
	}
	return all;
}

} // namespace

bool prove_expressions(MemoryContext context, const Source *source, const core::Ddl *ddl,
					   std::vector<ProvedExpression> *proved) {
	if (ddl->expressions.empty())
		return true;
	mysql::Connection *connection = source->connection();
	MemoryContext proof_context = AllocSetContextCreate(context, "alkconv proof of expressions", ALLOCSET_DEFAULT_SIZES);
	core::SourceSchema *schema = source->schema;
	const auto *questions = pg::own_from<Questions>(proof_context, [=] {
		Questions made;
		for (const core::TranslatedExpression &expression : ddl->expressions)
			made.push_back(core::MakeQuestion(*schema, expression));
		return made;
	});
	auto *said = pg::own<core::SampleAnswers>(proof_context);
	pg::await(proof_context, connection,
			  [=] { *said = mysql::AnswerQuestions(*connection, *schema, *questions); });
	auto *target = pg::own_from<core::SampleAnswers>(proof_context, [=] { return core::NoAnswers(*questions); });
	const Proof proof = {proof_context, questions, said, target};
	ask_all_of_postgres(&proof);
	const bool all = pg::edge([&] { return Judge(proof, *schema, *proved); });
	MemoryContextDelete(proof_context);
	return all;
}

} // namespace alkconv::migrate
