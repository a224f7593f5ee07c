// Regime: Postgres (may longjmp, never throws)
//
// Translated expressions over synthetic rows, on both servers (core/expression_proof.hpp).
#pragma once

#include "core/ddl.hpp"
#include "migrate/source.hpp"

#include <string>
#include <vector>

namespace alkconv::migrate {

// A translation that stays, for the report.
struct ProvedExpression {
	std::string table; // of the target
	std::string name;
	size_t rows;		 // compared; of literal defaults: columns
	std::string why_not; // nothing was compared: the reason
	std::string how{};	 // it was compared otherwise than others
};

// Fills in `proved` and returns true when all expressions of these statements give what the source's give. Otherwise those that do not are
// refuted in the source's schema, and the caller plans again. Nothing is written on either side; what Postgres computes are functions, types
// and operators of pg_catalog, in a restricted operation. Precondition: SPI is connected, search_path pinned.
bool prove_expressions(MemoryContext context, const Source *source, const core::Ddl *ddl,
					   std::vector<ProvedExpression> *proved);

} // namespace alkconv::migrate
