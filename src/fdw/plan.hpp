// Regime: Postgres (may longjmp, never throws)
//
// What planning hands to execution.
#pragma once

#include "pg/postgres.hpp"

extern "C" {
#include "nodes/pg_list.h"
}

namespace alkconv::fdw {

// Positions in ForeignScan.fdw_private.
enum FdwScanPrivateIndex {
	kScanPrivateAttributes, // integer list: the attribute numbers to fetch, ascending
};

// The SELECT for some columns of a foreign table, in the current memory context: what EXPLAIN shows and the scan begins
// with. `extra`: further columns of the MySQL table, by their MySQL names (list of char *).
char *make_remote_sql(Oid relation, List *attributes, List *extra);

} // namespace alkconv::fdw
