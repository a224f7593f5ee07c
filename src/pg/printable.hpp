// Regime: Postgres (may longjmp, never throws)
//
// What the source sends stands in messages: names, values, its own words. A terminal obeys ESC, a reader is led astray by a line feed, and bytes that
// are no UTF-8 are none of a message. Errors of C++ are made printable at the boundary; between begin and end, everything that is reported is,
// whoever reports it.
#pragma once

#include "pg/postgres.hpp"

namespace alkconv::pg {

// From here on messages, details and hints have \xNN for control characters and for what is no UTF-8. `context` outlives the end.
void begin_printable(MemoryContext context);
// To be called by whoever has begun, unless an error is raised.
void end_printable();

} // namespace alkconv::pg
