// Regime: Postgres (may longjmp, never throws)
//
// Row counts and digests of one table, computed by each server over its own rows.
#pragma once

#include "core/digest.hpp"
#include "core/rejects.hpp"
#include "mysql/connection.hpp"
#include "verify/check_list.hpp"

namespace alkconv::verify {

struct TablePair {
	mysql::Connection *connection; // on the run's snapshot
	const char *source_database;
	bool mariadb;
	const core::TablePlan *plan;
	const core::TargetTable *target;
	const core::RejectedKeys *rejected; // rows of the source that were kept out; may be null
	const char *target_rows;			// the target's rows that are compared, for FROM; null: all
	bool just_loaded;					// all rows are of this run, and nobody else has had them
};

struct SourceAnswers; // answers.hpp

struct RowCounts {
	uint64 source; // those that were kept out included
	uint64 target;
	uint64 nulls; // rows of the target that break a NOT NULL of it
};

// Adds the checks "rows" and, at level full, "digest" (and "reread NAME" for columns that MySQL cannot render) of a table; a mismatch is
// located: up to 10 keys with both values. Where rows were kept out, "rejected rows" comes first and the others are about the rest. `answers`
// were asked at the same level, `number` is the table's among them. Precondition: SPI is connected, search_path pinned.
RowCounts check_rows(CheckList *list, MemoryContext context, const TablePair *pair, core::VerifyLevel level,
					 SourceAnswers *answers, size_t number);

// Adds the check "generated columns" (and "reread NAME"), by digests: the pair's plan is core::PlanOfGenerated of the table's.
void check_generated(CheckList *list, MemoryContext context, const TablePair *pair, SourceAnswers *answers,
					 size_t number);

} // namespace alkconv::verify
