// Regime: Postgres (may longjmp, never throws)
//
// What rules made of the rows of a run: every value that one of them changed is counted.
#pragma once

#include "load/load.hpp"
#include "verify/check_list.hpp"

namespace alkconv::migrate {

// Of one table, once it is verified: "name: changed 3 of 6 values by ...; old_name left out by skip_column: ...; 2 rows replaced by ..."; null when rules
// and arguments did nothing. `replaced`: rows of the target before the run.
const char *rule_effects(const load::LoadedTable *loaded, uint64 replaced);

// What the last NOTICE of a run says of the proof: how many rules changed a value or left a row out, how many values have a zone by the server's
// option time_zone, which is no rule, and how many columns were read a second time for it.
const char *proved_values(const load::LoadedTable *loaded, size_t tables, const verify::CheckList *checks);

} // namespace alkconv::migrate
