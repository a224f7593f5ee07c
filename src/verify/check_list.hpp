// Regime: Postgres (may longjmp, never throws)
//
// What verification found: one entry per table and check, in a fixed order, for alkconv_verify, the run record and the verdict.
#pragma once

#include "pg/postgres.hpp"

extern "C" {
#include "nodes/pg_list.h"
}

namespace alkconv::verify {

// note: nothing was compared, something is to be known. rejected: equal but for rows that were kept out. left_out: a column or table of which
// nothing was copied, so that nothing is proved.
enum class Verdict : uint8 { ok, mismatch, note, rejected, left_out };

struct Check {
	const char *table;
	const char *check;		  // "rows", "digest", "foreign key ...", ...
	const char *source_value; // may be null
	const char *target_value; // may be null
	Verdict verdict;
	const char *note; // may be null; for a mismatch: where it is
};

struct CheckList {
	MemoryContext context; // holds the entries and their texts
	List *checks;		   // of Check *
	int read_again;		   // columns that were proved by reading their values again
	int converted_again;   // those of them that the converter had to convert again
};

// Copies the texts into the list's context and appends.
void add_check(CheckList *list, const char *table, const char *check, const char *source_value,
			   const char *target_value, Verdict verdict, const char *note);

// Appends what `more` holds; both share a context.
void append_checks(CheckList *list, const CheckList *more);

// By table, as alkconv_report gives them; the checks of one table keep their order.
void order_by_table(CheckList *list);

const char *verdict_name(Verdict verdict);

// How many entries compare something, or say why nothing had to be: all but those left out.
int checks_made(const CheckList *list);

// The first mismatch, or nullptr; `count` receives how many there are.
const Check *first_mismatch(const CheckList *list, int *count);

} // namespace alkconv::verify
