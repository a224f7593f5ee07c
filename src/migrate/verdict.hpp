// Regime: Postgres (may longjmp, never throws)
//
// What follows from the checks: a run whose proof fails is an ERROR, and nothing of it remains.
#pragma once

#include "verify/check_list.hpp"

namespace alkconv::migrate {

bool is_foreign_key(const verify::Check *check);
bool is_spelling(const verify::Check *check);
bool is_generated(const verify::Check *check);
bool is_schema(const verify::Check *check);
// A parent stays in the source as a duplicate.
bool is_lost_parent(const verify::Check *check);

// Raises the mismatch, the first of `count`, with SQLSTATE 23503 for foreign keys and XX001 for everything else.
[[noreturn]] void raise_mismatch(const verify::Check *check, int count, const char *hint);
// Does so for the first of the list, if there is one.
void require_no_mismatch(const verify::CheckList *checks, const char *hint);

} // namespace alkconv::migrate
