// Regime: Postgres (may longjmp, never throws)
//
// How long an index entry or a row becomes when the server has compressed it or moved its values out of line.
#pragma once

#include "pg/postgres.hpp"

extern "C" {
#include "access/htup.h"
#include "access/tupdesc.h"
}

namespace alkconv::pg {

// Of a btree (BTMaxItemSize, nbtree.h).
constexpr Size kMaxBtreeEntry = 2704;

// Bytes of the entry of these values, which it compresses as index_form_tuple does (indextuple.c, 17). Allocates in the current memory context.
Size entry_bytes(TupleDesc descriptor, const Datum *values, const bool *nulls);

// The same of the columns of a row behind the first `skipped` ones.
Size entry_bytes(HeapTuple row, TupleDesc descriptor, int skipped);

// At least so many bytes a row of these values has in its table when all that can be is out of line (heap_toast_insert_or_update, heaptoast.c, 17).
// Allocates nothing.
Size least_row_bytes(TupleDesc descriptor, const Datum *values, const bool *nulls);

// So many bytes and, after them, a value that is not NULL. Allocates nothing.
Size add_least_bytes(Size bytes, Form_pg_attribute attribute, Datum datum);

} // namespace alkconv::pg
