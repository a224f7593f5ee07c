// Regime: Postgres (may longjmp, never throws)
//
// Rows that a run keeps out because a value does not convert: each is written to alkconv.reject as it is met, as the table's owner, so that what
// was kept out is never only in memory; their keys stay at hand for the proof.
#pragma once

#include "core/rejects.hpp"
#include "pg/datum.hpp"

namespace alkconv::load {

extern int reject_limit; // the setting alkconv.reject_limit: one row more is an ERROR; 0: none is

struct RejectLog {
	const char *run; // id, as text
	MemoryContext context;
	MemoryContext row_context;
	Oid table;				  // alkconv.reject
	uint64 rows;			  // so far
	core::RejectedKeys *keys; // by position in the plan
};

// `tables` of the plan. Allocates in `context`. Precondition: SPI is connected.
RejectLog *open_reject_log(MemoryContext context, const char *run, size_t tables);

// Writes one row; `number` is the table's position in the plan. Raises SQLSTATE 22000 beyond the limit.
void log_reject(RejectLog *log, const core::TablePlan *plan, size_t number, const core::RejectedRow *row);
// Of a row whose value or constraint the server itself refuses: the row at which `position` stands, with the server's own words.
void log_refusal(RejectLog *log, const core::TablePlan *plan, size_t number, const pg::ConversionPosition *position,
				 const ErrorData *error);
// Of a row that refers to one that was kept out: `key` as RejectedRow::key.
void log_orphan(RejectLog *log, const core::TablePlan *plan, size_t number, const std::vector<std::string> *key,
				const char *column, const char *message);

// What a load needs to know to keep rows out; null where the first bad value ends the run.
struct Rejecting {
	RejectLog *log;
	size_t number; // of the table, in the plan
};

// Those that the batch's reader kept out.
void log_rejects(const Rejecting *rejecting, const core::TablePlan *plan, const core::RowBatch *batch);

} // namespace alkconv::load
