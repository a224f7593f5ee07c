// Regime: C++ (may throw, never calls Postgres)
//
// What CHECKs say of a few rows of the audit's own: of those that only compare whole numbers, for which both servers
// have the same words. Of others nothing is asked.
#pragma once

#include "core/answer.hpp"
#include "core/audit.hpp"

#include <string>
#include <vector>

namespace alkconv::core {

// One CHECK of the source and the one of its name in the target. Both queries answer one row a sample, in order:
// whether the CHECK turns it away ("1" or "0", "t" or "f").
struct AuditCheckQuestion {
	size_t check = 0; // in AuditTarget::checks
	std::vector<std::string> samples;
	std::string mysql, postgres;
};

std::vector<AuditCheckQuestion> MakeCheckQuestions(const AuditSource &source, const AuditTarget &target,
												   const AuditPair &pair);

// Notes at the target's CHECK the first sample of which the two say different things.
void SetCheckAnswers(const AuditCheckQuestion &question, const TextRows &source, const TextRows &target,
					 AuditTarget &table);

} // namespace alkconv::core
