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
		const auto *halves =
			pg::own_from<std::pair<core::Probes, core::Probes>>(portion, [=] { return core::Halves(*probes); });
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
	const auto *portions = pg::own_from<std::vector<core::Probes>>(
		proof->context, [proof] { return core::MakeProbes(*proof->questions); });
	Oid user;
	int security;
	GetUserIdAndSecContext(&user, &security);
	SetUserIdAndSecContext(user, security | SECURITY_RESTRICTED_OPERATION);
	for (size_t i = 0; i < portions->size(); ++i)
		ask_in_portions(proof, &(*portions)[i]);
	SetUserIdAndSecContext(user, security); // an ERROR's abort puts it back
}

// One line for all literal defaults of a table that the source told, and one for those that were compared by their text.
void AddLiteral(std::vector<ProvedExpression> &proved, const core::TranslatedExpression &expression, bool told) {
	const std::string name = told ? "literal defaults" : "literal defaults by their text";
	const auto line = std::find_if(proved.rbegin(), proved.rend(),
								   [&](const ProvedExpression &other) { // those of a table follow each other
									   return other.table == expression.target_table && other.name == name;
								   });
	if (line != proved.rend())
		++line->rows;
	else
		proved.push_back(
			{expression.target_table, name, 1, "",
			 told ? ""
				  : "the source tells the defaults of NOT NULL columns of a table with rows only: it was asked what "
					"such columns make of the texts in its catalog"});
}

// Whether nothing is refuted.
bool Judge(const Proof &proof, bool told, core::SourceSchema &schema, std::vector<ProvedExpression> &proved) {
	bool all = true;
	for (size_t q = 0; q < proof.questions->size(); ++q) {
		const core::ExpressionQuestion &question = (*proof.questions)[q];
		const core::TranslatedExpression &expression = *question.expression;
		if (core::IsUntold(question, (*proof.source)[q]))
			continue; // asked once more
		const core::ExpressionVerdict verdict =
			question.why_not.empty() ? core::CompareAnswers(question, (*proof.source)[q], (*proof.target)[q])
									 : core::ExpressionVerdict();
		if (!told && !verdict.difference.empty()) { // a CAST is not quite a column: it may be that alone
			proved.push_back({expression.target_table, expression.name, 0, "by its text " + verdict.difference});
		} else if (!verdict.difference.empty()) {
			core::Refute(schema, expression, verdict.difference);
			all = false;
		} else if (question.why_not.empty() && (!told || expression.place == core::ExpressionPlace::literal_default)) {
			AddLiteral(proved, expression, told);
		} else {
			proved.push_back({expression.target_table, expression.name, verdict.compared, question.why_not});
		}
	}
	return all;
}

// Asks both servers.
Proof prove(MemoryContext context, const Source *source, const std::vector<core::TranslatedExpression> *expressions) {
	mysql::Connection *connection = source->connection();
	core::SourceSchema *schema = source->schema;
	const auto *questions = pg::own_from<Questions>(context, [=] {
		Questions made;
		for (const core::TranslatedExpression &expression : *expressions)
			made.push_back(core::MakeQuestion(*schema, expression));
		return made;
	});
	auto *said = pg::own<core::SampleAnswers>(context);
	pg::await(context, connection, [=] { *said = mysql::AnswerQuestions(*connection, *schema, *questions); });
	auto *target = pg::own_from<core::SampleAnswers>(context, [=] { return core::NoAnswers(*questions); });
	const Proof proof = {context, questions, said, target};
	ask_all_of_postgres(&proof);
	return proof;
}

// The literal defaults that the source has not told.
const std::vector<core::TranslatedExpression> *untold_defaults(MemoryContext context, const Proof *proof,
															   const core::SourceSchema *schema) {
	return pg::own_from<std::vector<core::TranslatedExpression>>(context, [=] {
		std::vector<core::TranslatedExpression> expressions;
		for (size_t q = 0; q < proof->questions->size(); ++q)
			if (core::IsUntold((*proof->questions)[q], (*proof->source)[q]))
				expressions.push_back(core::ByItsText(*schema, *(*proof->questions)[q].expression));
		return expressions;
	});
}

} // namespace

bool prove_expressions(MemoryContext context, const Source *source, const core::Ddl *ddl,
					   std::vector<ProvedExpression> *proved) {
	proved->clear();
	if (ddl->expressions.empty())
		return true;
	MemoryContext proof_context =
		AllocSetContextCreate(context, "alkconv proof of expressions", ALLOCSET_DEFAULT_SIZES);
	core::SourceSchema *schema = source->schema;
	const Proof proof = prove(proof_context, source, &ddl->expressions);
	bool all = pg::edge([&] { return Judge(proof, true, *schema, *proved); });
	const auto *untold = untold_defaults(proof_context, &proof, schema);
	if (!untold->empty()) {
		const Proof by_text = prove(proof_context, source, untold);
		all = pg::edge([&] { return Judge(by_text, false, *schema, *proved); }) && all;
	}
	MemoryContextDelete(proof_context);
	return all;
}

} // namespace alkconv::migrate
