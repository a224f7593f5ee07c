// Regime: Postgres (may longjmp, never throws)
//
// Rows of a child without a parent. Each table is read as its own owner in a restricted operation, and no policy hides
// a row: by one anti-join where one role owns both tables, otherwise the child's keys are read as its owner and looked
// up as the parent's, as the server's own checks do. The rule is that of RI_Initial_Check (ri_triggers.c, 17), MATCH
// FULL and differing collations included.
#pragma once

#include "verify/foreign_keys.hpp"

extern "C" {
#include "storage/itemptr.h"
}

namespace alkconv::verify {

struct Orphans {
	uint64 rows;
	const char *
		samples; // up to 3 of them; what there is to say instead where the caller may not read the child; nullptr without any
};

// Counts them as of now, as the server's own check does: a parent that is gone by now is none. Precondition: SPI is
// connected, search_path pinned.
Orphans find_orphans(const ForeignKey *key);

struct RowPlace {
	Oid table; // the partition, where there are some
	ItemPointerData tid;
};

// Where they are. Precondition: SPI is connected, search_path pinned.
RowPlace *orphan_places(const ForeignKey *key, uint64 *count);

} // namespace alkconv::verify
