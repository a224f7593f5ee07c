// Regime: Postgres (may longjmp, never throws)
//
// One table's comparison: what its files share. Texts of both servers come as core::TextRows, owned by the comparison's context.
#pragma once

#include "core/difference.hpp"
#include "verify/rows.hpp"

namespace alkconv::verify {

struct Comparison {
	MemoryContext context;
	const TablePair *pair;
	const core::TableProof *proof;
	const std::string *source_from; // `database`.`table`, or what rules make of its rows
	const std::string *target_from; // ONLY "schema"."table"; of a partitioned table without ONLY
	const std::string *violation;	// of NOT NULL: what to count along with the target's rows; may be empty
	const std::string *malformed;	// of the form in which values are stored: the same
	SourceAnswers *answers;			// what was asked ahead; it has the connection until all is answered
	bool asked_ahead;				// about this table as it is compared now
};

// The query that is asked ahead about a table: its count, at level full its digest. Owned by `context`.
const std::string *source_question(MemoryContext context, const TablePair *pair, core::VerifyLevel level);

// The shape of its answer.
constexpr core::AnswerShape answer_shape(core::VerifyLevel level) {
	return level == core::VerifyLevel::full
			   ? core::AnswerShape{"the digest of a table", core::kDigestColumns, core::AnswerRows::one}
			   : core::AnswerShape{"the row count of a table", 1, core::AnswerRows::one};
}

// Up to this many differing keys are shown.
constexpr size_t kShownKeys = 10;
// Up to this many buckets are searched for them.
constexpr size_t kSearchedBuckets = 16;

// What the source says to a query on its snapshot.
const core::TextResult *source_rows(const Comparison *comparison, const std::string *sql, core::AnswerShape shape);
// The rows of the target's last answer, of which there are so many.
core::TextRows *rows_of_answer(MemoryContext context, uint64 count);
// The rows of a query on the target.
core::TextRows *target_rows(const Comparison *comparison, const std::string *sql);

// Where the digests of a table differ, as one text: up to 10 keys with the values of both sides.
const char *locate_difference(const Comparison *comparison);

// Reads the columns that SQL alone cannot compare again and adds the check "reread".
void check_reread(CheckList *list, const Comparison *comparison);

} // namespace alkconv::verify
