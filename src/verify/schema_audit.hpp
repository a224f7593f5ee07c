// Regime: Postgres (may longjmp, never throws)
//
// The schema that mode `create` has made, compared with the source's: both catalogs are asked anew (core/audit.hpp).
#pragma once

#include "core/audit.hpp"
#include "mysql/connection.hpp"
#include "verify/check_list.hpp"

namespace alkconv::verify {

enum class AuditOf : uint8 {
	// tables that the run has made: whatever differs is a mismatch
	run,
	// that an earlier run has made: what the target lacks or has otherwise is a mismatch, what it has besides a note
	made,
	// that somebody else has made: unique keys, foreign keys and NOT NULL that they lack are a note
	others,
};

// Adds the checks "schema: KIND" of the tables that are to be audited, one for each kind of property that one side has.
// `connection` is free. Precondition: SPI is connected, search_path pinned.
void check_schema(CheckList *list, mysql::Connection *connection, const core::AuditPairs *pairs,
				  const char *source_database, AuditOf of);

} // namespace alkconv::verify
