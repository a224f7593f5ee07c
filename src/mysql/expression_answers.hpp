// Regime: C++ (may throw, never calls Postgres)
//
// Asks the source what its expressions make of synthetic rows (core/expression_proof.hpp). It reads nothing but the catalog's defaults.
#pragma once

#include "core/expression_proof.hpp"
#include "mysql/connection.hpp"

#include <vector>

namespace alkconv::mysql {

// A row for which the source raises an error has that in its answer.
core::SampleAnswers AnswerQuestions(Connection &connection, const core::SourceSchema &schema,
									const std::vector<core::ExpressionQuestion> &questions);

} // namespace alkconv::mysql
